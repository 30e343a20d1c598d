"""What happens to a registration. Confirming it makes the receipt; the rest is for officers, or goes by itself."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.origins import network_of
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.receipts import Signer
from dijkwacht.rooms.enrolment import cleaning, drafts, establishing, letters, lists, reads, rules, tasks, weighing
from dijkwacht.rooms.enrolment.errors import AlreadyDecided, NotAllowed, NotAsked, NotComplete, NotFound
from dijkwacht.rooms.enrolment.models import Draft, Question, Registration, Version
from dijkwacht.rooms.enrolment.rules import OPEN, Reason, State
from dijkwacht.rooms.registry import cleaners, fields

MOST_SAID: Final = 5000  # characters of an answer
APPROVER = system("enrolment:approve")


@transaction.atomic
def confirm(*, actor: Actor, proven: Mapping[str, str], language: str = "nl") -> Registration:
    """Turn the actor's draft into a registration with a receipt, and approve it when the facts agree.

    `proven`: the numbers that the broker gave at this sign-in. Raises NotAllowed, NotComplete, TooMany.
    """
    account = reads.account_of(actor)
    draft = reads.draft_of(actor)
    found = _complete(actor, draft)
    network = network_of(actor.origin)
    weighing.within_bounds(account, network)
    registration = Registration(account=account, language=language, state=State.WAITING, network=network)
    _fill(registration, draft, found, proven, timezone.now())
    registration.save(force_insert=True)
    detail = {"reasons": registration.reasons, "numbers": registration.numbers}
    _record(actor, registration, "confirm", **detail, sha256=_hash(registration.receipt))
    if not registration.reasons and len(found.assets) > rules.MANY:
        tasks.approve_alone.defer(registration=str(registration.id))
    elif not registration.reasons:
        _try(registration)
    drafts.discard(actor)
    return registration


def _complete(actor: Actor, draft: Draft) -> cleaning.Cleaned:
    listed = lists.assets(reads.list_of(actor))
    found = cleaning.everything(draft.answers, reserved=settings.DEMO, on=timezone.localdate(), listed=listed)
    if found.refused:
        raise NotComplete(count=len(found.refused))
    return found


def _fill(
    registration: Registration, draft: Draft, found: cleaning.Cleaned, proven: Mapping[str, str], at: datetime
) -> None:
    """Lay what was filled in over a registration, with a receipt of `at`, and weigh it."""
    numbers = {kind: found.organisation[kind] for kind in establishing.KINDS if found.organisation.get(kind)}
    establishing.lock(numbers)
    registration.name, registration.numbers, registration.proven = found.organisation["name"], numbers, dict(proven)
    registration.answers, registration.assessment = draft.answers, draft.assessment
    registration.confirmed = {
        "organisation": found.organisation,
        "contacts": found.contacts,
        "assets": [list(one) for one in found.assets],
    }
    registration.receipt = _receipt(registration, at)
    registration.reasons = [str(reason) for reason in weighing.weigh(registration)]


@transaction.atomic
def revise(*, actor: Actor, proven: Mapping[str, str], answer: str = "") -> Registration:
    """Correct the registration about which an officer asked something; it goes back to the queue with a new receipt.

    What it held before is kept beside it. Raises NotAllowed, NotFound, NotAsked, NotComplete, InvalidField.
    """
    draft = reads.draft_of(actor)
    row = _asked(actor, draft.revises)
    words = fields.single("answer", cleaners.text(MOST_SAID, lines=True), answer)
    found = _complete(actor, draft)
    Version.objects.create(account=row.account, registration=row, confirmed=row.confirmed, receipt=row.receipt)
    before = _hash(row.receipt)
    _fill(row, draft, found, proven, timezone.now())
    _answered(row, words)
    said = {"answer": words} if words else None
    _record(actor, row, "revise", personal=said, before=before, sha256=_hash(row.receipt), reasons=row.reasons)
    drafts.discard(actor)
    return row


@transaction.atomic
def answer(*, actor: Actor, registration: UUID, answer: str) -> Registration:
    """Answer what an officer asked: the registration goes back to the queue with both.

    Raises NotAllowed, NotFound, NotAsked, InvalidField.
    """
    row = _asked(actor, registration)
    words = fields.single("answer", cleaners.text(MOST_SAID, required=True, lines=True), answer)
    _answered(row, words)
    _record(actor, row, "answer", personal={"answer": words}, sha256=_hash(row.receipt))
    return row


def _asked(actor: Actor, registration: UUID | None) -> Registration:
    account = reads.account_of(actor)
    rows = Registration.objects.select_for_update().filter(account=account)
    row = rows.filter(id=registration).first() if registration else None
    if row is None:
        raise NotFound
    if row.state != State.ASKED:
        raise NotAsked
    return row


def _answered(row: Registration, words: str) -> None:
    row.questions.filter(answered_at=None).update(answer=words, answered_at=timezone.now())
    row.state = State.WAITING
    row.save()


def _hash(receipt: str) -> str:
    return str(json.loads(receipt)["sha256"])


def _receipt(registration: Registration, at: datetime) -> str:
    """Sign what was registered; of many assets the number and the hash of their file (`lists.as_csv`)."""
    assets = registration.confirmed["assets"]
    body = {
        "number": str(registration.id),
        "centre": settings.CENTRE_NAME,
        "language": registration.language,
        **registration.confirmed,
        **({"assets": {"count": len(assets), "sha256": lists.digest(assets)}} if len(assets) > rules.MANY else {}),
    }
    return Signer.of(settings.HOME).sign(body, at)


@transaction.atomic
def approve_alone(*, actor: Actor, registration: UUID) -> None:
    """Approve a registration with many assets by ourselves, as `confirm` does one with few. Safe to repeat.

    Raises NotAllowed.
    """
    if not rules.may_decide(actor):
        raise NotAllowed
    with tenancy.acting(actor):
        row = Registration.objects.select_for_update().filter(id=registration, state=State.WAITING, reasons=[]).first()
        if row is not None and not row.questions.exists():
            _try(row)


def _try(registration: Registration) -> None:
    """Approve by ourselves; what turns out to be claimed by another goes back to the queue, as if not tried."""
    point = transaction.savepoint()
    with tenancy.acting(APPROVER):
        if establishing.establish(APPROVER, registration):
            _decide(APPROVER, registration, State.APPROVED, "", automatic=True)
            return
    transaction.savepoint_rollback(point)
    registration.organisation_id = None
    registration.reasons = [str(Reason.CONTESTED)]
    registration.save(update_fields=["reasons"])


def _decide(actor: Actor, registration: Registration, state: State, why: str, *, automatic: bool = False) -> None:
    registration.state, registration.decision, registration.automatic = state, why, automatic
    registration.decided_at, registration.decided_by = timezone.now(), actor.id
    registration.save()
    _record(actor, registration, state, automatic=automatic, reason=why)
    letters.send(registration)


def _open(actor: Actor, identifier: UUID) -> Registration:
    if not rules.may_decide(actor):
        raise NotAllowed
    registration = reads.access_registration(actor, identifier)
    locked = Registration.objects.select_for_update().get(id=registration.id)
    if locked.state not in OPEN:
        raise AlreadyDecided
    return locked


@transaction.atomic
def approve(*, actor: Actor, registration: UUID, reason: str, into: UUID | None = None) -> Registration:
    """Let the organisation in; or, with `into`, add the maker to an organisation that stands in the registry already.

    Raises NotAllowed unless an officer asks, NotFound, AlreadyDecided, InvalidField, and what the registry refuses.
    """
    row = _open(actor, registration)
    why = fields.reason(reason)
    many = len(row.confirmed["assets"]) > rules.MANY
    if many:
        tasks.claim.defer(registration=str(row.id))
    if into is None:
        establishing.establish(actor, row, claims=not many)
    elif into in {known.id for known in establishing.known(row.numbers)}:
        establishing.claim(actor, into, [] if many else row.confirmed["assets"])
        establishing.join(row, into, OrganisationRole.ADMINISTRATOR)
    else:
        raise NotAllowed
    _decide(actor, row, State.APPROVED, why)
    return row


@transaction.atomic
def ask(*, actor: Actor, registration: UUID, question: str) -> Registration:
    """Ask the maker something on its page; the mail says only that a message waits.

    A question that waits already is replaced. Raises NotAllowed, NotFound, AlreadyDecided, InvalidField.
    """
    row = _open(actor, registration)
    words = fields.reason(question)
    row.questions.filter(answered_at=None).delete()
    Question.objects.create(account=row.account, registration=row, question=words, asked_by=actor.id[:100])
    row.state = State.ASKED
    row.save(update_fields=["state"])
    _record(actor, row, "ask", personal={"question": words}, sha256=_hash(row.receipt))
    letters.send(row)
    return row


@transaction.atomic
def refuse(*, actor: Actor, registration: UUID, reason: str) -> Registration:
    """Refuse, and tell the maker why. Raises NotAllowed, NotFound, AlreadyDecided, InvalidField."""
    row = _open(actor, registration)
    _decide(actor, row, State.REFUSED, fields.reason(reason))
    return row


@transaction.atomic
def withdraw(*, actor: Actor, registration: UUID) -> Registration:
    """Take the own registration back while it waits. Raises NotAllowed, NotFound, AlreadyDecided."""
    reads.account_of(actor)
    row = Registration.objects.select_for_update().get(id=reads.access_registration(actor, registration).id)
    if row.state not in OPEN:
        raise AlreadyDecided
    row.state, row.decided_at, row.decided_by = State.WITHDRAWN, timezone.now(), actor.id
    row.save(update_fields=["state", "decided_at", "decided_by"])
    _record(actor, row, "withdraw")
    return row


def _record(
    actor: Actor, registration: Registration, verb: str, personal: Mapping[str, str] | None = None, **detail: Any
) -> None:
    record(
        actor=actor,
        action=f"enrolment:registration:{verb}",
        target=("registration", registration.id),
        organisation=registration.organisation_id,
        detail=detail,
        personal=personal,
    )
