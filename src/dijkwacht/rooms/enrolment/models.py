"""The tables of enrolment. A draft and a registration belong to the account of the person who makes them."""

import uuid

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import MOVES
from dijkwacht.rooms.enrolment.rules import OPEN, State


class Draft(models.Model):
    """What somebody has filled in so far; one for each account."""

    row_owner = "account"
    account = models.UUIDField(primary_key=True)
    answers = models.JSONField(default=dict)  # question -> as typed
    assessment = models.TextField(blank=True)  # the query of the self-assessment that it was carried over from
    updated_at = models.DateTimeField(default=timezone.now)


class Registration(models.Model):
    """What was confirmed, with its receipt, and what became of it."""

    row_owner = "account"
    when_joined = {"organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.UUIDField()
    organisation_id = models.UUIDField(null=True)  # once approved
    name = models.CharField(max_length=200)
    language = models.CharField(max_length=2, default="nl")
    state = models.CharField(max_length=9, choices=[(state.value, state.value) for state in State])
    automatic = models.BooleanField(default=False)  # approved without a hand
    reasons = models.JSONField(default=list)  # of rules.Reason; for officers only
    numbers = models.JSONField(default=dict)  # kind -> number, as registered
    proven = models.JSONField(default=dict)  # kind -> number, as the broker gave it
    confirmed = models.JSONField()  # organisation, contacts, assets: values for the registry
    receipt = models.TextField()  # the signed JSON, to the byte
    network = models.CharField(max_length=50)  # where it came from, as a /24 or /48: a bound against floods
    submitted_at = models.DateTimeField(default=timezone.now)
    question = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=100, blank=True)  # the actor's id
    decision = models.TextField(blank=True)  # why

    class Meta:
        ordering = ("submitted_at", "id")
        indexes = [
            models.Index(fields=["account", "submitted_at"], name="registrations_of_an_account"),
            models.Index(fields=["network", "submitted_at"], name="registrations_of_a_network"),
            models.Index(
                fields=["submitted_at"],
                condition=models.Q(state__in=[s.value for s in OPEN]),
                name="open_registrations",
            ),
        ]
