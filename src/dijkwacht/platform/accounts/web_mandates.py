"""Pages about mandates: given, held, asked for; and the choice of one organisation to work for."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.kernel.actor import Actor, OrganisationRole
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts import actions, actors, acts, errors, letters, mandates, organisations, reads, words
from dijkwacht.platform.accounts.forms_mandates import AskForm, GiveForm
from dijkwacht.platform.accounts.models import ActingMandate
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.accounts.rules import leading
from dijkwacht.platform.accounts.web import told

PAGE: Final = 50


@page("mandates:write")
@require_http_methods(["GET", "HEAD", "POST"])
def mandates_page(request: HttpRequest) -> HttpResponse:
    """The mandates of the actor's organisations, given and held, with forms to give one and to ask for one."""
    actor = actor_of(request)
    asking = request.POST.get("way") == "ask"
    give = GiveForm(request.POST if request.method == "POST" and not asking else None, actor=actor)
    ask = AskForm(request.POST if asking else None, actor=actor)
    if _given(request, actor, give) or _asked(request, actor, ask):
        return HttpResponseRedirect(reverse("account_mandates"))
    own = [one for one in sorted(actor.memberships) if actor.administers(one)]
    context = {
        "give": give,
        "ask": ask,
        "codes": sorted(organisations.names(own).items(), key=lambda one: one[1]),
        "given": _shown(request, "given", mandates.given_by(actor), giver=True),
        "held": _shown(request, "held", mandates.held_by(actor), giver=False),
    }
    return render(request, "accounts/mandates.html", context, status=422 if give.errors or ask.errors else 200)


def _given(request: HttpRequest, actor: Actor, form: GiveForm) -> bool:
    if not (form.is_bound and form.is_valid()):
        return False
    try:
        mandates.give(actor=actor, organisation=form.own, holder=form.cleaned_data["holder"], **form.wanted())
    except Problem as problem:
        form.add_error(None, told(problem))
        return False
    messages.success(request, _("The mandate is given; they hear of it by mail."))
    return True


def _asked(request: HttpRequest, actor: Actor, form: AskForm) -> bool:
    if not (form.is_bound and form.is_valid()):
        return False
    values = form.cleaned_data
    try:
        mandates.ask(actor=actor, holder=form.own, code=values["code"], note=values["note"], **form.wanted())
    except Problem as problem:
        form.add_error(None, told(problem))
        return False
    messages.success(request, _("The request is on its way; it counts once it is granted."))
    return True


def _shown(request: HttpRequest, name: str, rows: Any, *, giver: bool) -> dict[str, Any]:
    listed = Paginator(rows, PAGE).get_page(request.GET.get(name))
    return {"rows": [_row(row, giver=giver) for row in listed], "page": listed, "name": name}


def _row(row: ActingMandate, *, giver: bool) -> dict[str, Any]:
    standing = mandates.standing(row)
    return {
        "mandate": row,
        "giver": letters.called(row, giver=giver),
        "holder": letters.holder_of(row),
        "roles": ", ".join(words.role(role) for role in mandates.scope_of(row)),
        "state": words.state(standing),
        "waits": standing == "asked",
        "ends": standing in {"asked", "granted", "later"},
    }


@page("account:use")
@require_POST
def step_mandate(request: HttpRequest, acting_mandate: UUID, step: str) -> HttpResponse:
    """Grant or refuse what was asked, or withdraw; what is neither given nor held by the actor does not exist."""
    steps = {"grant": mandates.grant, "refuse": mandates.refuse, "withdraw": mandates.withdraw}
    actor = actor_of(request)
    try:
        row = steps[step](actor=actor, mandate=acting_mandate)
    except (errors.MandateNotFound, errors.NotAllowed) as problem:
        raise Http404 from problem
    except Problem as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, _("The mandate: %(state)s.") % {"state": words.state(mandates.standing(row))})
    administers = any(actor.administers(one) for one in actor.memberships)
    return HttpResponseRedirect(reverse("account_mandates" if administers else "account_organisations"))


@page("account:use")
@require_http_methods(["GET", "HEAD", "POST"])
def organisations_page(request: HttpRequest) -> HttpResponse:
    """The organisations that somebody acts for: work for one or all of them, leave one, give a mandate back."""
    whole: Actor = request.whole_actor  # type: ignore[attr-defined]
    if request.method == "POST":
        return _choose(request, whole)
    words_in = request.GET.get("name", "").replace("\0", "")[:200]
    names = organisations.names(whole.acts_for)
    wanted = sorted(
        (name, one) for one in whole.acts_for if words_in.casefold() in (name := names.get(one, str(one))).casefold()
    )
    listed = Paginator(wanted, PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [_acting(whole, name, one) for name, one in listed],
        "page": listed,
        "name": words_in,
        "many": len(whole.acts_for) > PAGE,
        "chosen": actor_of(request).chosen,
        "several": len(whole.acts_for) > 1,
        "waiting": request.mandates_wait,  # type: ignore[attr-defined]
        "invitations": _invitations(whole),
        "personal": [_row(row, giver=False) for row in mandates.held_by(whole).filter(holder_kind="person")],
    }
    return render(request, "accounts/organisations.html", context)


def _invitations(actor: Actor) -> list[dict[str, Any]]:
    rows = reads.invitations_of(actor)
    names = organisations.names([row.organisation_id for row in rows])
    return [
        {
            "id": row.organisation_id,
            "name": names.get(row.organisation_id, str(row.organisation_id)),
            "role": words.role(OrganisationRole(row.role)),
            "since": row.since,
        }
        for row in rows
    ]


def _choose(request: HttpRequest, whole: Actor) -> HttpResponse:
    chosen = request.POST.get("organisation", "")
    if chosen and chosen not in map(str, whole.acts_for):
        raise Http404
    request.session[actors.CHOSEN] = chosen
    return HttpResponseRedirect(reverse("home"))


def _acting(actor: Actor, name: str, organisation: UUID) -> dict[str, Any]:
    own = actor.memberships.get(organisation)
    given = {role for one in actor.mandates.get(organisation, ()) for role in one.roles}
    return {
        "id": organisation,
        "name": name,
        "own": words.role(own) if own else "",
        "mandated": ", ".join(words.role(role) for role in leading(given)),
    }


@page("account:use")
@require_POST
def leave(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Give up the own role for an organisation."""
    try:
        actions.leave(actor=request.whole_actor, organisation=organisation)  # type: ignore[attr-defined]
    except errors.AccountNotFound as problem:
        raise Http404 from problem
    except Problem as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, _("You have left the organisation."))
    return HttpResponseRedirect(reverse("account_organisations"))


@page("account:use")
@require_POST
def accept(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Accept an invitation: the role counts from now on."""
    return _answered(request, lambda actor: actions.accept(actor=actor, organisation=organisation), _("Accepted."))


@page("account:use")
@require_POST
def refuse(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Refuse an invitation: it is gone."""
    return _answered(request, lambda actor: actions.refuse(actor=actor, organisation=organisation), _("Refused."))


def _answered(request: HttpRequest, answer: Callable[[Actor], None], said: str) -> HttpResponse:
    try:
        answer(request.whole_actor)  # type: ignore[attr-defined]
    except errors.AccountNotFound as problem:
        raise Http404 from problem
    messages.success(request, said)
    return HttpResponseRedirect(reverse("account_organisations"))


@page("mandates:write")
@require_safe
def acts_page(request: HttpRequest, acting_mandate: UUID) -> HttpResponse:
    """What was done under a mandate, for the organisation that gave it: from the audit log, newest first."""
    actor = actor_of(request)
    row = mandates.given_by(actor).filter(id=acting_mandate).first()
    if row is None:
        raise Http404
    context = {
        "row": _row(row, giver=True),
        "acts": acts.acts_under(actor, row),
        "most": acts.SHOWN,
    }
    return render(request, "accounts/mandate_acts.html", context)
