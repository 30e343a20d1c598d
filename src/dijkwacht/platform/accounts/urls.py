"""The addresses under /account/: allauth's, without those that make or change an account from outside."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from dijkwacht.platform.accounts import web
from dijkwacht.platform.accounts.permissions import public_page


@public_page("tells that there is no such page")
def closed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Addresses of allauth that this installation does not have: sign-up, changing the address, linking accounts."""
    raise Http404


urlpatterns = [
    path("tokens", web.tokens_page, name="account_tokens"),
    path("tokens/<uuid:token>/revoke", web.revoke_token, name="account_token_revoke"),
    path("people", web.people_page, name="account_people"),
    path("people/<uuid:user>/revoke", web.revoke_role, name="account_role_revoke"),
    path("2fa/totp/activate/", web.activate_totp, name="mfa_activate_totp"),
    path("signup/", closed),
    path("email/", closed),
    path("confirm-email/", closed),
    path("3rdparty/", closed),
    path("3rdparty/signup/", closed),
    path("", include("allauth.urls")),
]
