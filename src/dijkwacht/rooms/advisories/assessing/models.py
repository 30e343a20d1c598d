"""Tables of assessing."""

import uuid

from django.db import models
from django.utils import timezone


class Assessment(models.Model):
    """One judgement of a matter, with what it was made of. Only its state changes; a next one takes its place."""

    row_owner = ""  # the centre's own work
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    matter_id = models.UUIDField(db_index=True)
    state = models.CharField(max_length=9)  # proposed, settled, refused, replaced
    likelihood = models.CharField(max_length=6)
    impact = models.CharField(max_length=6)
    label = models.CharField(max_length=6)  # urgent, normal
    answers = models.JSONField(default=dict)  # question: answer, both questionnaires
    questionnaire = models.CharField(max_length=40)  # which, with its day: "2026-11-26"
    suggested = models.JSONField(default=dict)  # likelihood, impact, label, reasons as codes with figures
    overrides = models.BooleanField(default=False)  # differs from what its answers give
    reason = models.CharField(max_length=1000, blank=True)
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)
    second_by = models.CharField(max_length=100, blank=True)
    second_at = models.DateTimeField(null=True)
    second_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ("-at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["matter_id"], condition=models.Q(state="settled"), name="advisories_one_settled"
            ),
            models.UniqueConstraint(
                fields=["matter_id"], condition=models.Q(state="proposed"), name="advisories_one_proposed"
            ),
        ]
