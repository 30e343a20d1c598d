"""The officer's pages: what waits and why, and how much goes without a hand."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.rooms.enrolment import actions, establishing, reads, summary
from dijkwacht.rooms.enrolment.errors import NotAllowed, NotFound
from dijkwacht.rooms.enrolment.forms import REASONS, STATES, told
from dijkwacht.rooms.enrolment.models import Registration, Version
from dijkwacht.rooms.enrolment.questions import QUESTIONS
from dijkwacht.rooms.enrolment.rules import OPEN, State
from dijkwacht.rooms.enrolment.web_confirmed import listed
from dijkwacht.rooms.registry.errors import NotAllowed as NotAllowedThere

PAGE = 50
MOST_SHOWN = 100  # assets on the page of an officer


@page("registrations:decide")
@require_safe
def registrations(request: HttpRequest) -> HttpResponseBase:
    """What waits, oldest first, what was decided, and the share that went without a hand."""
    actor = actor_of(request)
    rows = reads.registrations_for(actor)
    decided = request.GET.get("state") == "decided"
    opened = [state.value for state in OPEN]
    rows = (
        rows.exclude(state__in=opened).order_by("-submitted_at")
        if decided
        else rows.filter(state__in=opened).order_by("submitted_at", "id")
    )
    rows = rows.annotate(answers_given=Count("questions", filter=Q(questions__answer__gt="")))
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": [(row, _reasons(row), STATES[State(row.state)]) for row in shown],
        "page": shown,
        "decided": decided,
        "figures": reads.figures(actor),
    }
    return render(request, "enrolment/officer/registrations.html", context)


def _reasons(row: Registration) -> list[Any]:
    return [REASONS.get(reason, reason) for reason in row.reasons]


@page("registrations:decide")
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest, registration: UUID) -> HttpResponseBase:
    """One registration: what was filled in, why it waits, who has the number already, and what to do."""
    actor = actor_of(request)
    try:
        if request.method == "POST":
            return _decide(request, registration)
        row = reads.access_registration(actor, registration)
    except NotFound as problem:
        raise Http404 from problem
    except (NotAllowed, NotAllowedThere) as problem:
        raise PermissionDenied from problem
    return render(request, "enrolment/officer/registration.html", _known(row))


@page("registrations:decide")
@require_safe
def assets(request: HttpRequest, registration: UUID) -> HttpResponseBase:
    """Everything that a registration claims, as a file."""
    try:
        return listed(reads.access_registration(actor_of(request), registration))
    except NotFound as problem:
        raise Http404 from problem


def _known(row: Registration) -> dict[str, Any]:
    confirmed, claimed = row.confirmed, row.confirmed["assets"]
    return {
        "questions": reads.questions_of(row),
        "versions": [(one, summary.changes(one.confirmed, after)) for one, after in _versions(row)],
        "row": row,
        "state": STATES[State(row.state)],
        "open": row.state in OPEN,
        "reasons": _reasons(row),
        "rows": summary.organisation_rows(confirmed["organisation"]),
        "contacts": [(QUESTIONS[f"{one['role']}_email"].group, one) for one in confirmed["contacts"]],
        "assets": summary.assets(claimed, MOST_SHOWN),
        "claims": len(claimed),
        "known": establishing.known(row.numbers),
    }


def _versions(row: Registration) -> list[tuple[Version, Mapping[str, Any]]]:
    """Return each version that was replaced, with what replaced it, newest first."""
    old = list(reads.versions_of(row))
    states = [one.confirmed for one in old] + [row.confirmed]
    return list(zip(old, states[1:], strict=True))[::-1]


def _decide(request: HttpRequest, registration: UUID) -> HttpResponseBase:
    actor, words = actor_of(request), request.POST.get("reason", "")
    into = request.POST.get("into", "")
    try:
        if request.POST.get("do") == "approve":
            joined = UUID(into) if into else None
            actions.approve(actor=actor, registration=registration, reason=words, into=joined)
        elif request.POST.get("do") == "ask":
            actions.ask(actor=actor, registration=registration, question=words)
        else:
            actions.refuse(actor=actor, registration=registration, reason=words)
    except (NotFound, NotAllowed, NotAllowedThere):
        raise
    except ValueError as problem:
        raise Http404 from problem
    except Problem as problem:
        messages.error(request, told(problem))
        return HttpResponseRedirect(reverse("enrolment:decide", args=[registration]))
    messages.success(request, _("It is done."))
    return HttpResponseRedirect(reverse("enrolment:registrations"))
