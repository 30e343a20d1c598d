"""What organisations run. A line is never changed: it comes, and it goes, each with who, when and from what."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import FOLLOWS, MOVES
from dijkwacht.rooms.advisories.inventory.rules import Source


class Inventory(models.Model):
    """A list of what one system, site or whole organisation runs."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.CASCADE, related_name="inventories")
    name = models.CharField(max_length=100)  # one of a name at a time, kept by the action: joined lists may share one
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.CharField(max_length=100)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ("organisation_id", "name", "id")
        indexes = [
            models.Index(
                fields=["organisation"], condition=models.Q(removed_at__isnull=True), name="inventories_in_use"
            )
        ]


class Intake(models.Model):
    """One time that lines were told: a file, a text, a choice from the list. What came and went names it."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": FOLLOWS + "inventory"}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inventory = models.ForeignKey(Inventory, on_delete=models.CASCADE, related_name="intakes")
    organisation_id = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=100)
    source = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Source])
    filename = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)  # of the file; the file itself is not kept
    replaced = models.BooleanField(default=False)  # what was not in it went
    added = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)  # stood there already
    removed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-at", "id")
        indexes = [models.Index(fields=["inventory", "-at"], name="intakes_of_inventory")]


class Name(models.Model):
    """A product as some organisation calls it, whoever: what a run of the matching looks through first."""

    row_owner = ""  # tells nobody who runs it, and is nobody's to read
    digest = models.CharField(primary_key=True, max_length=32)  # rules.name_digest
    vendor = models.CharField(max_length=200, blank=True)
    product = models.CharField(max_length=300)
    cpe = models.CharField(max_length=500, blank=True)
    purl = models.CharField(max_length=500, blank=True)
    keys = ArrayField(models.TextField(), default=list)  # names.keys: words, CPE, purl, model numbers

    class Meta:
        indexes = [GinIndex(fields=["keys"], name="names_by_key")]


class Edition(models.Model):
    """A name in a version as some organisation writes it, whoever: what a verdict is given on, once for all who run it.

    Kept in the transaction that adds a line, so that a run sees what was told a second ago, in every process.
    """

    row_owner = ""
    digest = models.CharField(primary_key=True, max_length=32)  # rules.edition_digest
    name = models.CharField(max_length=32)  # of Name
    vendor = models.CharField(max_length=200, blank=True)
    product = models.CharField(max_length=300)
    version = models.CharField(max_length=200, blank=True)
    cpe = models.CharField(max_length=500, blank=True)
    purl = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["name"], name="editions_by_name")]


class Line(models.Model):
    """A product in a version that an organisation runs, or ran, in its own words."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": FOLLOWS + "inventory"}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inventory = models.ForeignKey(Inventory, on_delete=models.CASCADE, related_name="lines")
    organisation_id = models.UUIDField()
    vendor = models.CharField(max_length=200, blank=True)
    product = models.CharField(max_length=300)
    version = models.CharField(max_length=200, blank=True)
    cpe = models.CharField(max_length=500, blank=True)
    purl = models.CharField(max_length=500, blank=True)
    digest = models.CharField(max_length=32)  # rules.digest
    edition = models.CharField(max_length=32)  # of Edition: the same to the letter
    source = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Source])
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.CharField(max_length=100)
    added_in = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="lines_added")
    seen_at = models.DateTimeField(default=timezone.now)  # the last time that it was told
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=100, blank=True)
    removed_in = models.ForeignKey(Intake, null=True, on_delete=models.SET_NULL, related_name="lines_removed")

    class Meta:
        ordering = ("vendor", "product", "version", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["inventory", "digest"],
                condition=models.Q(removed_at__isnull=True),
                name="a_line_once_per_inventory",
            )
        ]
        indexes = [
            models.Index(
                fields=["organisation_id"], condition=models.Q(removed_at__isnull=True), name="lines_of_organisation"
            ),
            # With what a run asks of it, so that it reads no line of millions: whose it is, and which.
            models.Index(
                fields=["edition"],
                include=["organisation_id", "id"],
                condition=models.Q(removed_at__isnull=True),
                name="lines_by_edition",
            ),
        ]
