"""The tables of on-call duty: the centre's own, closed to everybody else."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from dijkwacht.platform.crypto.sealed import Sealed
from dijkwacht.rooms.reporting.oncall.rules import Step


class Shift(models.Model):
    """A time in which somebody of the centre is called, and how: mail, sms, webhook; the ways stand sealed."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ways_sealed = models.BinaryField(default=b"", editable=False)
    ways = Sealed()  # {"mail": address, "sms": E.164 number, "webhook": https URL}, at least one
    by = models.CharField(max_length=100)  # the actor's id
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("starts_at", "name", "id")
        constraints = [
            models.UniqueConstraint(fields=["name", "starts_at", "ends_at"], name="a_shift_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="a_shift_ends_later"),
        ]
        indexes = [models.Index(fields=["ends_at"], name="shifts_by_end")]


class Alarm(models.Model):
    """Something that the centre must look at, until somebody takes it. `next_at`: when the next step is due."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    raised_at = models.DateTimeField(default=timezone.now)
    step = models.CharField(max_length=10, choices=[(step.value, step.value) for step in Step], default=Step.ON_DUTY)
    next_at = models.DateTimeField(null=True)  # empty: nobody is left to call
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=100, blank=True)  # a name, as the schedule or the account has it
    met_at = models.DateTimeField(null=True)  # all that it was about was done before anybody took it

    class Meta:
        ordering = ("-raised_at", "id")
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(acknowledged_at__isnull=True, met_at__isnull=True), name="alarms_open"
            )
        ]


class Cause(models.Model):
    """Why an alarm was raised: a moment of an incident, once."""

    row_owner = ""
    id = models.BigAutoField(primary_key=True)
    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="causes")
    incident = models.ForeignKey("reporting.Incident", on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=12)
    regime = models.CharField(max_length=20, blank=True)
    stage = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "purpose", "regime", "stage"], name="a_cause_once"),
        ]


class Call(models.Model):
    """One person who was called for an alarm, in one step; the link of the message names it."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="calls")
    step = models.CharField(max_length=10)
    name = models.CharField(max_length=100)  # empty: DIJKWACHT_DUTY_MAIL
    channels = models.CharField(max_length=40)  # "mail sms"
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")
        constraints = [models.UniqueConstraint(fields=["alarm", "name"], name="a_person_once_for_an_alarm")]
