"""Tables of campaigns and of the reports that belong to them."""

import uuid
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

VERDICTS: Final = ("looking", "phishing", "suspicious", "legitimate", "own", "cannot-say")


class Campaign(models.Model):
    """Mails of one attack: one analysis, one verdict. Holds nothing of who reported."""

    row_owner = ""  # the centre's own work
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64, unique=True)  # SHA-256 of what makes mails the same: see the README
    subject = models.CharField(max_length=300, blank=True)  # scrubbed of names and numbers of reporters
    senders = ArrayField(models.CharField(max_length=200), default=list)
    hosts = ArrayField(models.CharField(max_length=253), default=list)
    brand = models.CharField(max_length=40, blank=True)  # slug of the brand that it imitates
    analysis = models.JSONField(default=dict)  # judging.analysing.Analysis of the first mail
    mails = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    verdict = models.CharField(max_length=10, default="looking", choices=[(one, one) for one in VERDICTS])
    reason = models.JSONField(default=list)  # of the verdict: a list of {"code", "family", "nl", "en"}
    judged_by = models.CharField(max_length=100, blank=True)  # the actor's id
    judged_at = models.DateTimeField(null=True)
    # By what its mails are recognised: campaigns.rules.Traits of the first.
    sites = models.CharField(max_length=64, blank=True)
    keys = ArrayField(models.CharField(max_length=16), default=list)
    sketch = ArrayField(models.IntegerField(), default=list)
    marks = ArrayField(models.CharField(max_length=16), default=list)
    verified_sources = models.PositiveIntegerField(default=0)  # distinct, counted up to 100
    wave = models.UUIDField(null=True, db_index=True)  # the identifier of the first campaign of it; null: alone

    class Meta:
        ordering = ("-last_at", "id")
        indexes = [
            models.Index(fields=["verdict", "-last_at"], name="campaigns_by_verdict"),
            models.Index(fields=["sites", "-last_at"], name="campaigns_by_sites"),
            GinIndex(fields=["marks"], name="campaigns_by_marks"),
        ]


class Variant(models.Model):
    """One exact key that was found to be of a campaign, so that the next mail of it is found at once."""

    row_owner = ""
    key = models.CharField(max_length=64, primary_key=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="variants")
    at = models.DateTimeField(default=timezone.now)


class Report(models.Model):
    """One mail, URL or picture that somebody handed in, and the campaign that it is of."""

    row_owner = ""  # reporters are people: only the centre sees that they reported
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey(Campaign, null=True, on_delete=models.CASCADE, related_name="reports")
    vault = models.CharField(max_length=64)  # SHA-256 of the raw bytes, which stand sealed until their term
    door = models.CharField(max_length=8)  # smtp, lmtp, imap, form, api
    source = models.CharField(max_length=64)  # pseudonym of who reported: HMAC of the address, or a partner's slug
    verified = models.BooleanField(default=False)  # by DKIM aligned with From, or by a partner's token
    network = models.CharField(max_length=64, blank=True)  # pseudonym of the network that it came from
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-received_at", "id")
        indexes = [
            models.Index(fields=["campaign", "source"], name="reports_by_campaign"),
            models.Index(fields=["received_at"], name="reports_by_time"),
        ]
