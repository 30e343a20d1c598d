"""What another state tells: kept as it came, its receipt acknowledged, relayed to whom the law names (Cbw 39(4))."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.clock import legal_date
from dijkwacht.law import incidents
from dijkwacht.law.incidents import IncidentRecord
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.receipts import canonical
from dijkwacht.rooms.registry import cleaners, fields
from dijkwacht.rooms.reporting import cleaning, letters, noticing, rules, scheduling, terms
from dijkwacht.rooms.reporting import reads as reporting
from dijkwacht.rooms.reporting.actions.handling import hand_over
from dijkwacht.rooms.reporting.crossing import mails, reads
from dijkwacht.rooms.reporting.crossing.actions.points import CLEANERS
from dijkwacht.rooms.reporting.crossing.models import ForeignPoint, Inbound
from dijkwacht.rooms.reporting.crossing.rules import PointKind, Way
from dijkwacht.rooms.reporting.errors import AlreadyDone, InvalidValue, NobodyChosen, NotAllowed
from dijkwacht.rooms.reporting.models import DueMoment, Incident
from dijkwacht.rooms.reporting.rules import Matter

LONGEST_TITLE: Final = 300


@transaction.atomic
def receive_inbound(*, actor: Actor, country: str, reference: str, facts: Mapping[str, Any], way: Way) -> Inbound:
    """Keep what the single point of contact of another state told, and tell it that we have it.

    `facts`: keys of the record of `law.incidents`. Raises NotAllowed, InvalidField, RecordNotUsable, InvalidValue, and
    AlreadyDone for a reference of that state that came in before.
    """
    if not rules.may_handle(actor):
        raise NotAllowed
    known, now = _record_of(facts), timezone.now()
    routes = [asdict(one) for one in incidents.route(known.entity_types, legal_date(now))] if known.entity_types else []
    row = Incident(number=rules.new_number(), language="en", received_at=now, cross_border=True)
    row.facts = known.model_dump(mode="json", exclude_none=True, exclude={"own", "earlier"})
    row.title = str(known.title)[:LONGEST_TITLE]
    row.matter = {"near-miss": Matter.NEAR_MISS, "threat": Matter.THREAT}.get(str(known.kind), Matter.INCIDENT)
    row.entity_types = list(known.entity_types or ())
    state = fields.single("country", CLEANERS["country"], country)
    made = Inbound(
        incident=row,
        country=state,
        point=ForeignPoint.objects.filter(country=state, kind=PointKind.SPOC, active=True).order_by("id").first(),
        reference=fields.single("reference", cleaners.text(100), reference),
        way=way,
        sha256=sha256(canonical(row.facts)).hexdigest(),
        routes=routes,
        by=actor.id,
    )
    _save(row, made)
    _record(actor, made, "receive", country=state, way=str(way), sha256=made.sha256)
    _follow(made)
    return made


def _record_of(facts: Mapping[str, Any]) -> IncidentRecord:
    known = IncidentRecord.read(facts)
    if not known.title or not known.description:
        raise InvalidValue(field="title, description", reason_nl="beide zijn verplicht", reason_en="both are required")
    dumped = known.model_dump(mode="json", exclude_none=True)
    for name, value in dumped.items():
        if any(isinstance(one, str) and cleaning.UNSEEN.search(one) for one in _each(value)):
            raise InvalidValue(field=name, reason_nl="er staan stuurtekens in", reason_en="it holds control characters")
    return known


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _save(row: Incident, made: Inbound) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            made.save(force_insert=True)
    except IntegrityError:
        raise AlreadyDone from None


def _follow(made: Inbound) -> None:
    row = made.incident
    with tenancy.acting(scheduling.CLERK):
        noticing.indicators(row)
        noticing.likenesses(row)
    scheduling.schedule(row, {}, row.received_at)
    letters.tell_duty(row, "report")
    mails.tell_sender(made)


@transaction.atomic
def relay_inbound(
    *, actor: Actor, inbound: UUID, readers: Collection[UUID], tests: Mapping[str, str], otherwise: str = ""
) -> Inbound:
    """Relay it: a handover to each CSIRT and authority chosen, as the law lets it; it is on our own desk already.

    `otherwise`: how those were told that the register does not hold; it may take the place of a handover. Raises
    NotAllowed, NotFound, NobodyChosen, NotLawful, AlreadyDone.
    """
    row = Inbound.objects.select_for_update().get(id=reads.access_inbound(actor, inbound).id)
    if row.relayed_at is not None:
        raise AlreadyDone
    row.otherwise = fields.single("otherwise", cleaners.text(500, lines=True), otherwise)
    if not readers and not row.otherwise:
        raise NobodyChosen
    for reader in sorted(set(readers), key=str):
        hand_over(actor=actor, incident=row.incident_id, reader=reader, tests=tests)
    row.readers = sorted(set(readers), key=str)
    row.relayed_at, row.relayed_by = timezone.now(), actor.id
    row.save(update_fields=["readers", "relayed_at", "relayed_by", "otherwise"])
    _stop_clock(row)
    _record(actor, row, "relay", readers=[str(one) for one in row.readers], otherwise=row.otherwise)
    return row


def _stop_clock(row: Inbound) -> None:
    """A person of the centre looked at it: nobody on call is told any more."""
    incident = Incident.objects.get(id=row.incident_id)
    scheduling.schedule(incident, terms.filed_of(reporting.reports_of(incident)), timezone.now())
    with tenancy.acting(scheduling.CLERK):
        waiting = DueMoment.objects.filter(incident=incident, claimed_at=None, withdrawn_at=None)
        waiting.filter(purpose=scheduling.Purpose.ESCALATE).update(withdrawn_at=timezone.now())


def _record(actor: Actor, row: Inbound, verb: str, **detail: Any) -> None:
    record(actor=actor, action=f"reporting:inbound:{verb}", target=("inbound", row.id), detail=detail)
