"""The list: entries, and the log of events that every format is made from."""

import uuid
from typing import Any, Final

from django.db import models
from django.utils import timezone

from dijkwacht.rooms.phishing.listing import rules

KINDS: Final = ("url", "host", "name", "domain")  # name: a private-suffix name with all under it


class Entry(models.Model):
    """One thing that is warned for now, or was. A short lease, renewed while it is still phishing."""

    row_owner = ""  # what is public of it goes out through the formats
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=6, choices=[(one, one) for one in KINDS])
    name = models.CharField(max_length=2048)  # canonical: the URL, or the host in lower case and A-labels
    # The first that it was made for; all of them are `campaigns`. Null: somebody's own, of no campaign.
    campaign = models.ForeignKey("phishing.Campaign", null=True, on_delete=models.SET_NULL, related_name="entries")
    reason = models.JSONField(default=list)  # as of a campaign
    blast_radius = models.JSONField(default=dict)  # what else a warning would hit, with the figures
    canary = models.BooleanField(default=False)
    added_by = models.CharField(max_length=100)
    added_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField()
    renewed_at = models.DateTimeField(null=True)  # no event of the log: the name stood there already
    removed_at = models.DateTimeField(null=True)
    removed_why = models.CharField(max_length=300, blank=True)
    removed_by = models.CharField(max_length=100, blank=True)
    campaigns = models.ManyToManyField("phishing.Campaign", through="EntryOfCampaign", related_name="warnings")
    recheck_asked_at = models.DateTimeField(null=True)  # once a lease: somebody should look whether it still is
    prefix = models.CharField(max_length=8, blank=True)  # first four bytes of rules.digest, hexadecimal

    class Meta:
        ordering = ("-added_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"], condition=models.Q(removed_at__isnull=True), name="one_live_entry_a_name"
            )
        ]
        indexes = [
            models.Index(fields=["lease_until"], condition=models.Q(removed_at__isnull=True), name="entries_by_lease"),
            models.Index(fields=["renewed_at"], condition=models.Q(removed_at__isnull=True), name="entries_by_renewal"),
            models.Index(fields=["prefix"], condition=models.Q(removed_at__isnull=True), name="entries_by_prefix"),
            models.Index(fields=["name"], name="entries_by_name"),
        ]

    def save(self, *args: Any, **how: Any) -> None:
        """Keep the prefix with the name, whoever makes the row."""
        self.prefix = self.prefix or rules.digest(self.kind, self.name)[:4].hex()
        super().save(*args, **how)


class EntryOfCampaign(models.Model):
    """A campaign that an entry warns for: it stands until the last of them is over. Kept when the entry ends."""

    row_owner = ""
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE)
    campaign = models.ForeignKey("phishing.Campaign", on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "entry"], name="one_entry_a_campaign")]


class Change(models.Model):
    """One event of the append-only log: an entry came or went. `serial` numbers them without a gap, oldest first."""

    row_owner = ""
    serial = models.BigIntegerField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="changes")
    added = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("serial",)


class Consumer(models.Model):
    """Who follows the list by zone transfer or signed push: a provider, a SOC. Its key is kept sealed."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.SlugField(max_length=40, unique=True)
    key_name = models.CharField(max_length=100, unique=True)  # of TSIG, without the last dot
    secret = models.BinaryField()  # platform.crypto.house: 32 bytes in base64, sealed for this row
    notify = models.CharField(max_length=100, blank=True)  # address#port that hears NOTIFY; empty: it asks by itself
    networks = models.CharField(max_length=500, blank=True)  # prefixes that may ask unsigned
    push_url = models.URLField(max_length=500, blank=True)  # https: what changed is posted there, signed
    pushed_serial = models.BigIntegerField(default=0)
    pushed_at = models.DateTimeField(null=True)
    push_said = models.CharField(max_length=300, blank=True)  # what went wrong the last time
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.CharField(max_length=100)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name",)


class ZoneUse(models.Model):
    """What a consumer last asked of a zone and last got: how stale it is."""

    row_owner = ""
    consumer = models.ForeignKey(Consumer, on_delete=models.CASCADE, related_name="uses")
    zone = models.CharField(max_length=4, choices=[("full", "full"), ("hot", "hot")])
    asked_at = models.DateTimeField(null=True)  # for the SOA or a transfer
    held_serial = models.BigIntegerField(null=True)  # that it said it had when it asked for a difference
    transferred_at = models.DateTimeField(null=True)
    transferred_serial = models.BigIntegerField(null=True)
    transferred_how = models.CharField(max_length=4, blank=True)  # axfr or ixfr

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consumer", "zone"], name="one_use_a_zone")]
