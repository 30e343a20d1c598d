"""The pages for what other states send: taking it in by form or file, and relaying it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.registry.errors import NotFound as NotFoundThere
from dijkwacht.rooms.reporting import desk, disclosing, reads, rules, showing
from dijkwacht.rooms.reporting.crossing import actions, inbound_file, routing
from dijkwacht.rooms.reporting.crossing import reads as crossing
from dijkwacht.rooms.reporting.crossing.models import Inbound
from dijkwacht.rooms.reporting.crossing.rules import RELAY, Way
from dijkwacht.rooms.reporting.errors import NotAllowed, NotFound
from dijkwacht.rooms.reporting.questions import TYPES
from dijkwacht.rooms.reporting.submitted import submitted
from dijkwacht.rooms.reporting.web import door

TEXTS = ("title", "description", "effects", "cross_border_effect", "measures_taken", "incident_type")
LISTS = ("entity_types", "indicators")


@door("incidents:handle")
@require_http_methods(["GET", "HEAD", "POST"])
def inbound_new(request: HttpRequest) -> HttpResponseBase:
    """Enter what the single point of contact of another state told, or give its file."""
    if not rules.may_handle(actor_of(request)):
        raise NotAllowed

    def change() -> str:
        return reverse("reporting:inbound", args=[_received(request).id])

    onward, problem, status = submitted(request, change, _("We have received it. It waits to be relayed."))
    if onward:
        return onward
    context = {"given": request.POST, "problem": problem, "types": [(value, label) for value, label in TYPES if value]}
    return render(request, "reporting/crossing/inbound_new.html", context, status=status)


def _received(request: HttpRequest) -> Inbound:
    actor, given, file = actor_of(request), request.POST, request.FILES.get("file")
    if file is not None:
        body = inbound_file.read(file.read(inbound_file.LARGEST + 1))
        facts, way = inbound_file.facts(body), Way.FILE
        return actions.receive_inbound(
            actor=actor, country=body.country, reference=body.reference, facts=facts, way=way
        )
    texts = {name: given.get(name, "").replace("\r\n", "\n").strip() for name in TEXTS}
    lists = {name: [one.strip() for one in given.get(name, "").split() if one.strip()] for name in LISTS}
    known: dict[str, Any] = {name: value for name, value in {**texts, **lists}.items() if value}
    return actions.receive_inbound(
        actor=actor,
        country=given.get("country", ""),
        reference=given.get("reference", ""),
        facts={"kind": "incident", **known},
        way=Way.FORM,
    )


@door("incidents:handle")
@require_http_methods(["GET", "HEAD", "POST"])
def inbound(request: HttpRequest, inbound: UUID) -> HttpResponseBase:
    """One report of another state: what it says, who takes it by law, and to whom it was relayed."""
    actor, given = actor_of(request), request.POST
    row = crossing.access_inbound(actor, inbound)
    onward, problem, status = submitted(request, lambda: _relay(request, row), _("It is done."))
    if onward:
        return onward
    handovers = reads.handovers_of(actor, row.incident)
    names, due = reads.names_of(one.reader_id for one in handovers), row.incident.received_at + RELAY
    context = {
        "row": row,
        "facts": showing.rows(row.incident.facts or {}, asked=False),
        "bodies": routing.bodies(row),
        "named": routing.named(row),
        "others": desk.readers(actor, row.incident),
        "chosen": given.getlist("reader"),
        "first": request.method != "POST",
        "handovers": [(one, names.get(one.reader_id, "")) for one in handovers],
        "tests": [(name, desk.TESTS[name], given.get(name, "")) for name in disclosing.TESTS],
        "otherwise": given.get("otherwise", ""),
        "left": showing.left(due, timezone.now()),
        "urgency": showing.urgency(due, timezone.now()),
        "problem": problem,
    }
    return render(request, "reporting/crossing/inbound.html", context, status=status)


def _relay(request: HttpRequest, row: Inbound) -> str:
    given = request.POST
    try:
        readers = [UUID(one) for one in given.getlist("reader") if one]
    except ValueError:
        raise NotFound from None
    tests = {name: given.get(name, "")[:500] for name in disclosing.TESTS}
    otherwise = given.get("otherwise", "")
    try:
        actions.relay_inbound(
            actor=actor_of(request), inbound=row.id, readers=readers, tests=tests, otherwise=otherwise
        )
    except NotFoundThere as refused:
        raise NotFound from refused
    return reverse("reporting:inbound", args=[row.id])
