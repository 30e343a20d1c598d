"""Leaving the register: asked, confirmed or refused, withdrawn, and done on its day by a job."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import leaving as accounts
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import cleaners, events, fields, reach, reads, rules
from dijkwacht.rooms.registry.errors import AlreadyThere, WrongState
from dijkwacht.rooms.registry.history import provenance
from dijkwacht.rooms.registry.leaving import ending, mail
from dijkwacht.rooms.registry.leaving import reads as leaving
from dijkwacht.rooms.registry.leaving.models import Deregistration
from dijkwacht.rooms.registry.leaving.rules import FURTHEST, GROUND, STEPS, Facts, obstacles
from dijkwacht.rooms.registry.models import Contact, Organisation
from dijkwacht.rooms.registry.vocabulary import LeaveReason, LeaveState

ITSELF: Final = "the registration was voluntary and nobody depends on it"
TELLER: Final = system("registry:leaving")


@transaction.atomic
def ask_deregistration(
    *,
    actor: Actor,
    organisation: UUID,
    reason: str,
    effective_on: str | date,
    explanation: str = "",
    successor: str = "",
) -> Deregistration:
    """Ask that an organisation leaves the register on a day, today or later, by the date at the centre.

    Confirmed at once when an officer asks, or when `leaving.rules` finds no obstacle; else an officer decides. Source:
    Cbw 43. Raises NotFound, NotAllowed unless its administrator or an officer asks, InvalidField, WrongState when it
    has left, AlreadyThere when one is open.
    """
    row = reads.access_organisation(actor, organisation)
    rules.require(rules.may_keep(actor, row.id))
    reads.require_active(actor, row.id)
    officer, found = rules.may_manage(actor), obstacles(_facts(row))
    made = Deregistration(
        organisation=row,
        reason=fields.single("reason", cleaners.one_of(LeaveReason), reason),
        explanation=fields.single("explanation", cleaners.text(1000, lines=True), explanation),
        successor=fields.single("successor", cleaners.text(200), successor),
        effective_on=_day(effective_on),
        by_officer=officer,
        obstacles=[str(obstacle) for obstacle in found],
        state=LeaveState.ASKED,
        asked_by=actor.id[:100],
    )
    if made.reason == LeaveReason.MERGED and not made.successor:
        raise fields.invalid("successor", "", "noem wie verdergaat", "name who goes on")
    if officer or not found:
        made.state, made.decided_by, made.decided_at = LeaveState.CONFIRMED, actor.id[:100], timezone.now()
        made.decision = made.explanation[:500] if officer else ITSELF
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise AlreadyThere(value=str(made.effective_on)) from None
    _told(actor, made, "ask")
    return made


def _facts(row: Organisation) -> Facts:
    with tenancy.acting(TELLER):
        watches = bool(reach.sectors_of(frozenset({row.id})))
    return Facts(
        classification=row.classification,
        declaration=row.declaration,
        entity_types=row.entity_types,
        kind=row.kind,
        watches=watches,
    )


def _day(given: str | date) -> date:
    found: date | None = fields.single("effective_on", cleaners.day, given)
    if found is None or found < reads.today():
        raise fields.invalid("effective_on", given, "noem vandaag of een dag erna", "name today or a day after it")
    if found > reads.today() + timedelta(days=FURTHEST):
        raise fields.invalid("effective_on", given, "hoogstens een jaar vooruit", "at most a year ahead")
    return found


def confirm_deregistration(*, actor: Actor, deregistration: UUID, reason: str) -> Deregistration:
    """Confirm, as an officer, that the facts are such. A day that has passed counts as today.

    Raises NotFound, NotAllowed, InvalidField without a reason, WrongState.
    """
    rules.require(rules.may_manage(actor))
    return _decide(actor, deregistration, LeaveState.CONFIRMED, reason)


def refuse_deregistration(*, actor: Actor, deregistration: UUID, reason: str) -> Deregistration:
    """Refuse, as an officer: it stays in the register. Raises as `confirm_deregistration`."""
    rules.require(rules.may_manage(actor))
    return _decide(actor, deregistration, LeaveState.REFUSED, reason)


def withdraw_deregistration(*, actor: Actor, deregistration: UUID, reason: str = "") -> Deregistration:
    """Take it back before it took effect; what an officer asked, only an officer.

    Raises NotFound, NotAllowed, WrongState when it is over, also when it took effect this very moment.
    """
    row = leaving.access_deregistration(actor, deregistration)
    rules.require(rules.may_manage(actor) if row.by_officer else rules.may_keep(actor, row.organisation_id))
    return _decide(actor, deregistration, LeaveState.WITHDRAWN, reason or "-")


@transaction.atomic
def _decide(actor: Actor, identifier: UUID, to: LeaveState, reason: str) -> Deregistration:
    """Take a step; the lock on the row lets two who act at once wait for each other, and the second sees the first."""
    row = _locked(actor, identifier)
    if row.state not in STEPS[to]:
        raise WrongState(status_now=row.state)
    row.state, row.decided_by, row.decided_at = to, actor.id[:100], timezone.now()
    row.decision = fields.reason(reason)
    if to is LeaveState.CONFIRMED:
        row.effective_on = max(row.effective_on, reads.today())
    row.save()
    _told(actor, row, {"confirmed": "confirm", "refused": "refuse", "withdrawn": "withdraw"}[to])
    return row


def _locked(actor: Actor, identifier: UUID) -> Deregistration:
    leaving.access_deregistration(actor, identifier)
    return Deregistration.objects.select_for_update(of=("self",)).select_related("organisation").get(id=identifier)


@transaction.atomic
def deregister_due(*, actor: Actor, deregistration: UUID, now: datetime | None = None) -> bool:
    """Let an organisation leave, when its day has come at the centre; a job. False when it was done or withdrawn.

    From here it gets no notices, its tokens, roles and mandates are over, and its assets are free for another. What it
    was stays in the history. Raises NotFound, NotAllowed.
    """
    rules.require(rules.may_manage(actor))
    row = _locked(actor, deregistration)
    if row.state != LeaveState.CONFIRMED or row.effective_on > timezone.localdate(now):
        return False
    gone = Organisation.objects.select_for_update(no_key=True).get(id=row.organisation_id)
    people = accounts.people_of(gone.id)
    row.organisation = gone
    with provenance("deregistration", ground=GROUND):
        assets, mandates = ending.release_assets(actor, gone), ending.end_mandates(actor, gone)
        gone.active = False
        gone.save(update_fields=["active", "updated_at"])
    access = accounts.end_access(actor=actor, organisation=gone.id)
    row.ended = {
        "assets": assets,
        "mandates": len(mandates),
        "designations": ending.end_designations(gone),
        "questions": ending.close_questions(gone),
        **access,
    }
    row.state, row.done_at = LeaveState.DONE, timezone.now()
    row.save()
    events.organisation_left.send(sender=Organisation, organisation=gone.id, actor=actor)
    _record(actor, row, "done", {"ended": row.ended})
    mail.tell(row, people)
    for other in ending.others_of(mandates, gone):
        mail.mandate_ended(other, gone.name)
    return True


@transaction.atomic
def reregister(*, actor: Actor, organisation: UUID, source: str = "officer", **values: Any) -> Organisation:
    """Let an organisation that left stand in the register again, with its history; `values` as in its creation.

    Assets are to be claimed and proven anew, people invited, mandates given. With `source` "enrolment" its contacts go
    too: who registers says whom to reach now. Raises NotFound, NotAllowed, InvalidField, WrongState, AlreadyThere.
    """
    rules.require(rules.may_manage(actor))
    reads.access_organisation(actor, organisation)
    row = Organisation.objects.select_for_update(no_key=True).get(id=organisation)
    if row.active or not row.deregistrations.filter(state=LeaveState.DONE).exists():
        raise WrongState(status_now="active" if row.active else "not active")
    for name, value in fields.required(fields.clean(fields.ORGANISATION, values)).items():
        setattr(row, name, value)
    row.active = True
    try:
        with transaction.atomic(), provenance(source):
            row.save()
            removed = Contact.objects.filter(organisation=row).delete()[0] if source == "enrolment" else 0
    except IntegrityError:
        raise AlreadyThere(value=row.name) from None
    record(
        actor=actor,
        action="registry:organisation:reregister",
        target=("organisation", row.id),
        organisation=row.id,
        detail={"source": source, "fields": sorted(values), "contacts_removed": removed},
    )
    return row


def _told(actor: Actor, row: Deregistration, verb: str) -> None:
    """Record a step and tell the organisation's people."""
    _record(actor, row, verb, {"reason": row.reason, "effective_on": str(row.effective_on), "state": str(row.state)})
    with tenancy.acting(TELLER):
        mail.tell(row, accounts.people_of(row.organisation_id))


def _record(actor: Actor, row: Deregistration, verb: str, detail: dict[str, Any]) -> None:
    record(
        actor=actor,
        action=f"registry:deregistration:{verb}",
        target=("deregistration", row.id),
        organisation=row.organisation_id,
        detail={"obstacles": row.obstacles, **detail},
    )
