"""The tables of proof: what was asked, what was seen, and which files of the internet registries we hold."""

import uuid

from django.db import models
from django.utils import timezone

from dijkwacht.platform.attachments import SealedFile
from dijkwacht.platform.belonging import FOLLOWS
from dijkwacht.platform.crypto.sealed import Sealed
from dijkwacht.rooms.proof import vocabulary as words
from dijkwacht.rooms.registry.models import Asset, Organisation


def _choices(names: type[words.Word]) -> list[tuple[str, str]]:
    return [(name.value, name.value) for name in names]


class Challenge(models.Model):
    """What we ask of one organisation about one asset, by one method; see rules.Standing for what the times mean."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": FOLLOWS + "asset"}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="challenges")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    method = models.CharField(max_length=7, choices=_choices(words.Method))
    token = models.CharField(max_length=64, blank=True)  # of dns and file: to be published, so no secret
    token_digest = models.BinaryField(null=True)  # of mail: SHA-256 of what only the mail holds
    recipient = models.EmailField(max_length=254, blank=True)
    state = models.CharField(max_length=9, choices=_choices(words.State), default=words.State.OPEN)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    wanted_at = models.DateTimeField(null=True)  # somebody asked for a check that has not come yet
    proven_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("asset_id", "method", "-created_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "method", "recipient"],
                condition=models.Q(state__in=[words.State.OPEN.value, words.State.PROPOSED.value]),
                name="one_open_challenge_per_method_and_address",
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="challenge_due"),
            models.Index(fields=["token_digest"], name="challenge_by_mail"),
        ]


class Check(models.Model):
    """One look, with exactly what we saw."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": FOLLOWS + "challenge"}
    id = models.BigAutoField(primary_key=True)
    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="checks")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=9, choices=_choices(words.Outcome))
    code = models.CharField(max_length=30)  # which sentence of words.FINDINGS
    facts = models.JSONField(default=dict)  # what fills it
    seconds = models.FloatField(default=0)
    actor = models.CharField(max_length=100)

    class Meta:
        ordering = ("-at", "-id")
        indexes = [models.Index(fields=["challenge", "-at"], name="checks_of_a_challenge")]


class Piece(SealedFile):
    """Words, a file or both that an organisation sent to the centre to show that an asset is its own; sealed."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": FOLLOWS + "challenge"}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    challenge = models.ForeignKey(Challenge, on_delete=models.CASCADE, related_name="pieces")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    words_sealed = models.BinaryField(default=b"", editable=False)
    words = Sealed()
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")


class Snapshot(models.Model):
    """A file of an internet registry that was imported: its rows stand in Parquet files beside the database."""

    row_owner = ""  # the centre alone: the files hold people's addresses
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    filename = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, unique=True)
    source = models.CharField(max_length=40)  # such as RIPE, as the file or the operator says
    dated = models.DateField()  # of which day the data are
    objects_read = models.BigIntegerField(default=0)
    objects_kept = models.JSONField(default=dict)  # class of object → how many
    set_aside = models.BigIntegerField(default=0)  # objects that were not understood
    imported_at = models.DateTimeField(default=timezone.now, editable=False)
    imported_by = models.CharField(max_length=100)
    pruned_at = models.DateTimeField(null=True)  # its rows are gone from disk; what it was stays known

    class Meta:
        ordering = ("-dated", "-imported_at")
