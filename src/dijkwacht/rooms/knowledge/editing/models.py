"""Edited versions of measures, and lessons. A revision is written once; only its state changes."""

import uuid

from django.db import models
from django.utils import timezone


class Revision(models.Model):
    """The whole text of a measure as somebody edited it. `base`: the number that it began from, 0 for the file."""

    class State(models.TextChoices):
        DRAFT = "draft"
        PROPOSED = "proposed"
        APPROVED = "approved"
        REFUSED = "refused"

    row_owner = ""  # the centre's work; what is approved, is published by reads as the system
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measure = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    base = models.PositiveIntegerField()
    text = models.TextField()
    why = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    publish_on = models.DateField()  # from this day on, once approved
    owner = models.CharField(max_length=254, blank=True)  # mail address of who looks at it again
    written_by = models.CharField(max_length=100)
    written_at = models.DateTimeField(default=timezone.now)
    decided_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)  # the reason given

    class Meta:
        ordering = ("measure", "-number")
        constraints = [models.UniqueConstraint(fields=["measure", "number"], name="one_revision_per_number")]


class Lesson(models.Model):
    """A note on a measure: what an incident or an officer taught. Nothing in it names an organisation."""

    class State(models.TextChoices):
        OPEN = "open"
        TAKEN = "taken"  # a revision came of it
        ASIDE = "aside"  # with a reason

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measure = models.SlugField(max_length=60)
    text = models.TextField()
    source = models.CharField(max_length=100, blank=True)  # the number of an incident, or an exercise
    state = models.CharField(max_length=5, choices=State.choices, default=State.OPEN)
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="lessons")
    reason = models.CharField(max_length=500, blank=True)
    written_by = models.CharField(max_length=100)
    written_at = models.DateTimeField(default=timezone.now)
    handled_by = models.CharField(max_length=100, blank=True)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-written_at", "id")
