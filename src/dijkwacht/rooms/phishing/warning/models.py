"""Appeals, and how often somebody was warned: by entry and hour, never who."""

import uuid
from typing import Final

from django.db import models
from django.utils import timezone

from dijkwacht.rooms.phishing.listing.models import Entry

DECISIONS: Final = ("unblocked", "kept")


class Appeal(models.Model):
    """Somebody without an account says that an entry is a mistake. A person decides within the hour."""

    row_owner = ""  # whoever has the ticket sees its state through a page, nobody else
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.CharField(max_length=64, unique=True)  # SHA-256 of the number that was shown once
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="appeals")
    text = models.CharField(max_length=2000)
    contact = models.BinaryField(null=True)  # a mail address, sealed; empty when none was given
    proof_token = models.CharField(max_length=40)  # to show in DNS or in a file that the site is one's own
    proven_at = models.DateTimeField(null=True)
    proof_looked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=9, blank=True, choices=[(one, one) for one in DECISIONS])
    answer = models.CharField(max_length=300, blank=True)  # what the decider says to who appealed
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ("due_at", "id")
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(decided_at__isnull=True), name="open_appeals_by_due")
        ]


class Visit(models.Model):
    """How many requests for one entry came to the warning page in one hour."""

    row_owner = ""
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="visits")
    hour = models.DateTimeField()
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "hour"], name="one_count_an_hour")]
