"""The pages of whoever reports: start, questions, check, the incident. All work without JavaScript."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, allows, page, public_page, where
from dijkwacht.rooms.registry.errors import NotFound as NotFoundThere
from dijkwacht.rooms.reporting import actions, drafts, offline, reads, rules, showing, terms
from dijkwacht.rooms.reporting.confidential import reads as confidential
from dijkwacht.rooms.reporting.customers import reads as customers
from dijkwacht.rooms.reporting.delivering import reached
from dijkwacht.rooms.reporting.delivering import reads as delivering
from dijkwacht.rooms.reporting.delivering.undelivered import undelivered
from dijkwacht.rooms.reporting.delivering.watching import watchers
from dijkwacht.rooms.reporting.errors import InvalidValue, NotAllowed, NotFound
from dijkwacht.rooms.reporting.forms import CHANNELS, MATTERS, STATES, told
from dijkwacht.rooms.reporting.judging.models import Judgement
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.questions import STAGE_TITLES
from dijkwacht.rooms.reporting.rules import Channel, Stage
from dijkwacht.rooms.reporting.scheduling import CLERK

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
SHOWN = 50  # incidents on the first page


def door(permission: str) -> Callable[[View[P]], View[P]]:
    """Open a page to those whom `permission` allows; what they may not see is not there."""

    def close(view: View[P]) -> View[P]:
        @page(permission)
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                return view(request, *args, **kwargs)
            except (NotFound, NotFoundThere) as problem:
                raise Http404 from problem
            except NotAllowed as problem:
                raise PermissionDenied from problem

        return guarded

    return close


@public_page("says how to report an incident, before anybody signs in")
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponseBase:
    """How to report; for whoever may, a button, the drafts and the incidents of the own organisations."""
    actor = actor_of(request)
    may = actor.kind is Kind.PERSON and bool(where(actor, reads.WRITE))
    if request.method == "POST":
        return _begin(request)
    rows = reads.incidents_of(actor)[:SHOWN] if may else []
    context = {
        "may": may,
        "receives": may and bool(delivering.own_designations(actor)),
        "for_customers": may and len(where(actor, reads.WRITE)) > 1 and allows(actor, "customers:report"),
        "organisations": reads.filable(actor) if may else [],
        "drafts": [(row, STAGE_TITLES[Stage(row.stage)]) for row in reads.drafts_of(actor)[:SHOWN]] if may else [],
        "incidents": [(row, STATES[rules.State(row.state)], _asked(row)) for row in rows],
        "phone": settings.DUTY_PHONE,
        "unreported": reads.unreported_of(actor)[:SHOWN] if may else [],
        "sign_in": f"{reverse('account_login')}?next={request.path}",
    }
    return render(request, "reporting/start.html", context)


def _asked(row: Incident) -> tuple[datetime, str] | None:
    """Return by when the reporter must do what next."""
    clock = None if row.state == rules.State.CLOSED else reached.next_asked(row, terms.filed_of(reads.reports_of(row)))
    return (clock.due, showing.stage_title(clock.stage)) if clock else None


@door("reports:write")
@require_POST
def _begin(request: HttpRequest) -> HttpResponseBase:
    actor = actor_of(request)
    organisation = _identifier(request.POST.get("organisation", ""))
    whose = next((one for one in reads.filable(actor) if one.id == organisation), None)
    if whose is None:
        raise NotFound
    stage, channel, given = rules.first_stage(whose.classification), Channel.PORTAL, {}
    if (file := request.FILES.get("file")) is not None:
        stage, channel = offline.STAGE, Channel.FORM
        try:
            given = offline.answers(file.read(offline.LARGEST + 1))
        except InvalidValue as problem:
            messages.error(request, told(problem))
            return HttpResponseRedirect(reverse("reporting:start"))
    draft = drafts.begin(actor, stage=stage, organisation=organisation, channel=channel, answers=given)
    return HttpResponseRedirect(reverse("reporting:draft", args=[draft.id]))


def _identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


@door("reports:read")
@require_safe
def incident(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """One incident of the own organisation: clocks, stages, receipts, messages, files, what each law asks."""
    actor = actor_of(request)
    row = reads.access_own(actor, incident)
    shown = {**seen(request, row), "opened": opened(row), "event": customers.event_of(actor, row)}
    return render(request, "reporting/incident.html", shown)


def opened(row: Incident) -> list[tuple[str, Any, bool]]:
    """Return the stages that can be filed, with whether the law asks one next."""
    filed = terms.stages_filed(terms.filed_of(reads.reports_of(row)))
    wanted = rules.next_stage(filed)
    return [(stage.value, STAGE_TITLES[stage], stage is wanted) for stage in rules.open_stages(filed)]


def _own_fired(actor: Actor, judged: list[Judgement]) -> list[dict[str, Any]]:
    """Return the confidential criteria that the latest judgement by the criteria met, for those who may know them."""
    found = confidential.fired(actor, judged)
    return next((found.get(one.id, []) for one in judged if one.by == CLERK.id), [])


def seen(request: HttpRequest, row: Incident, *, asked: bool = True) -> dict[str, Any]:
    """Return what both sides see of an incident. `asked`: its facts as the reporter was asked for them."""
    actor, reports, now = actor_of(request), reads.reports_of(row), timezone.now()
    filed = terms.filed_of(reports)
    apart = undelivered(row, filed, reports)
    return {
        "row": row,
        "state": STATES[rules.State(row.state)],
        "matter": MATTERS[rules.Matter(row.matter)],
        "facts": showing.rows(row.facts or {}, asked=asked)
        + showing.left_open(showing.still_open([one.content for one in reports], row.facts or {}), asked=asked),
        "clocks": [showing.ticking(clock, now) for clock in reached.clocks(row, filed)],
        "reports": [
            (one, showing.stage_title(one.stage), showing.law_title(one.regime), CHANNELS[Channel(one.channel)])
            for one in reports
        ],
        "laws": showing.laws(row, filed),
        "undelivered": apart,
        "watchers": watchers(row),
        "received": delivering.received(reports),
        "on_desk": not asked,
        "messages_": reads.messages_of(actor, row),
        "attachments": reads.attachments_of(row),
        "indicators": reads.indicators_of(row),
        "judgements": (judged := reads.judgements_of(row)),
        "own_fired": _own_fired(actor, judged),
    }


@door("reports:write")
@require_POST
def stage(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """Begin the next stage, or a new version of one, with what is known filled in."""
    actor = actor_of(request)
    row = reads.access_own(actor, incident)
    wanted = request.POST.get("stage", "")
    if wanted not in {value for value, _title, _next in opened(row)}:
        messages.error(request, _("This stage cannot be filed now."))
        return HttpResponseRedirect(reverse("reporting:incident", args=[row.id]))
    made = drafts.begin(actor, stage=Stage(wanted), organisation=row.organisation_id, incident=row)
    return HttpResponseRedirect(reverse("reporting:draft", args=[made.id]))


@door("reports:write")
@require_POST
def message(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """Write to the centre, with a file if wished."""
    actor = actor_of(request)
    row = reads.access_own(actor, incident)
    speak(request, row)
    return HttpResponseRedirect(reverse("reporting:incident", args=[row.id]))


def speak(request: HttpRequest, row: Incident) -> None:
    """Send what a form holds: a text, a file, or both; and say how it went."""
    actor, file, text = actor_of(request), request.FILES.get("file"), request.POST.get("text", "")
    try:
        if file is not None:
            content = file.read(actions.LARGEST + 1)
            actions.attach(actor=actor, incident=row.id, name=file.name or "", content=content)
        if text.strip() or file is None:
            actions.send_message(actor=actor, incident=row.id, text=text)
    except (NotFound, NotAllowed):
        raise
    except Problem as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, _("It is sent."))
