"""Appeals: made by anybody, decided by a person, with effect at once."""

import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.crypto import house
from dijkwacht.rooms.phishing import events
from dijkwacht.rooms.phishing.errors import NotAllowed
from dijkwacht.rooms.phishing.listing import actions as listing
from dijkwacht.rooms.phishing.listing import telling
from dijkwacht.rooms.phishing.listing.models import Entry
from dijkwacht.rooms.phishing.warning import errors, tickets
from dijkwacht.rooms.phishing.warning.models import Appeal
from dijkwacht.rooms.reporting.oncall import duty

TERM: Final = timedelta(hours=1)  # in which a person decides
ESCALATE: Final = timedelta(minutes=40)  # after this it stands above everything on the queue
SHORTEST, LONGEST = 10, 2000  # characters
OPEN_AT_ONCE: Final = 20  # appeals for one entry: all are decided together, more say nothing new
LONGEST_ANSWER: Final = 300
LATE: Final = "phishing/appeals_due.txt"


@transaction.atomic
def appeal(*, actor: Actor, entry: UUID, text: str, contact: str = "") -> tuple[Appeal, str]:
    """Say that a warning is a mistake; gives the appeal and its ticket number, which is shown once.

    Raises AppealTooShort, ContactUnreadable, NothingToAppeal, TooManyAppeals.
    """
    said, mail = text.strip(), contact.strip()
    if not SHORTEST <= len(said) <= LONGEST:
        raise errors.AppealTooShort
    if mail:
        try:
            validate_email(mail)
        except ValidationError as error:
            raise errors.ContactUnreadable from error
    found = Entry.objects.select_for_update().filter(id=entry, removed_at=None).first()
    if found is None:
        raise errors.NothingToAppeal
    if Appeal.objects.filter(entry=found, decided_at=None).count() >= OPEN_AT_ONCE:
        raise errors.TooManyAppeals
    row, ticket = _made(found, said, mail)
    record(actor=actor, action="phishing:appeal:make", target=("appeal", row.id), detail={"entry": found.id})
    for campaign in found.campaigns.order_by("id").values_list("id", flat=True):
        events.campaign_changed.send(Appeal, campaign=campaign, why="appeal")
    return row, ticket


def _made(entry: Entry, text: str, mail: str) -> tuple[Appeal, str]:
    ticket, identifier, now = tickets.new(), uuid4(), timezone.now()
    sealed = house.seal_json(mail, table="phishing_appeal", row=identifier, column="contact") if mail else None
    row = Appeal.objects.create(
        id=identifier,
        ticket=tickets.stored(ticket),
        entry=entry,
        text=text,
        contact=sealed,
        proof_token=secrets.token_urlsafe(24),
        created_at=now,
        due_at=now + TERM,
    )
    return row, ticket


@transaction.atomic
def decide(*, actor: Actor, appeal: UUID, free: bool, answer: str) -> Appeal:
    """Decide on an appeal, and with it on all open ones of its entry; `free` takes the entry off the list at once.

    Raises NotAllowed, AppealUnknown, AppealDecided, AnswerMissing.
    """
    if not allows(actor, "phishing:decide"):
        raise NotAllowed
    said = " ".join(answer.split())[:LONGEST_ANSWER]
    if not said:
        raise errors.AnswerMissing
    row, same = _open_together(appeal)
    verdict = "unblocked" if free else "kept"
    decided = {"decision": verdict, "answer": said, "decided_at": timezone.now(), "decided_by": str(actor.id)[:100]}
    for one in same:
        record(actor=actor, action="phishing:appeal:decide", target=("appeal", one.id), detail={"decision": verdict})
    Appeal.objects.filter(id__in=[one.id for one in same]).update(**decided)
    if free and row.entry.removed_at is None:
        listing.unblock(actor=actor, name=row.entry.name, kind=row.entry.kind, reason=said)
    row.refresh_from_db()
    return row


def _open_together(appeal: UUID) -> tuple[Appeal, list[Appeal]]:
    """Give an appeal and all open ones of its entry, locked. Raises AppealUnknown, AppealDecided.

    In one order: two people who decide on two appeals of one entry wait for each other, and never both for ever.
    """
    of_entry = Appeal.objects.filter(id=appeal).values("entry")
    locked = Appeal.objects.select_for_update(of=("self",)).select_related("entry")
    rows = list(locked.filter(entry__in=of_entry).order_by("id"))
    row = next((one for one in rows if one.id == appeal), None)
    if row is None:
        raise errors.AppealUnknown
    if row.decided_at is not None:
        raise errors.AppealDecided
    return row, [one for one in rows if one.decided_at is None]


@transaction.atomic
def escalate(*, actor: Actor) -> list[Appeal]:
    """Mark the appeals whose hour is nearly over, and write to who is on duty; gives them. Raises NotAllowed."""
    if not allows(actor, "phishing:decide"):
        raise NotAllowed
    late = Appeal.objects.select_for_update(skip_locked=True).filter(
        decided_at=None, escalated_at=None, due_at__lte=timezone.now() + TERM - ESCALATE
    )
    found = list(late)
    called = duty.mail_addresses(timezone.now()) if found else []
    for row in found:
        row.escalated_at = timezone.now()
        row.save(update_fields=["escalated_at"])
        record(actor=actor, action="phishing:appeal:escalate", target=("appeal", row.id))
        link = f"{settings.BASE_URL}/phishing/appeals/{row.id}"
        telling.write(actor, called, f"phishing appeal {row.id}", LATE, {"link": link})
    return found
