"""What came in and was not read yet."""

import uuid
from typing import Final

from django.db import models
from django.utils import timezone

DOORS: Final = ("smtp", "lmtp", "imap", "form", "api")


class Arrival(models.Model):
    """One thing that was acknowledged: its bytes stand in the vault. Gone once it was read into a report.

    `sealed` holds what the door knew of who handed it in: {"sender", "address", "language"}.
    """

    row_owner = ""  # reporters are people: only the centre sees that they reported
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # that of the report to be
    vault = models.CharField(max_length=64)  # SHA-256 of the raw bytes
    door = models.CharField(max_length=8, choices=[(one, one) for one in DOORS])
    sealed = models.BinaryField()
    partner = models.CharField(max_length=50, blank=True)  # whose token it came with
    size = models.PositiveIntegerField()  # bytes
    received_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)  # of the next attempt, after one that failed
    problem = models.CharField(max_length=300, blank=True)  # why the last attempt failed

    class Meta:
        ordering = ("received_at", "id")
        indexes = [models.Index(fields=["attempts", "received_at"], name="arrivals_to_read")]
