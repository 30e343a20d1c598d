"""A person confirms a version that was seen, and it goes: decided by the law, recorded to the letter, sent once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import where
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import cleaners, fields
from dijkwacht.rooms.reporting import disclosing, scheduling, terms
from dijkwacht.rooms.reporting import reads as reporting
from dijkwacht.rooms.reporting import rules as may
from dijkwacht.rooms.reporting.crossing import mails, reads, versions
from dijkwacht.rooms.reporting.crossing.choosing import Choice, version_of
from dijkwacht.rooms.reporting.crossing.models import Disclosure, Settled
from dijkwacht.rooms.reporting.crossing.receiving import Receiver, receivers
from dijkwacht.rooms.reporting.crossing.rules import Audience, Sealing
from dijkwacht.rooms.reporting.errors import (
    AlreadyDone,
    ChangedMeanwhile,
    NobodyChosen,
    NotAllowed,
    NotFound,
    NotSealable,
)
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.netcode.rules import REGIME


@transaction.atomic
def share(
    *, actor: Actor, incident: UUID, choice: Choice, seen: str, tests: Mapping[str, str], in_clear: str = ""
) -> list[Disclosure]:
    """Give the version that was seen to each chosen receiver, when the law lets it (Cbw 39(2), 66(1); NCCS 37(1)).

    `seen`: the hash of the version that the person looked at. `tests`: why each of the four holds. Who has the very
    same version already does not get it again. `in_clear`: why the mail to a contact abroad without a usable key goes
    unencrypted all the same; empty: it does not. Raises NotAllowed, NotFound, VerdictFirst, NobodyChosen,
    ChangedMeanwhile, NotSealable, NotLawful, AlreadyDone.
    """
    row = _held(actor, incident)
    made = version_of(row, choice)
    to = [one for one in receivers(row, choice.audience, choice.country) if one.key in choice.receivers]
    if not to or len(to) != len(choice.receivers):
        raise NobodyChosen
    if made.sha256 != seen:
        raise ChangedMeanwhile
    why = fields.single("in_clear", cleaners.text(500, lines=True), in_clear)
    if not why and (bare := [one.name for one in to if not one.sealable]):
        raise NotSealable(who=", ".join(bare))
    found = [one for receiver in to if (one := _disclose(actor, row, choice, receiver, made, tests, why)) is not None]
    if not found:
        raise AlreadyDone
    _clocks(row)
    return found


def _held(actor: Actor, incident: UUID) -> Incident:
    """Return an incident that the actor may handle, held. Raises NotAllowed, NotFound."""
    if not may.may_handle(actor):
        raise NotAllowed
    return Incident.objects.select_for_update().get(id=reporting.access_incident(actor, incident).id)


def _disclose(
    actor: Actor,
    row: Incident,
    choice: Choice,
    receiver: Receiver,
    made: versions.Version,
    tests: Mapping[str, str],
    in_clear: str,
) -> Disclosure | None:
    decision, ground = disclosing.decide_for(
        disclosing.receiver_class(receiver.organisation), receiver.country, personal_data=False, tests=tests
    )
    one = Disclosure(
        number=may.new_number(),
        incident=row,
        audience=choice.audience,
        country=choice.country,
        receiver=receiver.key,
        receiver_name=receiver.name,
        sent_to=list(receiver.emails),
        reader_id=receiver.reader,
        sealing=_sealing_of(receiver),
        sha256=made.sha256,
        removed=made.removed_as_json(),
        ground=ground,
        decision=decision,
        tests={name: why for name in disclosing.TESTS if (why := tests.get(name, "").strip())},
        by=actor.id,
    )
    one.content = made.content
    try:
        with transaction.atomic():
            one.save(force_insert=True)
    except IntegrityError:
        return None
    told = {"sealing": one.sealing, **({"in_clear": in_clear} if one.sealing == Sealing.CLEAR else {})}
    _record(actor, one, "share", sha256=one.sha256, ground=ground, tests=one.tests, decision=decision, **told)
    mails.tell_receiver(one, receiver)
    return one


def _sealing_of(receiver: Receiver) -> Sealing:
    """Return how the mail to a receiver goes."""
    if receiver.organisation is not None:
        return Sealing.SIGN_IN
    return Sealing.OPENPGP if receiver.sealable else Sealing.CLEAR


@transaction.atomic
def settle(*, actor: Actor, incident: UUID, choice: Choice, reason: str) -> Settled:
    """Keep that nothing goes to an audience, and why. Raises NotAllowed, NotFound, InvalidField."""
    row = _held(actor, incident)
    if choice.audience is not Audience.STATE and REGIME not in row.regimes:
        raise NotFound
    made = Settled(incident=row, audience=choice.audience, country=choice.country, by=actor.id)
    made.reason = fields.reason(reason)
    made.save(force_insert=True)
    _clocks(row)
    record(
        actor=actor,
        action="reporting:crossing:settle",
        target=("incident", row.id),
        organisation=row.organisation_id,
        detail={"audience": str(choice.audience), "country": choice.country},
    )
    return made


@transaction.atomic
def acknowledge_disclosure(*, actor: Actor, disclosure: UUID) -> Disclosure:
    """Say that a version was received; by somebody of the receiver. Raises NotFound, AlreadyDone."""
    found = reads.shared_with(actor).filter(id=disclosure).first()
    if found is None or found.reader_id not in where(actor, "handovers:acknowledge"):
        raise NotFound
    return _acknowledge(actor, found)


@transaction.atomic
def acknowledge_by_link(*, actor: Actor, disclosure: UUID) -> Disclosure:
    """Keep that whoever holds the link of the mail received it. The link was checked. Raises NotFound, AlreadyDone."""
    with tenancy.acting(scheduling.CLERK) as clerk:
        return _acknowledge(actor, reads.access_abroad(clerk, disclosure))


def _acknowledge(actor: Actor, found: Disclosure) -> Disclosure:
    row = Disclosure.objects.select_for_update().get(id=found.id)
    if row.acknowledged_at is not None:
        raise AlreadyDone
    row.acknowledged_at, row.acknowledged_by = timezone.now(), actor.id
    row.save(update_fields=["acknowledged_at", "acknowledged_by"])
    _record(actor, row, "acknowledge")
    return row


def _clocks(row: Incident) -> None:
    scheduling.schedule(row, terms.filed_of(reporting.reports_of(row)), timezone.now())


def _record(actor: Actor, row: Disclosure, verb: str, **detail: Any) -> None:
    record(
        actor=actor,
        action=f"reporting:disclosure:{verb}",
        target=("disclosure", row.id),
        organisation=row.reader_id,
        detail={"number": row.number, "audience": row.audience, "country": row.country, **detail},
    )
