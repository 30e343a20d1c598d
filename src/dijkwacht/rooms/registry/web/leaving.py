"""Leaving the register: the page of an organisation, and the queue of the centre."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.refusals import attempt
from dijkwacht.rooms.registry import actions, reads, rules
from dijkwacht.rooms.registry.forms_upkeep import LeaveForm
from dijkwacht.rooms.registry.leaving import reads as leaving
from dijkwacht.rooms.registry.leaving.rules import OPEN
from dijkwacht.rooms.registry.vocabulary import LeaveState
from dijkwacht.rooms.registry.web.shared import back_to, refusals_as_pages, submitted

SHOWN: Final = 100


@page("organisations:write")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """A form to ask that an organisation leaves the register, or how far that is."""
    actor = actor_of(request)
    row = reads.access_organisation(actor, organisation)
    rules.require(rules.may_keep(actor, row.id))
    form = LeaveForm(request.POST or None, initial={"effective_on": reads.today().isoformat()})

    def ask(_values: dict[str, Any]) -> None:
        actions.ask_deregistration(actor=actor, organisation=row.id, **form.cleaned_data)

    if submitted(form, ask):
        messages.success(request, _("It is written down. You get a mail about it."))
        return HttpResponseRedirect(reverse("registry:leave", args=[row.id]))
    rows = leaving.deregistrations_for(actor, organisation=row.id).order_by("-asked_at")
    context = {
        "form": form,
        "organisation": row,
        "open": rows.filter(state__in=OPEN).first(),
        "earlier": rows.exclude(state__in=OPEN)[:SHOWN],
        "manages": rules.may_manage(actor),
    }
    return render(request, "registry/leave.html", context, status=422 if form.errors else 200)


@page("registry:write")
@refusals_as_pages
@require_safe
def deregistrations(request: HttpRequest) -> HttpResponseBase:
    """What waits for an officer, what will take effect when, and what was done last."""
    rows = leaving.deregistrations_for(actor_of(request))
    context = {
        "asked": rows.filter(state=LeaveState.ASKED)[:SHOWN],
        "confirmed": rows.filter(state=LeaveState.CONFIRMED)[:SHOWN],
        "over": rows.exclude(state__in=OPEN).order_by("-decided_at")[:SHOWN],
        "today": reads.today(),
    }
    return render(request, "registry/deregistrations.html", context)


@page("organisations:write")
@refusals_as_pages
@require_POST
def withdraw(request: HttpRequest, deregistration: UUID) -> HttpResponseBase:
    """Take a deregistration back."""
    owner = leaving.access_deregistration(actor_of(request), deregistration).organisation_id
    _step(request, actions.withdraw_deregistration, deregistration, _("It is taken back."))
    return HttpResponseRedirect(reverse("registry:leave", args=[owner]))


@page("registry:write")
@refusals_as_pages
@require_POST
def confirm(request: HttpRequest, deregistration: UUID) -> HttpResponseBase:
    """Confirm a deregistration as an officer."""
    _step(request, actions.confirm_deregistration, deregistration, _("It is confirmed, and takes effect on its day."))
    return HttpResponseRedirect(reverse("registry:deregistrations"))


@page("registry:write")
@refusals_as_pages
@require_POST
def refuse(request: HttpRequest, deregistration: UUID) -> HttpResponseBase:
    """Refuse a deregistration as an officer."""
    _step(request, actions.refuse_deregistration, deregistration, _("It is refused; the organisation is told why."))
    return HttpResponseRedirect(reverse("registry:deregistrations"))


def _step(request: HttpRequest, take: Callable[..., Any], deregistration: UUID, done: str) -> None:
    reason = request.POST.get("reason", "")
    attempt(request, lambda: take(actor=actor_of(request), deregistration=deregistration, reason=reason), done)


@page("registry:write")
@refusals_as_pages
@require_POST
def reregister(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """Let an organisation that left stand in the register again."""
    attempt(
        request,
        lambda: actions.reregister(actor=actor_of(request), organisation=organisation),
        _("It stands in the register again. Its assets must be claimed and proven anew, and its people invited."),
    )
    return back_to(organisation)
