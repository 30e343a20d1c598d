"""What becomes of open incidents when an organisation leaves, and what a person decides about them."""

from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import fields
from dijkwacht.rooms.reporting import letters, reads, scheduling, terms
from dijkwacht.rooms.reporting.errors import AlreadyDone, NotAllowed
from dijkwacht.rooms.reporting.judging.models import Handover
from dijkwacht.rooms.reporting.leaving import reads as departures
from dijkwacht.rooms.reporting.leaving.models import Departure
from dijkwacht.rooms.reporting.leaving.rules import Side
from dijkwacht.rooms.reporting.models import Draft, Incident
from dijkwacht.rooms.reporting.rules import State


@transaction.atomic
def organisation_left(*, actor: Actor, organisation: UUID) -> int:
    """Put the open incidents of an organisation that left on the desk, decide their terms, tell whoever is on duty.

    Gives how many. Raises NotAllowed unless a job of ours asks.
    """
    if actor.kind is not Kind.SYSTEM:
        raise NotAllowed
    left = departures.held(organisation) or timezone.now()
    own = list(Incident.objects.select_for_update().filter(organisation_id=organisation).exclude(state=State.CLOSED))
    tell = partial(tell_desk, actor=actor, organisation=organisation, left=left)
    made = [tell(incident=row, side=Side.REPORTER) for row in own]
    given = Handover.objects.filter(reader_id=organisation, acknowledged_at=None).exclude(incident__state=State.CLOSED)
    made += [tell(incident=one.incident, side=Side.READER) for one in given.select_related("incident")]
    for row in own:
        row.left_at = left
        row.save(update_fields=["left_at"])
        scheduling.schedule(row, terms.filed_of(reads.reports_of(row)), left)
    record(
        actor=actor,
        action="reporting:organisation:left",
        target=("organisation", organisation),
        organisation=organisation,
        detail={
            "incidents": len(own),
            "handovers": len(made) - len(own),
            "moments": sum(scheduling.open_moments(row).count() for row in own),
            "drafts": Draft.objects.filter(organisation_id=organisation).count(),
        },
    )
    return len(made)


@transaction.atomic
def tell_desk(*, actor: Actor, incident: Incident, organisation: UUID, side: Side, left: datetime) -> Departure:
    """Put it on the desk that an organisation left, and mail that something waits there. In the scope of the centre."""
    row, new = Departure.objects.get_or_create(incident=incident, organisation_id=organisation, side=side, left_at=left)
    if new:
        _record(actor, row, "tell")
        letters.tell_duty(incident, "left")
    return row


@transaction.atomic
def settle_departure(*, actor: Actor, departure: UUID, note: str) -> Departure:
    """Say how it goes on: who is reached from now on, or why nobody is. Raises NotFound, AlreadyDone, InvalidField."""
    found = departures.access_departure(actor, departure)
    row = Departure.objects.select_for_update().get(id=found.id)
    if row.settled_at is not None:
        raise AlreadyDone
    row.note = fields.reason(note)
    row.settled_at, row.settled_by = timezone.now(), actor.id[:100]
    row.save(update_fields=["note_sealed", "settled_at", "settled_by"])
    _record(actor, row, "settle")
    return row


@transaction.atomic
def settle_with(*, actor: Actor, incident: Incident, at: datetime) -> None:
    """Let what waits about an incident be over, because it was closed. Needs the scope of the centre."""
    for row in Departure.objects.select_for_update().filter(incident=incident, settled_at=None):
        row.settled_at, row.settled_by = at, actor.id[:100]
        row.save(update_fields=["settled_at", "settled_by"])
        _record(actor, row, "settle")


def _record(actor: Actor, row: Departure, verb: str) -> None:
    record(
        actor=actor,
        action=f"reporting:departure:{verb}",
        target=("incident", row.incident_id),
        organisation=row.organisation_id,
        detail={"side": row.side, "left": row.left_at.isoformat()},
    )
