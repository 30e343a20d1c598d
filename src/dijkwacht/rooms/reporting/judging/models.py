"""The tables of what was made of an incident. Reasons stand encrypted."""

import uuid

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import FOLLOWS, MOVES
from dijkwacht.platform.crypto.sealed import Sealed
from dijkwacht.rooms.reporting.seen_by import WITH_INCIDENT


class Judgement(models.Model):
    """Whether it is significant, at one moment: which criterion fired; or why it was not reported, and that stays."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": FOLLOWS + "incident"}
    row_also_read = WITH_INCIDENT
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("reporting.Incident", on_delete=models.CASCADE, related_name="judgements")
    organisation_id = models.UUIDField(null=True)
    significant = models.BooleanField(null=True)  # None: cannot be said yet
    verdict = models.JSONField(default=dict)  # of law.incidents.significance
    reason_sealed = models.BinaryField(default=b"", editable=False)
    reason = Sealed()  # "not reported because"
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "id")


class Unreported(models.Model):
    """An incident that its organisation judged and does not report, and why. A row never changes."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)
    organisation_id = models.UUIDField()
    facts_sealed = models.BinaryField(default=b"", editable=False)
    facts = Sealed()
    significant = models.BooleanField(null=True)  # by the criteria; None: they could not say
    verdict = models.JSONField(default=dict)  # of law.incidents.significance
    reason_sealed = models.BinaryField(default=b"", editable=False)
    reason = Sealed()
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "id")
        indexes = [models.Index(fields=["organisation_id", "at"], name="unreported_of_an_organisation")]


class Handover(models.Model):
    """An incident given to an authority or CSIRT: on which ground, with the four tests of Cbw 66(1), acknowledged."""

    row_owner = "reader_id"
    when_joined = {"reader_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("reporting.Incident", on_delete=models.CASCADE, related_name="handovers")
    reader_id = models.UUIDField()  # the organisation that receives
    ground = models.CharField(max_length=200)
    decision = models.JSONField(default=dict)  # the facts, the policies that decided, the hash of the policy set
    tests = models.JSONField(default=dict)  # test of Cbw 66(1): why it holds
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ("at", "id")
        constraints = [models.UniqueConstraint(fields=["incident", "reader_id"], name="a_handover_once")]


class Likeness(models.Model):
    """Two incidents that may be one. A person links them, or says that they are not; nothing is merged."""

    row_owner = ""  # it shows two organisations
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first = models.ForeignKey("reporting.Incident", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("reporting.Incident", on_delete=models.CASCADE, related_name="+")
    reasons = models.JSONField(default=list)  # of rules.Alike
    linked = models.BooleanField(null=True)  # None: not judged yet
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="a_likeness_once")]
