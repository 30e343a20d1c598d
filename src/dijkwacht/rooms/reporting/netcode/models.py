"""Tables of the electricity network code."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import MOVES
from dijkwacht.platform.crypto.sealed import Sealed


class Confidentiality(models.Model):
    """The verdict on what stays confidential, told to the entity within 24 hours (NCCS 37(1)). A row never changes."""

    row_owner = ""
    row_also_read = "incident_id in (select id from reporting_incident)"  # which has its own policy
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("reporting.Incident", on_delete=models.CASCADE, related_name="confidentiality")
    shareable = models.BooleanField()  # False: nothing goes to others
    withheld = ArrayField(
        models.CharField(max_length=60), default=list
    )  # facts that stay, besides what the table keeps
    reason_sealed = models.BinaryField(default=b"", editable=False)
    reason = Sealed()
    as_authority = models.BooleanField(default=False)  # given by the authority for electricity
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "id")


class ImpactEntity(models.Model):
    """A high-impact or critical-impact entity of the register, by which decision, from when until when (NCCS 24)."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.CASCADE, related_name="+")
    impact = models.CharField(max_length=8, choices=[("high", "high"), ("critical", "critical")])
    decision = models.CharField(max_length=200)
    valid_from = models.DateField(default=timezone.localdate)
    valid_to = models.DateField(null=True)  # last day

    class Meta:
        ordering = ("valid_from", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(valid_to=None), name="an_impact_entity_once"
            )
        ]
