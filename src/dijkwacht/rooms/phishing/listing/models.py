"""The list: entries, and the log of events that every format is made from."""

import uuid
from typing import Final

from django.db import models
from django.utils import timezone

KINDS: Final = ("url", "host", "name", "domain")  # name: a private-suffix name with all under it


class Entry(models.Model):
    """One thing that is warned for now, or was. A short lease, renewed while it is still phishing."""

    row_owner = ""  # what is public of it goes out through the formats
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=6, choices=[(one, one) for one in KINDS])
    name = models.CharField(max_length=2048)  # canonical: the URL, or the host in lower case and A-labels
    campaign = models.ForeignKey("phishing.Campaign", null=True, on_delete=models.SET_NULL, related_name="entries")
    reason = models.JSONField(default=list)  # as of a campaign
    blast_radius = models.JSONField(default=dict)  # what else a warning would hit, with the figures
    canary = models.BooleanField(default=False)
    added_by = models.CharField(max_length=100)
    added_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-added_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"], condition=models.Q(removed_at__isnull=True), name="one_live_entry_a_name"
            )
        ]
        indexes = [
            models.Index(fields=["lease_until"], condition=models.Q(removed_at__isnull=True), name="entries_by_lease")
        ]


class Change(models.Model):
    """One event of the append-only log: an entry came or went. `serial` numbers them without a gap, oldest first."""

    row_owner = ""
    serial = models.BigIntegerField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="changes")
    added = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("serial",)
