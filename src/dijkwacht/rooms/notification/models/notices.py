"""What we send, what came back, and whom to call."""

import uuid

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import FOLLOWS, MOVES, STAYS


class Notice(models.Model):
    """What one receiver gets at one moment: the organisation itself, its relay, a network owner or a foreign CSIRT."""

    class State(models.TextChoices):
        COLLECTING = "collecting"  # the contact's digest, until its hour
        HELD = "held"  # by the storm brake
        QUEUED = "queued"  # in the outbox, or readable in the portal and API
        DELIVERED = "delivered"
        BOUNCED = "bounced"
        FAILED = "failed"
        CANCELLED = "cancelled"

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="notices")
    contact_id = models.UUIDField(null=True)
    route = models.CharField(max_length=20)  # direct, relay, network-owner, foreign-csirt
    channel = models.CharField(max_length=10)  # mail, webhook, portal, api
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    held_because = models.TextField(blank=True)
    released_by = models.CharField(max_length=100, blank=True)  # the officer who let a held notice go
    batch_id = models.UUIDField(null=True)  # null for a digest
    due_at = models.DateTimeField(null=True)  # when a digest leaves
    severity = models.SmallIntegerField()
    findings = models.IntegerField()
    kinds = models.JSONField(default=list)
    tlp = models.CharField(max_length=16)
    subject = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    replaces = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")  # after a bounce
    dedupe_key = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-created_at"], name="notice_of_receiver"),
            models.Index(fields=["batch_id"], name="notice_of_batch"),
            models.Index(fields=["state"], name="notice_held", condition=models.Q(state="held")),
            models.Index(fields=["due_at"], name="notice_due", condition=models.Q(state="collecting")),
            BrinIndex(fields=["created_at"], name="notice_created"),
        ]


class NoticeItem(models.Model):
    """One version of a finding in one notice, with the decision that allowed it; a contact gets a version once."""

    row_owner = "organisation_id"
    when_joined = dict.fromkeys(("organisation_id", "about_id"), STAYS + "carrying keeps it with notice and finding")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="items")
    organisation_id = models.UUIDField()  # the receiver, as in the notice
    about_id = models.UUIDField()  # the organisation whose asset it is
    contact_id = models.UUIDField(null=True)
    finding_id = models.UUIDField()
    event_id = models.BigIntegerField()
    version = models.IntegerField()
    decision = models.ForeignKey("notification.Decision", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["finding_id", "version", "organisation_id", "contact_id"],
                name="a_version_once_per_contact",
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(fields=["about_id"], name="item_about")]


class Feedback(models.Model):
    """What a receiver answered, to a whole notice or to one finding of it."""

    class Answer(models.TextChoices):
        FIXED = "fixed"
        WORKING = "working"
        NOT_OURS = "not-ours"
        FALSE_ALARM = "false-alarm"
        WRONG_CONTACT = "wrong-contact"

    row_owner = "organisation_id"
    when_joined = {"organisation_id": FOLLOWS + "notice"}
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="feedback")
    organisation_id = models.UUIDField()
    finding_id = models.UUIDField(null=True)
    answer = models.CharField(max_length=14, choices=Answer.choices)
    comment = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=100)
    handled_at = models.DateTimeField(null=True)  # by the centre: not ours, false alarm and wrong contact need a person
    handled_by = models.CharField(max_length=100, blank=True)


class Call(models.Model):
    """Somebody to call: a critical finding was not acknowledged, or nobody could be told. Only the centre sees it."""

    class Why(models.TextChoices):
        UNANSWERED = "unanswered"  # told, and nobody acknowledged it in time
        UNREACHED = "unreached"  # no contact and no lawful route is left

    row_owner = ""
    when_joined = {"organisation_id": MOVES}
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.CASCADE, related_name="+")
    # What was told and not answered or not delivered; null where there was nobody to send anything to.
    notice = models.ForeignKey(Notice, null=True, on_delete=models.CASCADE, related_name="calls")
    why = models.CharField(max_length=10, choices=Why.choices, default=Why.UNANSWERED)
    since = models.DateTimeField(default=timezone.now)
    findings = models.IntegerField()
    # What another room asks to call about: its own key of it, and one line to say. Empty for findings.
    reference = models.CharField(max_length=100, blank=True, db_default="")
    subject = models.CharField(max_length=300, blank=True, db_default="")
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=100, blank=True)
    result = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice"], name="one_call_per_notice"),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(notice=None, done_at=None, reference=""),
                name="one_open_call_without_notice",
            ),
            models.UniqueConstraint(
                fields=["organisation", "reference"], condition=~models.Q(reference=""), name="one_call_per_reference"
            ),
        ]
