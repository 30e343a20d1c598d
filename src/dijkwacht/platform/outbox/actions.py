"""Changes of the outbox: put a message in, try one again, take one out, remove what is old."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, CentreRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import Fact, record, record_many
from dijkwacht.platform.database.inserting import insert
from dijkwacht.platform.outbox import wake
from dijkwacht.platform.outbox.addressing import checked_recipient, message_id_of
from dijkwacht.platform.outbox.errors import MessageIdReused, MessageNotFound, NotAllowed, NotRetryable
from dijkwacht.platform.outbox.models import Channel, Message, State, give_up_time

OUTBOX: Final = system("outbox")
KEPT: Final = timedelta(days=731)  # 24 months, as finding out who was warned when (docs/how-to/keep-no-longer.md)
ENDED: Final = (State.SENT, State.FAILED, State.BOUNCED, State.CANCELLED)
REMOVED_AT_ONCE: Final = 2000
POSTS_AT_ONCE: Final = 100  # a body may be some megabytes, and a parameter at most one gigabyte


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """One message to put in the outbox.

    `payload`: the complete MIME message of `compose.mail`, the JSON of a webhook, or the text of an SMS. `priority`: 0
    goes first.
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

    The same `dedupe_key` again gives the first message back. Raises InvalidRecipient, MissingMessageId and
    MessageIdReused; then nothing is written.
    """
    drafts = [_draft(post) for post in posts]
    with tenancy.acting(OUTBOX):
        added = insert(drafts, skip_known=True, at_once=POSTS_AT_ONCE)
        new = [draft for draft in drafts if draft.id in added]
        stored = {draft.dedupe_key: draft for draft in new}
        known = {draft.dedupe_key for draft in drafts} - stored.keys()
        if known:
            stored |= {row.dedupe_key: row for row in Message.objects.filter(dedupe_key__in=known)}
        if not known <= stored.keys():
            raise MessageIdReused
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


def remove_old(*, actor: Actor, now: datetime | None = None) -> int:
    """Remove messages, with recipient and text, that ended and were written KEPT ago; a daily job.

    Each step is a transaction of its own. Returns how many went. Raises NotAllowed. Source: Cbb 29, AVG 5(1)(e).
    """
    if actor.kind != "system" and not actor.has(CentreRole.OFFICER, CentreRole.ADMINISTRATOR):
        raise NotAllowed
    before, gone = (now or timezone.now()) - KEPT, 0
    while removed := _remove_some(actor, before):
        gone += removed
    return gone


def _remove_some(actor: Actor, before: datetime) -> int:
    with tenancy.acting(OUTBOX):
        rows = Message.objects.select_for_update(skip_locked=True).filter(created_at__lt=before, announce=False)
        keys = list(rows.filter(state__in=ENDED).values_list("id", flat=True)[:REMOVED_AT_ONCE])
        if keys:
            Message.objects.filter(id__in=keys).delete()
            record(actor=actor, action="outbox:message:remove-old", target=("messages", ""), detail={"rows": len(keys)})
    return len(keys)


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
