"""The pages of what-if: a changed policy, text or register is tried on a past day before a second person lets it in."""

import datetime as dt
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.rooms.notification import listing, whatif
from dijkwacht.rooms.notification.models import Proposal


@require_http_methods(["GET", "HEAD", "POST"])
@page("policy:approve")
def proposals(request: HttpRequest) -> HttpResponseBase:
    """The proposals, and the form to make one. With `?subject=&name=` the form begins with what is in force."""
    actor = actor_of(request)
    typed = {name: request.POST.get(name, request.GET.get(name, "")) for name in ("subject", "name")}
    typed |= {name: request.POST.get(name, "") for name in ("content", "reason")}
    try:
        if request.method == "POST":
            return redirect("notification:proposal", proposal=whatif.propose(actor=actor, **typed).id)
        if typed["subject"] and typed["name"]:
            typed["content"] = whatif.current(actor, typed["subject"], typed["name"])
    except Problem as problem:
        listing.refused(request, problem)
    context = {
        "proposals": listing.rows_of(request, whatif.proposals_for(actor)),
        "subjects": list(whatif.SUBJECTS),
        "typed": typed,
    }
    return render(request, "notification/officer/proposals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("policy:approve")
def proposal(request: HttpRequest, proposal: UUID) -> HttpResponseBase:
    """One proposal: what would differ, and the decision of a second person."""
    actor = actor_of(request)
    if request.method == "POST":
        act = request.POST.get("act", "")
        try:
            if act == "try":
                whatif.ask_trial(actor=actor, proposal=proposal, day=_day(request.POST.get("day", "")))
            elif act in {"yes", "no"}:
                whatif.decide(actor=actor, proposal=proposal, yes=act == "yes", reason=request.POST.get("reason", ""))
                messages.success(request, _("In force from now on.") if act == "yes" else _("Rejected."))
        except Problem as problem:
            listing.refused(request, problem)
        return redirect("notification:proposal", proposal=proposal)
    found = whatif.access_proposal(actor, proposal)
    difference = found.difference or {}
    context = {
        "proposal": found,
        "approvals": found.approvals.order_by("at"),
        "numbers": [(name, value) for name, value in difference.items() if isinstance(value, int)],
        "may_accept": found.created_by != actor.id and found.state == Proposal.State.TRIED and not found.asked_at,
        "waits": found.state in {Proposal.State.DRAFT, Proposal.State.TRIED},
    }
    return render(request, "notification/officer/proposal.html", context)


def _day(value: str) -> dt.date | None:
    """The day of the form; none, or one that is no day, is the last 24 hours."""
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None
