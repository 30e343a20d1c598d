"""What leaves the building, one row a recipient: the complete message, where it goes, and how far it got."""

import uuid
from datetime import datetime, timedelta
from typing import Final

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import STAYS


class Channel(models.TextChoices):
    """How a message travels."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    SMS = "sms"


class State(models.TextChoices):
    """How far a message got. docs/why/outbox.md explains why there is a state between new and sent."""

    NEW = "new"  # to be handed over when its time comes
    DOUBT = "doubt"  # a hand-over was begun; whether the relay accepted it is not recorded yet
    SENT = "sent"  # the relay accepted it
    FAILED = "failed"  # we gave up
    BOUNCED = "bounced"  # the recipient's side refused it, at once or later
    CANCELLED = "cancelled"


GIVE_UP: Final = timedelta(days=5)  # RFC 5321 section 4.5.4.1: at least 4 to 5 days


def give_up_time() -> datetime:
    """Until when a message that is enqueued now is tried again."""
    return timezone.now() + GIVE_UP


class Message(models.Model):
    """One message to one recipient."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": STAYS + "it says for whom it was sent"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation_id = models.UUIDField(null=True, db_index=True)  # none: the centre's, such as account mails
    channel = models.CharField(max_length=10, choices=Channel.choices)
    recipient = models.CharField(max_length=2000)  # mail address, URL or telephone number
    message_id = models.CharField(max_length=250, unique=True)  # the same in each attempt (RFC 5322; webhook-id)
    body = models.BinaryField()  # the complete MIME message, JSON or plain text
    dedupe_key = models.CharField(max_length=200, unique=True)
    reference = models.CharField(max_length=200, blank=True, db_index=True)  # what it is about, in its room's words
    priority = models.SmallIntegerField(default=5)  # 0 goes first, 9 last
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    give_up_at = models.DateTimeField(default=give_up_time)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    doubt_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    holder = models.BigIntegerField(null=True)  # the advisory lock of the sender that works on it
    possible_duplicate = models.BooleanField(default=False)  # resent without proof that the first was not accepted
    announce = models.BooleanField(default=False)  # its state is yet to be told to the rooms

    class Meta:
        db_table = "outbox_message"
        indexes = [
            models.Index(fields=["priority", "next_attempt_at"], name="outbox_due", condition=models.Q(state="new")),
            models.Index(fields=["doubt_at"], name="outbox_doubt", condition=models.Q(state="doubt")),
            models.Index(fields=["id"], name="outbox_announce", condition=models.Q(announce=True)),
        ]
