"""What happens to a registration. Confirming it makes the receipt; the rest is for officers, or goes by itself."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.origins import network_of
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.receipts import Signer
from dijkwacht.rooms.enrolment import cleaning, drafts, establishing, letters, reads, rules
from dijkwacht.rooms.enrolment.business_register import business_register
from dijkwacht.rooms.enrolment.errors import AlreadyDecided, NotAllowed, NotComplete, TooMany
from dijkwacht.rooms.enrolment.models import Registration
from dijkwacht.rooms.enrolment.rules import OPEN, Facts, Reason, State
from dijkwacht.rooms.registry import fields

APPROVER = system("enrolment:approve")


@transaction.atomic
def confirm(*, actor: Actor, proven: Mapping[str, str], language: str = "nl") -> Registration:
    """Turn the actor's draft into a registration with a receipt, and approve it when the facts agree.

    `proven`: the numbers that the broker gave at this sign-in. Raises NotAllowed, NotComplete, TooMany.
    """
    account = reads.account_of(actor)
    draft = reads.draft_of(actor)
    found = cleaning.everything(draft.answers, reserved=settings.DEMO, on=timezone.localdate())
    if found.refused:
        raise NotComplete(count=len(found.refused))
    network = network_of(actor.origin)
    _within_bounds(account, network)
    numbers = {kind: found.organisation[kind] for kind in establishing.KINDS if found.organisation.get(kind)}
    establishing.lock(numbers)
    registration = Registration(
        account=account,
        name=found.organisation["name"],
        language=language,
        state=State.WAITING,
        numbers=numbers,
        proven=dict(proven),
        network=network,
        confirmed={"organisation": found.organisation, "contacts": found.contacts, "assets": found.assets},
    )
    registration.receipt = _receipt(registration)
    registration.reasons = [str(reason) for reason in _weigh(registration, draft.assessment)]
    registration.save(force_insert=True)
    _record(actor, registration, "confirm", reasons=registration.reasons, numbers=numbers)
    if not registration.reasons:
        _try(registration)
    drafts.discard(actor)
    return registration


def _within_bounds(account: UUID, network: str) -> None:
    since = timezone.now() - timedelta(days=1)
    with tenancy.acting(establishing.LOOKER):
        own = Registration.objects.filter(account=account)
        waiting = own.filter(state__in=[state.value for state in OPEN]).count()
        today = own.filter(submitted_at__gte=since).count()
        near = Registration.objects.filter(network=network, submitted_at__gte=since).count() if network else 0
    if waiting >= rules.MOST_WAITING or today >= rules.MOST_A_DAY or near >= rules.MOST_A_DAY_OF_A_NETWORK:
        raise TooMany


def _receipt(registration: Registration) -> str:
    body = {
        "number": str(registration.id),
        "centre": settings.CENTRE_NAME,
        "language": registration.language,
        **registration.confirmed,
    }
    return Signer.of(settings.HOME).sign(body, registration.submitted_at)


def _weigh(registration: Registration, assessment: str) -> tuple[Reason, ...]:
    known = business_register()
    entry = known.find(registration.numbers["kvk"]) if "kvk" in registration.numbers else None
    organisation = registration.confirmed["organisation"]
    return rules.weigh(
        Facts(
            proven=registration.proven,
            given=registration.numbers,
            name=registration.name,
            declared=organisation["declaration"],
            assessed=drafts.assessed(assessment),
            register=known.there,
            listed=entry.listed() if entry else None,
            taken=establishing.taken(registration.numbers),
        )
    )


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
    if into is None:
        establishing.establish(actor, row)
    elif into in {known.id for known in establishing.known(row.numbers)}:
        establishing.claim(actor, into, row.confirmed["assets"])
        establishing.join(row, into, OrganisationRole.ADMINISTRATOR)
    else:
        raise NotAllowed
    _decide(actor, row, State.APPROVED, why)
    return row


@transaction.atomic
def ask(*, actor: Actor, registration: UUID, question: str) -> Registration:
    """Ask the maker something, by mail and on its page. Raises NotAllowed, NotFound, AlreadyDecided, InvalidField."""
    row = _open(actor, registration)
    row.question, row.state = fields.reason(question), State.ASKED
    row.save(update_fields=["question", "state"])
    _record(actor, row, "ask", question=row.question)
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


def _record(actor: Actor, registration: Registration, verb: str, **detail: Any) -> None:
    record(
        actor=actor,
        action=f"enrolment:registration:{verb}",
        target=("registration", registration.id),
        organisation=registration.organisation_id,
        detail=detail,
    )
