"""Tables of deciding: what waits, what was decided, what brakes the machine, and what is known of names and people."""

import uuid
from typing import Final

from django.db import models
from django.utils import timezone

STATES: Final = ("waiting", "proposed", "done")  # of a review
OUTCOMES: Final = ("final", "proposed", "confirmed", "refused", "withdrawn", "second")  # of a decision
ENDS: Final = ("proposed", "confirmed", "refused", "withdrawn")  # of a proposal


class Review(models.Model):
    """A campaign that people look at, or have looked at."""

    row_owner = ""  # the centre's own work
    campaign = models.OneToOneField("phishing.Campaign", primary_key=True, on_delete=models.CASCADE)
    state = models.CharField(max_length=8, default="waiting", choices=[(one, one) for one in STATES])
    why = models.JSONField(default=list)  # codes route-… of sentences.toml
    two = models.BooleanField(default=False)  # needs two people
    score = models.FloatField(default=0.0)  # of the text model, 0 to 1: ranks, never decides
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["state", "since"], name="reviews_by_state")]


class Decision(models.Model):
    """One verdict of the machine or of a person, with all that it was made of. Never changed but for its state."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey("phishing.Campaign", on_delete=models.CASCADE, related_name="decisions")
    state = models.CharField(max_length=9, choices=[(one, one) for one in OUTCOMES])
    verdict = models.CharField(max_length=10)
    targets = models.JSONField(default=list)  # judging.weighing.Target each: what is warned for
    reason = models.CharField(max_length=500, blank=True)  # a person's own words
    facts = models.JSONField(default=dict)  # judging.weighing.Case: what the rules were given
    outcome = models.JSONField(default=dict)  # judging.weighing.Outcome: what they said
    rules = models.CharField(max_length=16)  # their version
    by = models.CharField(max_length=100)  # the actor's id
    automatic = models.BooleanField(default=False)
    spent = models.PositiveIntegerField(default=0)  # of the budget: the warnings that are new
    of = models.ForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="answers"
    )  # confirms, or looks again
    seconds = models.FloatField(null=True)  # from opening the page to the decision
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "id")
        indexes = [
            models.Index(fields=["campaign", "-at"], name="decisions_of_campaign"),
            models.Index(fields=["automatic", "-at"], name="decisions_of_machine"),
        ]


class Proposal(models.Model):
    """What one person wants on the list of their own accord, of no campaign, and a second has to confirm."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=6)  # as of an entry, and canonical as there
    name = models.CharField(max_length=2048)
    reason = models.CharField(max_length=300)
    radius = models.JSONField(default=dict)  # what else it hits, as who proposed it saw it
    lease = models.DurationField(null=True)  # None: the usual one
    state = models.CharField(max_length=9, default="proposed", choices=[(one, one) for one in ENDS])
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)
    ended_by = models.CharField(max_length=100, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=300, blank=True)
    entry = models.ForeignKey("phishing.Entry", null=True, on_delete=models.PROTECT, related_name="proposals")

    class Meta:
        ordering = ("-at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"], condition=models.Q(state="proposed"), name="proposed_once_a_name"
            )
        ]


class Halt(models.Model):
    """The machine was halted: everything goes to people until an officer starts it again."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    running = models.BooleanField(default=True)  # always: one column for the constraint that only one holds
    why = models.CharField(max_length=12)  # budget, false-blocks, officer
    figures = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=100)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=500, blank=True)  # why it was started again

    class Meta:
        ordering = ("-at", "id")
        constraints = [
            models.UniqueConstraint(fields=["running"], condition=models.Q(ended_at__isnull=True), name="halted_once")
        ]


class Removal(models.Model):
    """A warning of ours that ended because it was wrong. Counts for the rate of false blocks."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entry = models.ForeignKey("phishing.Entry", on_delete=models.CASCADE)
    automatic = models.BooleanField()  # was added by the machine
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry"], name="wrong_once")]


class Reputation(models.Model):
    """What became of the reports of one source or network; see judging.reputation."""

    row_owner = ""
    kind = models.CharField(max_length=7)  # source, network
    key = models.CharField(max_length=64)  # the pseudonym
    confirmed = models.FloatField(default=0.0)
    refuted = models.FloatField(default=0.0)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_reputation_each")]


class Known(models.Model):
    """A list from elsewhere that was handed in: of much visited hosts, or of phishing."""

    row_owner = ""
    slug = models.SlugField(primary_key=True, max_length=40)
    kind = models.CharField(max_length=8)  # top, phishing
    licence = models.CharField(max_length=100)
    source = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)  # SHA-256 of the file
    rows = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)


class KnownName(models.Model):
    """One name or URL of such a list. `rank`: 1 is the most visited; 0 on a list of phishing."""

    row_owner = ""
    id = models.BigAutoField(primary_key=True)
    known = models.ForeignKey(Known, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=2048)
    domain = models.CharField(max_length=253, db_index=True)
    rank = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["name"], name="known_by_name")]


class AbuseContact(models.Model):
    """Where takedown mails about a shared host go. The first mail to it waits for a person."""

    row_owner = ""
    host = models.CharField(max_length=253, primary_key=True)
    email = models.EmailField(max_length=254)
    released_by = models.CharField(max_length=100, blank=True)
    released_at = models.DateTimeField(null=True)


class Takedown(models.Model):
    """A request to the owner of a host with pages of many to take one of them away."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey("phishing.Campaign", on_delete=models.CASCADE, related_name="takedowns")
    contact = models.ForeignKey(AbuseContact, on_delete=models.PROTECT, related_name="takedowns")
    url = models.CharField(max_length=2048)
    at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at", "id")
        constraints = [models.UniqueConstraint(fields=["campaign", "url"], name="asked_once")]
