"""The tables of events that a provider reports for its customers. Every row is the provider's; customers read none."""

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from dijkwacht.platform.attachments import SealedFile
from dijkwacht.platform.belonging import MOVES
from dijkwacht.platform.crypto.sealed import Sealed
from dijkwacht.rooms.reporting.questions import QUESTIONS
from dijkwacht.rooms.reporting.rules import Channel, Stage


class ProviderEvent(models.Model):
    """What happened at a provider, told once for all customers. `owner_id`: its organisation, or a person's account."""

    row_owner = "owner_id"
    when_joined = {"owner_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    owner_id = models.UUIDField()
    facts_sealed = models.BinaryField(default=b"", editable=False)
    facts = Sealed()  # as last told
    language = models.CharField(max_length=2, default="nl")
    by = models.CharField(max_length=100)  # the actor's id
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "id")
        indexes = [models.Index(fields=["owner_id", "at"], name="events_of_a_provider")]

    @property
    def known(self) -> dict[str, Any]:
        """What was told, without what was said not to be known yet."""
        return {name: value for name, value in (self.facts or {}).items() if value is not None}

    @property
    def not_known_yet(self) -> list[str]:
        """The facts of which it was said that they are not known yet, and that nothing told since."""
        return sorted(name for name, value in (self.facts or {}).items() if value is None and name in QUESTIONS)

    @property
    def title(self) -> str:
        """What it is called, as the provider wrote it."""
        return str((self.facts or {}).get("title", ""))


class ProviderCustomer(models.Model):
    """A customer of an event, with its incident and the receipts that the provider got for it."""

    row_owner = "owner_id"
    when_joined = {"owner_id": MOVES, "organisation_id": MOVES}
    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(ProviderEvent, on_delete=models.CASCADE, related_name="customers")
    owner_id = models.UUIDField()
    organisation_id = models.UUIDField()
    name = models.CharField(max_length=200)  # as the provider read it when it reported
    incident = models.ForeignKey("reporting.Incident", on_delete=models.SET_NULL, null=True, related_name="+")
    receipts = ArrayField(models.TextField(), default=list)  # signed JSON, to the byte; they hold no content
    left_at = models.DateTimeField(null=True)  # the provider may report for it no more: what follows leaves it out

    class Meta:
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(fields=["event", "organisation_id"], name="a_customer_once_in_an_event"),
        ]


class ProviderFiling(models.Model):
    """One submission of an event, accepted with its moment; filed for every customer in one transaction, or not at all.

    `who`: who reports and by which mandates, as it was when it was accepted.
    """

    row_owner = "owner_id"
    when_joined = {"owner_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(ProviderEvent, on_delete=models.CASCADE, related_name="filings")
    owner_id = models.UUIDField()
    stage = models.CharField(max_length=20, choices=[(stage.value, stage.value) for stage in Stage])
    channel = models.CharField(max_length=16, default=Channel.PORTAL)
    facts_sealed = models.BinaryField(default=b"", editable=False)
    facts = Sealed()  # those that this submission adds or changes
    who = models.JSONField(default=dict)
    customers = models.PositiveIntegerField()
    files = ArrayField(models.UUIDField(), default=list, db_default=[])  # shared files that came with it
    at = models.DateTimeField(default=timezone.now)  # accepted: the moment of every report of it
    filed_at = models.DateTimeField(null=True)
    problem = models.JSONField(null=True)  # why nothing was filed, {"nl": …, "en": …}

    class Meta:
        ordering = ("-at", "id")


class SharedFile(SealedFile):
    """A file that a provider enclosed once for many: its bytes, sealed, and nothing by which two reports are alike.

    Each report has an `Attachment` of its own that refers to it; whoever may read that row may read these bytes.
    """

    row_owner = "owner_id"
    row_also_read = "exists (select 1 from reporting_attachment one where one.shared_id = reporting_sharedfile.id)"
    when_joined = {"owner_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner_id = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")


class ProviderProgress(models.Model):
    """How far a submission came, written beside its transaction; nothing depends on it."""

    row_owner = "owner_id"
    when_joined = {"owner_id": MOVES}
    filing_id = models.UUIDField(primary_key=True)
    owner_id = models.UUIDField()
    done = models.PositiveIntegerField(default=0)


class DraftCustomers(models.Model):
    """For whom a draft is, when it is for many: of the account that fills it in."""

    row_owner = "account"
    draft = models.OneToOneField("reporting.Draft", primary_key=True, on_delete=models.CASCADE, related_name="+")
    account = models.UUIDField()
    provider = models.UUIDField()  # who will own the event
    event = models.UUIDField(null=True)  # empty: a new one
    customers = ArrayField(models.UUIDField(), default=list)
