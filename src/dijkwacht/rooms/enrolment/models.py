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
    revises = models.UUIDField(null=True)  # the registration that it corrects
    updated_at = models.DateTimeField(default=timezone.now)


class AssetList(models.Model):
    """A list of what is an organisation's, too long for a page: of one draft, read by a job."""

    row_owner = "account"
    account = models.UUIDField(primary_key=True)
    version = models.UUIDField(default=uuid.uuid4)  # another when it is handed in again: a job reads the one it knows
    text = models.TextField()
    lines = models.PositiveIntegerField()
    lines_read = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(null=True)  # when all of it was read
    assets = models.JSONField(default=list)  # [kind, value]
    refused = models.JSONField(default=list)  # [line, text, reason in Dutch, in English]
    handed_in_at = models.DateTimeField(default=timezone.now)


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
    answers = models.JSONField(default=dict)  # as typed, to correct them when an officer asks
    assessment = models.TextField(blank=True)
    network = models.CharField(max_length=50)  # where it came from, as a /24 or /48: a bound against floods
    submitted_at = models.DateTimeField(default=timezone.now)
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


class Question(models.Model):
    """What an officer asked about a registration, and what its maker answered."""

    row_owner = "account"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.UUIDField()
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="questions")
    question = models.TextField()
    asked_by = models.CharField(max_length=100)  # the actor's id
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("asked_at", "id")


class Version(models.Model):
    """What a registration held before its maker corrected it, with the receipt of then."""

    row_owner = "account"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.UUIDField()
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="versions")
    confirmed = models.JSONField()
    receipt = models.TextField()
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("replaced_at", "id")
