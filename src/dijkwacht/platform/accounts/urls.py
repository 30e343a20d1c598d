"""The addresses under /account/: allauth's, without those that make or change an account from outside."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from dijkwacht.platform.accounts import web, web_mandates, web_people
from dijkwacht.platform.accounts.permissions import public_page


@public_page("tells that there is no such page")
def closed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """Addresses of allauth that this installation does not have: sign-up, changing the address, linking accounts."""
    raise Http404


urlpatterns = [
    path("tokens", web.tokens_page, name="account_tokens"),
    path("tokens/<uuid:token>/revoke", web.revoke_token, name="account_token_revoke"),
    path("people", web_people.people_page, name="account_people"),
    path("people/<uuid:user>/role", web_people.change_role, name="account_role_change"),
    path("people/<uuid:user>/revoke", web_people.revoke_role, name="account_role_revoke"),
    path("organisations", web_mandates.organisations_page, name="account_organisations"),
    path("organisations/<uuid:organisation>/leave", web_mandates.leave, name="account_leave"),
    path("organisations/<uuid:organisation>/accept", web_mandates.accept, name="account_accept"),
    path("organisations/<uuid:organisation>/refuse", web_mandates.refuse, name="account_refuse"),
    path("mandates", web_mandates.mandates_page, name="account_mandates"),
    *(
        path(
            f"mandates/<uuid:acting_mandate>/{step}",
            web_mandates.step_mandate,
            {"step": step},
            name=f"account_mandate_{step}",
        )
        for step in ("grant", "refuse", "withdraw")
    ),
    path("mandates/<uuid:acting_mandate>/acts", web_mandates.acts_page, name="account_mandate_acts"),
    path("2fa/totp/activate/", web.activate_totp, name="mfa_activate_totp"),
    path("signup/", closed),
    path("email/", closed),
    path("confirm-email/", closed),
    path("3rdparty/", closed),
    path("3rdparty/signup/", closed),
    path("", include("allauth.urls")),
]
