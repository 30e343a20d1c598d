"""Pages for administrators: the API tokens and the people of an organisation, or of the centre."""

from typing import Any
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

from dijkwacht.kernel.actor import CentreRole, OrganisationRole
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts import actions, errors, reads, second_factor, tokens
from dijkwacht.platform.accounts.forms import CENTRE, InvitationForm, TokenForm
from dijkwacht.platform.accounts.models import User
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.accounts.rules import Role


def _told(problem: Problem) -> str:
    return problem.text("nl" if (get_language() or "nl").startswith("nl") else "en")


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
            form.add_error(None, _told(problem))
        else:
            form = TokenForm(actor=actor)
    context = {"form": form, "shown": shown, "tokens": tokens.managed_by(actor)[:500]}
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


@page("accounts:write")
@require_http_methods(["GET", "HEAD", "POST"])
def people_page(request: HttpRequest) -> HttpResponse:
    """Who holds which role, and a form to invite somebody."""
    actor = actor_of(request)
    form = InvitationForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            actions.invite(
                actor=actor,
                email=values["email"],
                role=form.chosen(),
                name=values["name"],
                language=values["language"],
            )
        except Problem as problem:
            form.add_error(None, _told(problem))
        else:
            messages.success(request, _("The invitation is on its way."))
            return HttpResponseRedirect(reverse("account_people"))
    context = {"form": form, "people": reads.people_for(actor)}
    return render(request, "accounts/people.html", context, status=422 if form.errors else 200)


@page("accounts:write")
@require_POST
def revoke_role(request: HttpRequest, user: UUID) -> HttpResponse:
    """Take a role away; a role that is not the actor's to take does not exist."""
    try:
        actions.revoke(actor=actor_of(request), user=user, role=_posted_role(request))
    except (ValueError, errors.NotAllowed, errors.AccountNotFound) as problem:
        raise Http404 from problem
    except Problem as problem:
        messages.error(request, _told(problem))
    else:
        messages.success(request, _("The role was taken away."))
    return HttpResponseRedirect(reverse("account_people"))


def _posted_role(request: HttpRequest) -> Role:
    """The role and place in the form. Raises ValueError when they are none."""
    place, name = request.POST.get("place", ""), request.POST.get("role", "")
    if place == CENTRE:
        return Role(CentreRole(name))
    return Role(OrganisationRole(name), UUID(place))


class ActivateTotp(ActivateTOTPView):  # type: ignore[misc]
    """allauth's page, after which this session counts as opened with the factor that was just shown to work."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Activate, then note the factor while the session can still be written."""
        response: HttpResponse = super().form_valid(form)
        second_factor.note(self.request, self.request.user, Authenticator.Type.TOTP)
        return response


activate_totp = page("account:use")(ActivateTotp.as_view())
