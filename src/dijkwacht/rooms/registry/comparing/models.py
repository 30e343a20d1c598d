"""Tables of the comparison with a business register; for the centre alone."""

import uuid

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import STAYS
from dijkwacht.rooms.registry.comparing.rules import Different, Effect, Field


class Comparison(models.Model):
    """One snapshot that was laid beside the register, with its counts."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    started_by = models.CharField(max_length=100)
    started_at = models.DateTimeField(default=timezone.now)
    counts = models.JSONField(default=dict)  # rows, refused, known, filled, and per field

    class Meta:
        ordering = ("-started_at", "id")

    @property
    def source(self) -> str:
        """What the history calls it."""
        return f"comparison:{self.sha256[:12]}"


class Difference(models.Model):
    """One field of one organisation that the snapshot has otherwise."""

    row_owner = ""
    when_joined = {"organisation_id": STAYS + "it says what a comparison saw"}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="differences")
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=12, choices=[(field.value, field.value) for field in Field])
    ours = models.JSONField(null=True)
    theirs = models.JSONField(null=True)
    effect = models.CharField(max_length=8, blank=True, choices=[(effect.value, effect.value) for effect in Effect])
    would_be = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=9, default=Different.OPEN, choices=[(state.value, state.value) for state in Different]
    )
    decided_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("comparison_id", "-effect", "organisation_id", "field")
        constraints = [
            models.UniqueConstraint(fields=["comparison", "organisation", "field"], name="a_difference_once")
        ]
        indexes = [models.Index(fields=["comparison", "state", "field"], name="difference_by_field")]
