"""Say since when an incident is over, without waiting for the report that closes it (Cbw 29(2))."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows_for
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.reporting import reads, rules, scheduling, terms
from dijkwacht.rooms.reporting.cleaning import AHEAD
from dijkwacht.rooms.reporting.errors import AlreadyDone, InvalidValue, NotAllowed
from dijkwacht.rooms.reporting.models import Incident


@transaction.atomic
def say_handled(*, actor: Actor, incident: UUID, since: datetime) -> Incident:
    """Keep since when an incident is over, and let the terms run that start there.

    Of the actor's own organisation; an officer does it for whoever said so by telephone or has no account.
    The moment is said once, as the others of an incident: what is said later moves no clock. `since`: with an offset.
    Raises NotFound, NotAllowed, AlreadyDone, InvalidValue (in the future, or before the incident began).
    """
    officer = rules.may_handle(actor)
    found = reads.access_incident(actor, incident) if officer else reads.access_own(actor, incident)
    row = Incident.objects.select_for_update().get(id=found.id)
    if not officer and (row.organisation_id is None or not allows_for(actor, reads.WRITE, row.organisation_id)):
        raise NotAllowed
    if row.handled_at is not None:
        raise AlreadyDone
    now = timezone.now()
    _hold(row, since, now)
    row.handled_at = since
    row.facts = {**(row.facts or {}), "handled": since.isoformat(timespec="seconds")}
    row.save(update_fields=["handled_at", "facts_sealed"])
    record(
        actor=actor,
        action="reporting:incident:handled",
        target=("incident", row.id),
        organisation=row.organisation_id,
        detail={"since": since.isoformat(timespec="seconds")},
    )
    scheduling.schedule(row, terms.filed_of(reads.reports_of(row)), now)
    return row


def _hold(row: Incident, since: datetime, now: datetime) -> None:
    if since > now + AHEAD:
        raise InvalidValue(field="handled", reason_nl="dit ligt in de toekomst", reason_en="this is in the future")
    begun = [moment for moment in (row.occurrence_at, row.detection_at) if moment is not None]
    if begun and since < min(begun):
        raise InvalidValue(
            field="handled",
            reason_nl="dit is voor het begin van het incident",
            reason_en="this is before the incident began",
        )
