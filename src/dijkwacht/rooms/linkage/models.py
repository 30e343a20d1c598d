"""The tables of linkage. Source records are kept as they came, and belong to the centre alone."""

import uuid

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import MOVES, STAYS


class Merge(models.Model):
    """Registers that are handed in together, and how far they are."""

    class State(models.TextChoices):
        LINKING = "linking"  # a job reads and links them
        READY = "ready"  # the dry run is there; the registry is as it was
        APPLYING = "applying"
        APPLIED = "applied"
        FAILED = "failed"  # nothing was changed; `fault` says why
        WITHDRAWN = "withdrawn"

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    mapping = models.TextField()
    files = models.JSONField(default=list)  # name, sha256, bytes of each
    state = models.CharField(max_length=9, choices=State.choices, default=State.LINKING)
    report = models.JSONField(default=dict)
    fault_nl = models.TextField(blank=True)
    fault_en = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.CharField(max_length=100)
    applied_at = models.DateTimeField(null=True)
    applied_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ("-created_at", "id")


class SourceRecord(models.Model):
    """One row of one register, as it came; it is never changed. `organisation`: what it is part of, once applied."""

    row_owner = ""
    when_joined = {"organisation_id": MOVES}
    id = models.BigAutoField(primary_key=True)
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    merge = models.ForeignKey(Merge, on_delete=models.PROTECT, related_name="records")
    source = models.CharField(max_length=100)
    row = models.IntegerField()  # data row, from 1; 0: an organisation as it stood in the registry
    raw = models.JSONField()  # column: cell
    fields = models.JSONField()  # field of the mapping: cell
    fingerprint = models.CharField(max_length=64)  # over source and fields: the same record again is recognised
    cluster = models.IntegerField(default=0)
    probability = models.FloatField(default=1.0)
    joins = models.UUIDField(null=True)  # an organisation that existed and is the cluster's, by the dry run
    organisation = models.ForeignKey(
        "registry.Organisation", null=True, on_delete=models.PROTECT, related_name="source_records"
    )
    imported_at = models.DateTimeField(default=timezone.now)
    imported_by = models.CharField(max_length=100)

    class Meta:
        ordering = ("id",)
        indexes = [models.Index(fields=["fingerprint"], name="record_by_fingerprint")]


class Pair(models.Model):
    """Two records that may be one organisation, with the evidence; a person answers."""

    class Answer(models.TextChoices):
        SAME = "same"
        DIFFERENT = "different"
        UNKNOWN = "unknown"

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="pairs")
    first = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="+")
    weight = models.FloatField()  # bits
    probability = models.FloatField()
    against = models.CharField(max_length=10, blank=True)
    evidence = models.JSONField()  # [comparison, level, bits] of each
    answer = models.CharField(max_length=9, choices=Answer.choices, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    answered_by = models.CharField(max_length=100, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-weight", "id")
        indexes = [
            models.Index(fields=["-weight", "id"], condition=models.Q(answer=""), name="pairs_that_wait"),
        ]
        constraints = [models.UniqueConstraint(fields=["merge", "first", "second"], name="a_pair_once")]


class Verdict(models.Model):
    """What a person said of two records, by their fingerprints: it holds for every later import."""

    row_owner = ""
    id = models.BigAutoField(primary_key=True)
    low = models.CharField(max_length=64)
    high = models.CharField(max_length=64)
    answer = models.CharField(max_length=9, choices=Pair.Answer.choices)
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["low", "high"], name="one_verdict_per_pair")]


class Joining(models.Model):
    """Two organisations of the registry made one, with all that is needed to make them two again."""

    row_owner = ""
    when_joined = dict.fromkeys(("kept_id", "gone_id"), STAYS + "it says who was joined into whom")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey("registry.Organisation", on_delete=models.PROTECT, related_name="+")
    pair = models.ForeignKey(Pair, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=500)
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.CharField(max_length=100, blank=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=models.Q(undone_at__isnull=True), name="joined_into_one_at_a_time"
            ),
        ]


class MovedRow(models.Model):
    """One row that a joining took from one organisation to the other: what it was, and where it stood."""

    row_owner = ""
    id = models.BigAutoField(primary_key=True)
    joining = models.ForeignKey(Joining, on_delete=models.CASCADE, related_name="moved")
    table = models.CharField(max_length=30)
    row = models.CharField(max_length=40)
    column = models.CharField(max_length=20)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)


class Origin(models.Model):
    """Which source record a field of an organisation has its value from, and by which rule."""

    row_owner = ""
    when_joined = {"organisation_id": STAYS + "projected anew from the source records"}
    id = models.BigAutoField(primary_key=True)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.CASCADE, related_name="origins")
    field = models.CharField(max_length=20)
    value = models.TextField(blank=True)
    record = models.ForeignKey(SourceRecord, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=60)

    class Meta:
        ordering = ("organisation_id", "field")
        constraints = [models.UniqueConstraint(fields=["organisation", "field"], name="one_origin_per_field")]
