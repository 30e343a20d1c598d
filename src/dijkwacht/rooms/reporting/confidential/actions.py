"""Every change of confidential criteria: enter one, end one. The log says that, never what."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.reporting.confidential import cleaning, reads
from dijkwacht.rooms.reporting.confidential.models import OwnCriterion, OwnFacts
from dijkwacht.rooms.reporting.errors import AlreadyDone, InvalidValue
from dijkwacht.rooms.reporting.models import Incident


@transaction.atomic
def enter_criterion(
    *, actor: Actor, organisation: UUID, values: Mapping[str, str], authority: UUID | None = None
) -> OwnCriterion:
    """Enter a criterion of one entity; an authority for itself, an officer in the name of the one that decided.

    Raises NotFound, InvalidValue.
    """
    whose, may = reads.enterable(actor, organisation, timezone.localdate())
    only = may[0] if len(may) == 1 else None
    named = next((one for one in may if one.id == authority), None) if authority else only
    if named is None and (authority or len(may) > 1):
        raise InvalidValue(field="authority", reason_nl="kies wie besloot", reason_en="choose who decided")
    row = OwnCriterion(organisation_id=whose.id, authority_id=named.id if named else None, by=actor.id)
    given = cleaning.given(values, reads.code(row))
    row.content = {"criterion": given.criterion, "questions": given.questions}
    row.valid_from, row.valid_to = given.valid_from or timezone.localdate(), given.valid_to
    row.save(force_insert=True)
    _record(actor, row, "enter")
    return row


@transaction.atomic
def end_criterion(*, actor: Actor, criterion: UUID, last: date) -> OwnCriterion:
    """Let a criterion end after a day. Raises NotFound, AlreadyDone, InvalidValue for a day before its first."""
    row = OwnCriterion.objects.select_for_update().get(id=reads.access_criterion(actor, criterion).id)
    if row.valid_to is not None and row.valid_to <= last:
        raise AlreadyDone
    if last < row.valid_from:
        raise InvalidValue(field="valid_to", reason_nl="dit is voor de eerste dag", reason_en="before its first day")
    row.valid_to = last
    row.save(update_fields=["valid_to"])
    _record(actor, row, "end")
    return row


@transaction.atomic
def keep_facts(*, actor: Actor, incident: Incident, facts: Mapping[str, Any]) -> None:
    """Keep what an entity told for its own criteria, in the transaction that files. The log says nothing of them."""
    if incident.organisation_id is None:
        return
    row = OwnFacts.objects.filter(incident=incident).first()
    row = row or OwnFacts(incident=incident, organisation_id=incident.organisation_id)
    row.facts = {**(row.facts or {}), **{name: value for name, value in facts.items() if value is not None}}
    row.save()
    record(
        actor=actor,
        action="reporting:own-facts:keep",
        target=("incident", incident.id),
        organisation=incident.organisation_id,
    )


def _record(actor: Actor, row: OwnCriterion, verb: str) -> None:
    record(
        actor=actor,
        action=f"reporting:criterion:{verb}",
        target=("criterion", row.id),
        organisation=row.organisation_id,
        detail={"valid_from": str(row.valid_from), "valid_to": str(row.valid_to or "")},
    )
