"""The tables of delivering: who receives under a law that names no authority of a sector, and what was acknowledged."""

import uuid

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import FOLLOWS, MOVES
from dijkwacht.rooms.reporting.seen_by import WITH_INCIDENT


class RegimeReceiver(models.Model):
    """Which organisation of the register receives the reports under one law: from when until when, on which ground.

    Row-level security lets it read those reports (`seen_by.OF_REGIME`), and nothing else of the incident.
    """

    row_owner = "reader_id"
    when_joined = {"reader_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reader = models.ForeignKey("registry.Organisation", on_delete=models.CASCADE, related_name="+")
    regime = models.CharField(max_length=20)
    role = models.CharField(max_length=20, blank=True)  # of the law's recipients; empty: of whoever the law names
    sector = models.CharField(max_length=10, blank=True)  # empty: of every sector, and of who stands in none
    ground = models.CharField(max_length=200)  # the article or decision that designates it
    valid_from = models.DateField(default=timezone.localdate)
    valid_to = models.DateField(null=True)  # last day
    told_at = models.DateTimeField(null=True)  # when it was told of the reports that waited for it, if any did

    class Meta:
        ordering = ("regime", "sector", "valid_from", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "regime", "role", "sector"],
                condition=models.Q(valid_to=None),
                name="a_receiver_of_a_regime_once",
            )
        ]


class ReportReceived(models.Model):
    """A receiver says that it received one report. The reporter reads it too. A row never changes."""

    row_owner = ("reader_id", "organisation_id")
    when_joined = {"reader_id": MOVES, "organisation_id": FOLLOWS + "report"}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey("reporting.Report", on_delete=models.CASCADE, related_name="received")
    reader_id = models.UUIDField()
    organisation_id = models.UUIDField(null=True)  # whose report it is
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")
        constraints = [models.UniqueConstraint(fields=["report", "reader_id"], name="a_report_received_once")]


class ReportedElsewhere(models.Model):
    """A stage that was reported to the authority itself, because we could not deliver it. A row never changes."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": FOLLOWS + "incident"}
    row_also_read = WITH_INCIDENT
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("reporting.Incident", on_delete=models.CASCADE, related_name="elsewhere")
    organisation_id = models.UUIDField(null=True)
    regime = models.CharField(max_length=20)
    stage = models.CharField(max_length=20)
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(fields=["incident", "regime", "stage"], name="a_stage_reported_elsewhere_once")
        ]
