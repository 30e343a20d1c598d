"""Changes of the outbox: put a message in, try one again, take one out."""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, CentreRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import Fact, record, record_many
from dijkwacht.platform.outbox import wake
from dijkwacht.platform.outbox.errors import (
    InvalidRecipient,
    MessageNotFound,
    MissingMessageId,
    NotAllowed,
    NotRetryable,
)
from dijkwacht.platform.outbox.models import Channel, Message, State, give_up_time

# One address as every relay takes it: a dot-string at a domain (RFC 5321 section 4.1.2), the domain in its ASCII form.
ADDRESS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?")
MESSAGE_ID: Final = re.compile(
    rb"^message-id:[ \t]*(<[\x21-\x3b\x3d\x3f-\x7e]{3,240}>)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE
)
OUTBOX: Final = system("outbox")


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """One message to put in the outbox.

    `payload`: the complete MIME message of `compose.mail`, or the JSON text of a webhook. `priority`: 0 goes first.
    """

    channel: Channel | str
    organisation: UUID | None
    recipient: str
    payload: bytes
    dedupe_key: str
    reference: str = ""
    not_before: datetime | None = None
    priority: int = 5


def enqueue(*, actor: Actor, **post: Any) -> Message:
    """Put one message in the outbox; the keywords are those of `Post`. As `enqueue_many`."""
    return enqueue_many(actor=actor, posts=[Post(**post)])[0]


def enqueue_many(*, actor: Actor, posts: Sequence[Post]) -> list[Message]:
    """Put messages in the outbox, in the caller's transaction; give them in order.

    The same `dedupe_key` again gives the first message back. Raises InvalidRecipient, MissingMessageId before anything
    is written.
    """
    drafts = [_draft(post) for post in posts]
    with tenancy.acting(OUTBOX):
        Message.objects.bulk_create(drafts, ignore_conflicts=True)
        stored = {
            row.dedupe_key: row for row in Message.objects.filter(dedupe_key__in=[row.dedupe_key for row in drafts])
        }
        new = [draft for draft in drafts if stored[draft.dedupe_key].id == draft.id]
        record_many(
            Fact(
                actor=actor,
                action="outbox:message:enqueue",
                target=("message", draft.id),
                organisation=draft.organisation_id,
                detail={"channel": str(draft.channel), "reference": draft.reference},
                personal={"recipient": draft.recipient},
            )
            for draft in new
        )
        if new:
            wake.after_commit()
    return [stored[draft.dedupe_key] for draft in drafts]


def _draft(post: Post) -> Message:
    channel = Channel(post.channel)
    return Message(
        organisation_id=post.organisation,
        channel=channel,
        recipient=checked_recipient(channel, post.recipient),
        message_id=message_id_of(post.payload) if channel is Channel.MAIL else f"msg_{uuid.uuid4().hex}",
        body=post.payload,
        dedupe_key=post.dedupe_key,
        reference=post.reference,
        next_attempt_at=post.not_before or timezone.now(),
        priority=post.priority,
    )


def checked_recipient(channel: Channel, recipient: str) -> str:
    """Give `recipient` back when it is one mail address or one https URL. Raises InvalidRecipient."""
    if channel is Channel.MAIL:
        valid = bool(ADDRESS.fullmatch(recipient))
    else:
        try:
            parts = urlsplit(recipient)
            valid = parts.scheme == "https" and bool(parts.hostname) and len(recipient) <= 2000  # noqa: PLR2004
            valid = valid and parts.username is None and recipient.isprintable() and parts.port != 0
        except ValueError:
            valid = False
    if not valid:
        raise InvalidRecipient(recipient=recipient[:100])
    return recipient


def message_id_of(mail: bytes) -> str:
    """The one Message-ID of a MIME message we made ourselves. Raises MissingMessageId."""
    headers = re.split(rb"\r?\n\r?\n", mail, maxsplit=1)[0]
    found: list[bytes] = MESSAGE_ID.findall(headers)
    if len(found) != 1:
        raise MissingMessageId
    return found[0].decode("ascii")


@transaction.atomic
def retry(*, actor: Actor, message_id: UUID) -> Message:
    """Try a failed, bounced or waiting message again now. Raises NotAllowed, MessageNotFound, NotRetryable."""
    message = _change(actor, message_id, "retry", {State.NEW, State.FAILED, State.BOUNCED})
    message.state, message.next_attempt_at, message.announce = State.NEW, timezone.now(), False
    message.attempts, message.give_up_at = 0, give_up_time()
    message.save(update_fields=["state", "next_attempt_at", "announce", "attempts", "give_up_at"])
    wake.after_commit()
    return message


@transaction.atomic
def cancel(*, actor: Actor, message_id: UUID) -> Message:
    """Take a message out that was not handed over yet. Raises NotAllowed, MessageNotFound, NotRetryable."""
    message = _change(actor, message_id, "cancel", {State.NEW})
    message.state = State.CANCELLED
    message.save(update_fields=["state"])
    return message


def _change(actor: Actor, message_id: UUID, verb: str, states: set[State]) -> Message:
    if not actor.has(CentreRole.OFFICER, CentreRole.ADMINISTRATOR):
        raise NotAllowed
    message = Message.objects.select_for_update().filter(id=message_id).first()
    if message is None:
        raise MessageNotFound
    if message.state not in states:
        raise NotRetryable(state=message.state)
    record(
        actor=actor,
        action=f"outbox:message:{verb}",
        target=("message", message.id),
        organisation=message.organisation_id,
        detail={"state": message.state},
    )
    return message
