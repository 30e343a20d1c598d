"""Pages for administrators: the people of an organisation, or of the centre, and their roles."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dijkwacht.kernel.actor import CentreRole, OrganisationRole
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts import actions, errors, organisations, permissions, reads, words
from dijkwacht.platform.accounts.forms import CENTRE, InvitationForm
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.accounts.rules import Role
from dijkwacht.platform.accounts.web import language, told


@page("accounts:write")
@require_http_methods(["GET", "HEAD", "POST"])
def people_page(request: HttpRequest) -> HttpResponse:
    """Who holds which role, and a form to invite somebody."""
    actor = actor_of(request)
    form = InvitationForm(request.POST or None, actor=actor, initial={"language": language(), "role": "reader"})
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
            form.add_error(None, told(problem))
        else:
            messages.success(request, _("The invitation is on its way."))
            return HttpResponseRedirect(reverse("account_people"))
    held = reads.people_for(actor)
    names = organisations.names({one.organisation for one in held if one.organisation})
    context = {
        "form": form,
        "people": [(one, names.get(one.organisation, "") if one.organisation else "") for one in held],
        "several": len({one.organisation for one in held}) > 1,
        "roles": [(role.value, words.role(role)) for role in OrganisationRole],
        "meanings": [_role(role) for role in OrganisationRole] if actor.memberships else [],
    }
    return render(request, "accounts/people.html", context, status=422 if form.errors else 200)


SHOWN = (
    "findings:read",
    "findings:write",
    "assets:write",
    "reports:read",
    "reports:write",
    "changes:write",
    "organisations:read",
    "organisations:write",
    "accounts:write",
    "mandates:write",
    "tokens:write",
)  # what tells the roles apart


def _role(role: OrganisationRole) -> dict[str, object]:
    given = set(permissions.gives(role))
    known = [permissions.PERMISSIONS[name] for name in SHOWN if name in given]
    return {"name": words.role(role), "may": [one.nl if language() == "nl" else one.en for one in known]}


@page("accounts:write")
@require_POST
def change_role(request: HttpRequest, user: UUID) -> HttpResponse:
    """Give somebody of an organisation another role; of one that is not the actor's, nobody exists."""
    try:
        role = Role(OrganisationRole(request.POST.get("role", "")), UUID(request.POST.get("place", "")))
        actions.grant(actor=actor_of(request), user=user, role=role)
    except (ValueError, errors.NotAllowed, errors.AccountNotFound) as problem:
        raise Http404 from problem
    except Problem as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, _("The role was changed."))
    return HttpResponseRedirect(reverse("account_people"))


@page("accounts:write")
@require_POST
def revoke_role(request: HttpRequest, user: UUID) -> HttpResponse:
    """Take a role away; a role that is not the actor's to take does not exist."""
    try:
        actions.revoke(actor=actor_of(request), user=user, role=_posted_role(request))
    except (ValueError, errors.NotAllowed, errors.AccountNotFound) as problem:
        raise Http404 from problem
    except Problem as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, _("The role was taken away."))
    return HttpResponseRedirect(reverse("account_people"))


def _posted_role(request: HttpRequest) -> Role:
    """The role and place in the form. Raises ValueError when they are none."""
    place, name = request.POST.get("place", ""), request.POST.get("role", "")
    if place == CENTRE:
        return Role(CentreRole(name))
    return Role(OrganisationRole(name), UUID(place))
