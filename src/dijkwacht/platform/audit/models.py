"""The rows of the audit log. The application may add and read them, nothing else (platform.database.roles)."""

import uuid

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import STAYS


class Event(models.Model):
    """One thing that happened: BIO2 8.15.01 asks for action, object, result, origin, identity and time."""

    when_joined = {"organisation": STAYS + "nothing of the log is ever changed"}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    action = models.CharField(max_length=100)  # source:subject:verb, such as registry:organisation:create
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=100)
    organisation = models.UUIDField(null=True)  # whose data it concerns
    result = models.CharField(max_length=20)  # ok, refused, failed
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=100)
    origin = models.CharField(max_length=100, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_event"
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_event_newest_first"),
            models.Index(  # what was done under mandates of an organisation: few rows of many
                fields=["organisation", "-at", "-id"],
                condition=models.Q(detail__has_key="under_mandates"),
                name="audit_event_under_mandate",
            ),
        ]


class Personal(models.Model):
    """A value about a person that an event commits to. Erasing the row erases the person from the log."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event_id = models.UUIDField(db_index=True)
    name = models.CharField(max_length=60)
    sealed = models.BinaryField()  # salt and value, encrypted by platform.crypto.fields

    class Meta:
        db_table = "audit_personal"


class Pending(models.Model):
    """An event that waits for its place in the tree. A trigger adds it, in the transaction of the event."""

    event_id = models.UUIDField(primary_key=True)

    class Meta:
        db_table = "audit_pending"


class Leaf(models.Model):
    """The place of an event in the tree."""

    index = models.BigIntegerField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    leaf_hash = models.BinaryField()

    class Meta:
        db_table = "audit_leaf"


class Checkpoint(models.Model):
    """Every checkpoint ever signed: the sequencer continues from the last, verification narrows a change down."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        db_table = "audit_checkpoint"
