"""Pages for administrators about API tokens, and the page on which somebody sets up a second factor."""

from typing import Any, Literal
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts import errors, organisations, second_factor, tokens
from dijkwacht.platform.accounts.forms import TokenForm
from dijkwacht.platform.accounts.models import User
from dijkwacht.platform.accounts.permissions import actor_of, page


def language() -> Literal["nl", "en"]:
    """The language of the page."""
    return "nl" if (get_language() or "nl").startswith("nl") else "en"


def told(problem: Problem) -> str:
    """A refusal, in the language of the page."""
    return problem.text(language())


@page("tokens:write")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens_page(request: HttpRequest) -> HttpResponse:
    """The tokens that the actor manages, and a form for a new one, whose text is shown this once."""
    actor = actor_of(request)
    form = TokenForm(request.POST or None, actor=actor)
    shown = ""
    if request.method == "POST" and form.is_valid() and isinstance(request.user, User):
        try:
            _token, shown = tokens.create(actor=actor, created_by=request.user.id, **form.wanted())
        except Problem as problem:
            form.add_error(None, told(problem))
        else:
            form = TokenForm(actor=actor)
    rows = tokens.managed_by(actor)[:500]
    names = organisations.names({row.organisation_id for row in rows if row.organisation_id})
    listed = [(row, names.get(row.organisation_id or row.id, "")) for row in rows]
    context = {"form": form, "shown": shown, "tokens": listed}
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


@page("tokens:write")
@require_POST
def revoke_token(request: HttpRequest, token: UUID) -> HttpResponse:
    """End a token; one of somebody else does not exist."""
    try:
        tokens.revoke(actor=actor_of(request), token=token)
    except errors.TokenNotFound as problem:
        raise Http404 from problem
    messages.success(request, _("The token no longer works."))
    return HttpResponseRedirect(reverse("account_tokens"))


class ActivateTotp(ActivateTOTPView):  # type: ignore[misc]
    """allauth's page, after which this session counts as opened with the factor that was just shown to work."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Activate, then note the factor while the session can still be written."""
        response: HttpResponse = super().form_valid(form)
        second_factor.note(self.request, self.request.user, Authenticator.Type.TOTP)
        return response


activate_totp = page("account:use")(ActivateTotp.as_view())
