"""What an advisory means for one organisation, whom we told of it, and what was answered."""

import uuid
from typing import Final

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import MOVES
from dijkwacht.rooms.advisories.delivery import rules

# A state of a telling that an organisation or relay never sees: it was not sent to it.
HIDDEN: Final = ("cancelled", "below", "no-contact")


def _choices(names: type[rules.Verdict | rules.Ground | rules.Answer | rules.Status]) -> list[tuple[str, str]]:
    return [(name.value, name.value) for name in names]


class Match(models.Model):
    """A line of an inventory meets a vulnerability of an advisory: affected, or perhaps."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation_id = models.UUIDField()
    line_id = models.UUIDField()  # of inventory.Line
    advisory = models.UUIDField()
    version = models.PositiveIntegerField()  # of the advisory, in which it was found last
    vulnerability = models.CharField(max_length=200)
    verdict = models.CharField(max_length=12, choices=_choices(rules.Verdict))
    evidence = models.TextField()  # by which name and which version, as the engine says
    confidence = models.FloatField()  # 0 to 1
    sure = models.BooleanField()  # that it is the same product
    told = models.BooleanField(default=True)  # else a guess about the name, which an analyst judges first
    remedy = models.TextField(blank=True)
    status = models.CharField(max_length=14, choices=_choices(rules.Status), default=rules.Status.NOT_REMEDIATED.value)
    status_at = models.DateTimeField(null=True)
    status_by = models.CharField(max_length=100, blank=True)
    found_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)  # the line went, or a later version says otherwise

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["advisory", "line_id", "vulnerability"], name="a_match_once_per_line")
        ]
        indexes = [
            models.Index(fields=["organisation_id", "advisory"], name="matches_of_organisation"),
            models.Index(fields=["line_id"], name="matches_of_line"),
        ]


class Concern(models.Model):
    """One version of an advisory concerns one organisation: once, whatever is run again."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.CASCADE, related_name="+")
    advisory = models.UUIDField()
    version = models.PositiveIntegerField()
    ground = models.CharField(max_length=12, choices=_choices(rules.Ground))
    verdict = models.CharField(max_length=12, choices=_choices(rules.Verdict))
    sure = models.BooleanField(default=True)
    lines = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=32)  # of what it says to this organisation: the same again is not told again
    severity = models.PositiveSmallIntegerField()
    urgent = models.BooleanField(default=False)
    told = models.BooleanField(default=True)  # else a version that changes nothing for it
    told_at = models.DateTimeField(null=True)  # when its tellings were made; null: they still must be
    round = models.PositiveIntegerField(default=0, db_default=0)  # how often it changed so much that it is told again
    renewed_at = models.DateTimeField(null=True)  # the last time: an answer from before is none to this
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    read_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "advisory", "version"], name="a_version_once_per_receiver")
        ]
        indexes = [models.Index(fields=["advisory", "version"], name="concerns_of_advisory")]


class Telling(models.Model):
    """That one receiver is told of a concern: the organisation itself, or a relay about its member."""

    class State(models.TextChoices):
        WAITING = "waiting"  # for its hour
        QUEUED = "queued"  # in the outbox, or readable in the portal and API
        DELIVERED = "delivered"
        BOUNCED = "bounced"
        FAILED = "failed"
        CANCELLED = "cancelled"
        BELOW = "below"  # the contact does not want to hear of what is not this severe
        NO_CONTACT = "no-contact"

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES, "about_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="tellings")
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.CASCADE, related_name="+")  # who is told
    about_id = models.UUIDField()  # the organisation that it concerns
    advisory = models.UUIDField()
    version = models.PositiveIntegerField()
    round = models.PositiveIntegerField(default=0, db_default=0)  # of the concern
    route = models.CharField(max_length=6)  # direct, relay
    decision_id = models.BigIntegerField(null=True)  # of notification.Decision: the ground in law
    contact_id = models.UUIDField(null=True)
    channel = models.CharField(max_length=8, blank=True)
    language = models.CharField(max_length=2)
    urgent = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    letter = models.UUIDField(null=True)  # what left together: one message
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "organisation", "contact_id", "round"],
                name="a_concern_once_per_contact",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="tellings_due"),
            models.Index(fields=["contact_id"], condition=models.Q(sent_at__isnull=True), name="tellings_of_contact"),
            models.Index(fields=["letter"], name="tellings_of_letter"),
            models.Index(fields=["organisation", "-created_at"], name="tellings_of_receiver"),
            models.Index(fields=["advisory", "version"], name="tellings_of_advisory"),
        ]


class Exposure(models.Model):
    """What an organisation answered to an advisory. A later answer is a row of its own; the newest counts."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.CASCADE, related_name="+")
    advisory = models.UUIDField()
    version = models.PositiveIntegerField()  # that it was told when it answered
    answer = models.CharField(max_length=12, choices=_choices(rules.Answer))
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=100)
    how = models.CharField(max_length=6)  # link, portal, api, phone

    class Meta:
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=["advisory", "organisation", "-at"], name="exposures_of_advisory")]
