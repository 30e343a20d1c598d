"""The table of those who leave, or left, the register."""

import uuid

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import STAYS
from dijkwacht.rooms.registry.leaving.rules import OPEN
from dijkwacht.rooms.registry.vocabulary import LeaveReason, LeaveState


class Deregistration(models.Model):
    """That an organisation leaves the register on a day, and what became of it."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": STAYS + "it says which registration ended"}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.CASCADE, related_name="deregistrations")
    state = models.CharField(max_length=9, choices=[(state.value, state.value) for state in LeaveState])
    reason = models.CharField(max_length=12, choices=[(reason.value, reason.value) for reason in LeaveReason])
    explanation = models.CharField(max_length=1000, blank=True)
    successor = models.CharField(max_length=200, blank=True)  # who goes on, as told: it need not stand here
    effective_on = models.DateField()  # from the start of this day at the centre
    by_officer = models.BooleanField(default=False)  # asked by the centre, and withdrawn by it alone
    obstacles = models.JSONField(default=list)  # of rules.Obstacle: why an officer confirms
    asked_by = models.CharField(max_length=100)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)  # why it was confirmed, refused or withdrawn
    done_at = models.DateTimeField(null=True)
    ended = models.JSONField(default=dict)  # what ended with it: kind and number

    class Meta:
        ordering = ("effective_on", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(state__in=OPEN), name="one_open_deregistration"
            )
        ]
        indexes = [
            models.Index(fields=["effective_on"], condition=models.Q(state="confirmed"), name="due_deregistrations")
        ]
