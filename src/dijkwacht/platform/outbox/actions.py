"""Changes of the outbox: put a message in, try one again, take one out."""

import re
import uuid
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, CentreRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
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


def enqueue(  # noqa: PLR0913 - each is a fact of the message
    *,
    actor: Actor,
    channel: Channel | str,
    organisation: UUID | None,
    recipient: str,
    payload: bytes,
    dedupe_key: str,
    reference: str = "",
    not_before: datetime | None = None,
    priority: int = 5,
) -> Message:
    """Put one message in the outbox, in the caller's transaction; the same `dedupe_key` gives the same message.

    `payload`: the complete MIME message of `compose.mail`, or the JSON text of a webhook. `priority`: 0 goes first.
    Raises InvalidRecipient, MissingMessageId.
    """
    channel = Channel(channel)
    draft = Message(
        organisation_id=organisation,
        channel=channel,
        recipient=checked_recipient(channel, recipient),
        message_id=message_id_of(payload) if channel is Channel.MAIL else f"msg_{uuid.uuid4().hex}",
        body=payload,
        dedupe_key=dedupe_key,
        reference=reference,
        next_attempt_at=not_before or timezone.now(),
        priority=priority,
    )
    with tenancy.acting(OUTBOX):
        Message.objects.bulk_create([draft], ignore_conflicts=True)
        message = Message.objects.get(dedupe_key=dedupe_key)
        if message.id == draft.id:
            record(
                actor=actor,
                action="outbox:message:enqueue",
                target=("message", message.id),
                organisation=organisation,
                detail={"channel": str(channel), "reference": reference},
                personal={"recipient": recipient},
            )
            wake.after_commit()
    return message


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
