"""What we hold of one organisation's asset, each change of it, and what the law says of it."""

from typing import Final

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils import timezone

from dijkwacht.kernel.errors import Language
from dijkwacht.law.explain import explain_to_receiver
from dijkwacht.platform.belonging import STAYS


class Decision(models.Model):
    """What the law says of one distinct combination of facts, with the policies that determined it."""

    row_owner = ""
    digest = models.CharField(max_length=64, unique=True)  # over the facts and the policy set
    made_at = models.DateTimeField(default=timezone.now)
    policy_set = models.CharField(max_length=64)
    facts = models.JSONField()
    record = models.JSONField()  # rulings per route, selected routes, obligations
    route = models.CharField(max_length=20)  # the first selected route; "nobody" is a refusal
    sentence_nl = models.TextField()
    sentence_en = models.TextField()

    def told(self, language: Language) -> str:
        """Say for its receiver why it is told; the whole sentence, with what binds the centre, stays there."""
        return explain_to_receiver(self.sentence_nl if language == "nl" else self.sentence_en, self.record, language)


class Finding(models.Model):
    """Organisation, asset, kind and key. The id is a keyed hash of the four: it can be made again, not guessed."""

    class State(models.TextChoices):
        OPEN = "open"
        ACKNOWLEDGED = "acknowledged"
        RESOLVED = "resolved"  # somebody told us
        GONE = "gone"  # not seen for the kind's number of days
        DISPUTED = "disputed"
        REOPENED = "reopened"

    row_owner = "organisation_id"
    when_joined = {"organisation_id": STAYS + "its id is made of it: carrying gives it a new one"}
    id = models.UUIDField(primary_key=True, editable=False)
    organisation = models.ForeignKey(
        "registry.Organisation", on_delete=models.CASCADE, related_name="findings", db_index=False, db_constraint=False
    )
    asset_id = models.BigIntegerField()
    asset = models.TextField()  # its value at the time: "192.0.2.0/24", "AS64500", "bakery.example"
    how = models.CharField(max_length=13)  # prefix, domain, asn, network-owner
    feed = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    key = models.TextField()
    address = models.TextField(blank=True)
    host = models.TextField(blank=True)
    port = models.IntegerField(null=True)
    protocol = models.CharField(max_length=20, blank=True)
    severity = models.SmallIntegerField()  # 0 info … 4 critical, the highest seen
    count = models.BigIntegerField()
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    state_changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    # What its last sighting meant: new, repeated, worse; where that reopened it, the state it was in: resolved, gone.
    sighting = models.CharField(max_length=8, db_default="new")
    created_at = models.DateTimeField()
    evidence = models.JSONField(default=dict)  # only the columns a receiver may see

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "state", "severity"], name="finding_of_organisation"),
            BrinIndex(fields=["created_at"], name="finding_created"),
        ]


# What reached nobody, for want of a contact or by law: looked at again when a contact comes, or to be called about.
UNREACHED: Final = ("no-contact", "refused")


class Event(models.Model):
    """One change of a finding: who or what changed it and why; and, once decided, what was done with it."""

    class Outcome(models.TextChoices):
        PENDING = "pending"
        TOLD = "told"
        DIGEST = "digest"  # waits for the receiver's day or week
        HELD = "held"  # waits for an officer
        REFUSED = "refused"  # the law says nobody
        BELOW_THRESHOLD = "below-threshold"
        NO_CONTACT = "no-contact"
        SILENT = "silent"  # a change that needs no notice, such as resolved
        CANCELLED = "cancelled"

    row_owner = "organisation_id"
    when_joined = {"organisation_id": STAYS + "carrying keeps it with its finding"}
    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="events", db_constraint=False)
    organisation_id = models.UUIDField()
    batch_id = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=100)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    severity = models.SmallIntegerField()
    version = models.IntegerField()
    reason = models.CharField(max_length=200)
    decision = models.ForeignKey(Decision, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, choices=Outcome.choices, default=Outcome.SILENT)

    class Meta:
        indexes = [
            models.Index(fields=["batch_id", "outcome"], name="event_of_batch"),
            models.Index(
                fields=["organisation_id", "id"],
                name="event_waiting",
                condition=models.Q(outcome__in=["pending", "digest", "held"]),
            ),
            models.Index(fields=["at"], name="event_unreached", condition=models.Q(outcome__in=UNREACHED)),
        ]
