"""What an officer does with an incident: judge it, hand it over, link it, close it."""

from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import where
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import fields
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.reporting import disclosing, letters, noticing, reads, recurring, rules, scheduling, terms
from dijkwacht.rooms.reporting.errors import AlreadyDone, NotAllowed, NotAReceiver
from dijkwacht.rooms.reporting.judging.models import Handover, Judgement, Likeness
from dijkwacht.rooms.reporting.leaving.actions import settle_with
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.rules import State


def _handled(actor: Actor, incident: UUID) -> Incident:
    """Return an incident that the actor may handle, held. Raises NotAllowed, NotFound."""
    if not rules.may_handle(actor):
        raise NotAllowed
    return Incident.objects.select_for_update().get(id=reads.access_incident(actor, incident).id)


@transaction.atomic
def judge_incident(*, actor: Actor, incident: UUID, significant: bool, reason: str) -> Judgement:
    """Keep a person's judgement with its day, beside what the criteria say; "not reported because" when it is not.

    The entity judges its own incident, an officer any. Raises NotAllowed, NotFound, InvalidField.
    """
    row = reads.access_any(actor, incident)
    if row.organisation_id not in where(actor, reads.WRITE) and not rules.may_handle(actor):
        raise NotAllowed
    made = Judgement(
        incident=row,
        organisation_id=row.organisation_id,
        significant=significant,
        verdict=noticing.as_json(recurring.verdict(row)),
        by=actor.id,
    )
    made.reason = fields.reason(reason)
    made.save(force_insert=True)
    Incident.objects.filter(id=row.id).update(significant=significant)
    _record(actor, row, "judge", significant=significant)
    return made


@transaction.atomic
def hand_over(*, actor: Actor, incident: UUID, reader: UUID, tests: Mapping[str, str]) -> Handover:
    """Give an incident to an authority or CSIRT, when the law lets it: the four tests of Cbw 66(1), each with why.

    Raises NotAllowed, NotFound, NotLawful (a test that does not hold), NotAReceiver, AlreadyDone.
    """
    row = _handled(actor, incident)
    receiver = registry.access_organisation(actor, reader)
    decision, ground = disclosing.decide(row, receiver, tests)
    if receiver.id not in reads.receivers(actor):
        raise NotAReceiver
    made = Handover(
        incident=row,
        reader_id=receiver.id,
        ground=ground,
        decision=decision,
        tests={name: why for name in disclosing.TESTS if (why := tests.get(name, "").strip())},
        by=actor.id,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise AlreadyDone from None
    Incident.objects.filter(id=row.id).update(readers=sorted({*row.readers, receiver.id}))
    _record(actor, row, "hand-over", reader=str(receiver.id), ground=ground, tests=made.tests, decision=decision)
    letters.tell_reader(row, receiver)
    return made


@transaction.atomic
def acknowledge_handover(*, actor: Actor, handover: UUID) -> Handover:
    """Say that it was received; by somebody of the receiver. Raises NotFound, AlreadyDone."""
    found = reads.access_handover(actor, handover)
    row = Handover.objects.select_for_update().get(id=found.id)
    if row.acknowledged_at is not None:
        raise AlreadyDone
    row.acknowledged_at, row.acknowledged_by = timezone.now(), actor.id
    row.save(update_fields=["acknowledged_at", "acknowledged_by"])
    record(
        actor=actor,
        action="reporting:handover:acknowledge",
        target=("handover", row.id),
        organisation=row.reader_id,
        detail={"incident": str(row.incident_id)},
    )
    return row


@transaction.atomic
def judge_likeness(*, actor: Actor, likeness: UUID, linked: bool, reason: str) -> Likeness:
    """Link two incidents that are one, or say that they are not. Nothing is merged. Raises NotFound, InvalidField."""
    found = reads.access_likeness(actor, likeness)
    row = Likeness.objects.select_for_update().get(id=found.id)
    row.linked, row.reason = linked, fields.reason(reason)
    row.by, row.at = actor.id, timezone.now()
    row.save()
    record(
        actor=actor,
        action="reporting:likeness:judge",
        target=("likeness", row.id),
        detail={"first": str(row.first_id), "second": str(row.second_id), "linked": linked},
    )
    return row


@transaction.atomic
def close_incident(*, actor: Actor, incident: UUID, reason: str) -> Incident:
    """Close an incident at the centre: its clocks stop. Raises NotAllowed, NotFound, AlreadyDone, InvalidField."""
    row = _handled(actor, incident)
    if row.state == State.CLOSED:
        raise AlreadyDone
    why = fields.reason(reason)
    row.state, row.closed_at = State.CLOSED, timezone.now()
    row.save(update_fields=["state", "closed_at"])
    scheduling.schedule(row, terms.filed_of(reads.reports_of(row)), row.closed_at)
    settle_with(actor=actor, incident=row, at=row.closed_at)
    _record(actor, row, "close", reason=why)
    return row


def _record(actor: Actor, row: Incident, verb: str, **detail: object) -> None:
    record(
        actor=actor,
        action=f"reporting:incident:{verb}",
        target=("incident", row.id),
        organisation=row.organisation_id,
        detail=detail,
    )
