"""The desk: one queue by urgency, and the page of an incident with all that an officer does there."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, allows, where
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.errors import NotAllowed as NotAllowedThere
from dijkwacht.rooms.registry.errors import NotFound as NotFoundThere
from dijkwacht.rooms.reporting import actions, cleaning, comparing, desk, disclosing, drafts, reads, rules, showing
from dijkwacht.rooms.reporting.crossing import outward
from dijkwacht.rooms.reporting.customers import reads as customers
from dijkwacht.rooms.reporting.errors import NotAllowed, NotFound
from dijkwacht.rooms.reporting.forms import MATTERS, STATES, told
from dijkwacht.rooms.reporting.leaving import reads as leaving
from dijkwacht.rooms.reporting.leaving.models import Departure
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.oncall import reads as oncall
from dijkwacht.rooms.reporting.phoning import web as phoning
from dijkwacht.rooms.reporting.rules import Channel, Stage
from dijkwacht.rooms.reporting.web import door, opened, seen, speak

PAGE = 50


@door("incidents:read")
@require_safe
def queue(request: HttpRequest) -> HttpResponseBase:
    """What waits, the most pressing first, with its clocks; or what is closed."""
    actor, now = actor_of(request), timezone.now()
    closed = request.GET.get("state") == "closed"
    shown = Paginator(desk.queue(actor, closed=closed), PAGE).get_page(request.GET.get("page"))
    names = reads.names_of(row.organisation_id for row in shown)
    context = {
        "rows": [_line(row, names, now) for row in shown],
        "page": shown,
        "closed": closed,
        "may_handle": rules.may_handle(actor),
        "counted": desk.counted(actor),
        "departures": [] if closed else _departed(actor),
        "sees_unreported": actor.is_centre,
        "keeps_criteria": allows(actor, "criteria:write"),
        "alarms": oncall.open_alarms(actor).count() if allows(actor, oncall.KEEP) else 0,
    }
    return render(request, "reporting/officer/queue.html", context)


def _departed(actor: Actor) -> list[tuple[Departure, str]]:
    """The incidents whose reporter, or receiver, left the register: first of all, until a person has decided."""
    rows = list(leaving.waiting(actor)[:PAGE])
    names = reads.names_of(row.organisation_id for row in rows)
    return [(row, names.get(row.organisation_id, "")) for row in rows]


def _line(row: Incident, names: dict[UUID, str], now: datetime) -> dict[str, Any]:
    due = row.next_due_at
    return {
        "row": row,
        "whose": names.get(row.organisation_id, "") if row.organisation_id else "",
        "said": "" if row.organisation_id else str((row.facts or {}).get("entity_name", "")),
        "matter": MATTERS[rules.Matter(row.matter)],
        "state": STATES[rules.State(row.state)],
        "due": showing.moment(due) if due else "",
        "machine": due.isoformat(timespec="seconds") if due else "",
        "left": showing.left(due, now) if due else "",
        "urgency": showing.urgency(due, now) if due else "low",
        "what": showing.stage_title(row.next_stage),
    }


@door("incidents:read")
@require_safe
def incident(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """One incident: timeline, versions compared, messages, verdict, handovers, likenesses, findings."""
    actor = actor_of(request)
    row = reads.access_incident(actor, incident)
    handovers = reads.handovers_of(actor, row)
    likenesses = reads.likenesses_of(actor, row)
    departed = leaving.of_incident(actor, row)
    named = [row.organisation_id, *(one.reader_id for one in handovers), *(one.organisation_id for one in departed)]
    names = reads.names_of(named)
    whose = names.get(row.organisation_id, "") if row.organisation_id else ""
    context = {
        **seen(request, row, asked=False),
        "whose": whose,
        "event": customers.event_of(actor, row),
        "opened": opened(row),
        "may_handle": rules.may_handle(actor),
        "timeline": desk.timeline(actor, row),
        "changes": comparing.versions(reads.reports_of(row)),
        "handovers": [
            (one, names.get(one.reader_id, ""), one.reader_id in where(actor, reads.READ)) for one in handovers
        ],
        "likenesses": [(one, one.second if one.first_id == row.id else one.first) for one in likenesses],
        "readers": desk.readers(actor, row),
        "tests": [(name, desk.TESTS[name]) for name in disclosing.TESTS],
        "findings": desk.findings(actor, whose),
        "departures": [(one, names.get(one.organisation_id, "")) for one in departed],
        "unreachable": leaving.unreachable(row),
        "outward": outward.of(actor, row),
        "phone_notes": phoning.notes(actor, row),
        "sees_earlier": actor.is_centre,  # an authority may not know of the incidents that were added up
    }
    return render(request, "reporting/officer/incident.html", context)


@door("incidents:handle")
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: HttpRequest) -> HttpResponseBase:
    """Begin a report that somebody makes by telephone: for an organisation of the register, or for nobody known."""
    actor, name = actor_of(request), request.POST.get("organisation", "").strip()
    said = " ".join(cleaning.UNSEEN.sub("", request.POST.get("entity_name", "")).split())[:200]
    problem = ""
    if request.method == "POST":
        whose = registry.organisation_called(actor, name) if name else None
        if whose is not None or not name:
            stage = Stage.VOLUNTARY if request.POST.get("stage") == "voluntary" else Stage.EARLY_WARNING
            found = drafts.begin(
                actor,
                stage=stage,
                organisation=whose.id if whose else None,
                channel=Channel.PHONE,
                said=said,
                tongue=whose.language if whose else request.POST.get("tongue", ""),
            )
            return HttpResponseRedirect(reverse("reporting:draft", args=[found.id]))
        problem = _("There is no organisation of this name, or more than one. Leave it empty to go on without.")
    found_ = registry.search(actor, name)[:10] if name and problem else []
    context = {
        "problem": problem,
        "name": name,
        "found": found_,
        "said": said,
        "tongue": request.POST.get("tongue", ""),
    }
    return render(request, "reporting/officer/phone.html", context, status=422 if problem else 200)


@door("incidents:handle")
@require_POST
def stage(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """Begin the next stage, or a new version of one, for whoever tells it by telephone."""
    actor = actor_of(request)
    row = reads.access_incident(actor, incident)
    wanted = request.POST.get("stage", "")
    if wanted not in {value for value, _title, _next in opened(row)}:
        messages.error(request, _("This stage cannot be filed now."))
        return HttpResponseRedirect(reverse("reporting:desk-incident", args=[row.id]))
    made = drafts.begin(
        actor,
        stage=Stage(wanted),
        organisation=row.organisation_id,
        incident=row,
        channel=Channel.PHONE,
        tongue=row.language,
    )
    return HttpResponseRedirect(reverse("reporting:draft", args=[made.id]))


def done(request: HttpRequest, incident: UUID, do: Callable[[], object]) -> HttpResponseBase:
    """Do one thing and go back to the page, saying how it went."""
    try:
        do()
    except (NotFound, NotFoundThere) as problem:
        raise Http404 from problem
    except (NotAllowed, NotAllowedThere) as problem:
        raise PermissionDenied from problem
    except Problem as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, _("It is done."))
    return HttpResponseRedirect(reverse("reporting:desk-incident", args=[incident]))


@door("incidents:handle")
@require_POST
def message(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """Write to the reporter."""
    row = reads.access_incident(actor_of(request), incident)
    speak(request, row)
    return HttpResponseRedirect(reverse("reporting:desk-incident", args=[row.id]))


@door("incidents:handle")
@require_POST
def judge(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """Keep a person's judgement: significant, or not, because."""
    actor, given = actor_of(request), request.POST
    significant, why = given.get("significant") == "yes", given.get("reason", "")
    return done(
        request,
        incident,
        lambda: actions.judge_incident(actor=actor, incident=incident, significant=significant, reason=why),
    )


@door("incidents:handle")
@require_POST
def hand_over(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """Give it to an authority or CSIRT, with the four tests of the law."""
    actor, given = actor_of(request), request.POST
    tests = {name: given.get(name, "")[:500] for name in disclosing.TESTS}
    try:
        reader = UUID(given.get("reader", ""))
    except ValueError:
        raise Http404 from None
    return done(
        request, incident, lambda: actions.hand_over(actor=actor, incident=incident, reader=reader, tests=tests)
    )


@door("incidents:handle")
@require_POST
def close(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """Close it at the centre."""
    actor, why = actor_of(request), request.POST.get("reason", "")
    return done(request, incident, lambda: actions.close_incident(actor=actor, incident=incident, reason=why))


@door("handovers:acknowledge")
@require_POST
def acknowledge(request: HttpRequest, handover: UUID) -> HttpResponseBase:
    """Say that a handover was received."""
    actor = actor_of(request)
    row = reads.access_handover(actor, handover)
    return done(request, row.incident_id, lambda: actions.acknowledge_handover(actor=actor, handover=handover))


@door("incidents:handle")
@require_POST
def likeness(request: HttpRequest, likeness: UUID) -> HttpResponseBase:
    """Link two incidents, or say that they are not one."""
    actor, given = actor_of(request), request.POST
    row = reads.access_likeness(actor, likeness)
    linked, why = given.get("linked") == "yes", given.get("reason", "")
    return done(
        request,
        row.first_id,
        lambda: actions.judge_likeness(actor=actor, likeness=likeness, linked=linked, reason=why),
    )
