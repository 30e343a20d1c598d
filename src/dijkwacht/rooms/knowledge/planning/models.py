"""What an organisation answered and what it decided to do. Its own secret: row-level security as of findings."""

import uuid

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import FOLLOWS, MOVES


class Scan(models.Model):
    """One self-scan as it was filled in. Never changed; a next one shows the progress."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.CASCADE, related_name="scans")
    instrument = models.SlugField(max_length=40)
    version = models.PositiveIntegerField()  # of the instrument
    size = models.CharField(max_length=6)  # micro, small, medium, large
    answers = models.JSONField()  # code of the statement → yes, partly, no, unknown
    taken_by = models.CharField(max_length=100)
    taken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-taken_at", "id")
        indexes = [models.Index(fields=["organisation", "instrument", "-taken_at"], name="scans_of_an_organisation")]


class Item(models.Model):
    """One line of a plan: a measure that an organisation decided about."""

    class Status(models.TextChoices):
        OPEN = "open"
        DOING = "doing"
        DONE = "done"
        DROPPED = "dropped"

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.CASCADE, related_name="plan")
    measure = models.SlugField(max_length=60)
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.OPEN)
    owner = models.CharField(max_length=100, blank=True)  # who does it, in their words
    due = models.DateField(null=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=100)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("organisation_id", "measure")
        constraints = [models.UniqueConstraint(fields=["organisation", "measure"], name="one_item_per_measure")]


class Change(models.Model):
    """What became of a line of a plan, by whom: the history of it."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": f"{FOLLOWS}item"}
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="changes")
    organisation_id = models.UUIDField()
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=7)
    owner = models.CharField(max_length=100, blank=True)
    due = models.DateField(null=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=100)

    class Meta:
        ordering = ("-version", "id")
