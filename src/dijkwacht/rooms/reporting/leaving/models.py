"""The table of what the desk must hear when an organisation leaves the register."""

import uuid

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import STAYS
from dijkwacht.platform.crypto.sealed import Sealed
from dijkwacht.rooms.reporting.leaving.rules import Side


class Departure(models.Model):
    """That an organisation left while an incident was open: on the desk until a person says how it goes on."""

    row_owner = ""  # the centre's own work
    when_joined = {"organisation_id": STAYS + "it says who left the register"}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("reporting.Incident", on_delete=models.CASCADE, related_name="departures")
    organisation_id = models.UUIDField()
    side = models.CharField(max_length=8, choices=[(side.value, side.value) for side in Side])
    left_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=100, blank=True)
    note_sealed = models.BinaryField(default=b"", editable=False)
    note = Sealed()  # how it goes on: whom to reach, or why nobody

    class Meta:
        ordering = ("left_at", "id")
        constraints = [
            models.UniqueConstraint(fields=["incident", "organisation_id", "side", "left_at"], name="a_departure_once")
        ]
