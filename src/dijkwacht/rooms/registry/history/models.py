"""The table of the history of every field."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from dijkwacht.platform.belonging import STAYS
from dijkwacht.rooms.registry.seen_by import IN_SECTORS


class Change(models.Model):
    """What became of one row at one moment: its first fields, or those that changed. Written by triggers alone.

    The application may only read here; `registry_erase` takes personal values out and says so in `erased`.
    """

    row_owner = "organisation_id"
    row_also_read = IN_SECTORS.format("organisation_id")
    when_joined = {"organisation_id": STAYS + "the history of each; what moves leaves the one and enters the other"}
    id = models.BigAutoField(primary_key=True)  # the order of the changes of a row
    organisation_id = models.UUIDField()  # no foreign key: the history outlives its organisation
    record = models.CharField(max_length=12)  # organisation, contact, asset or mandate
    row = models.UUIDField()
    verb = models.CharField(max_length=6)  # see vocabulary.Verb
    values = models.JSONField()  # column: value, of what was set
    at = models.DateTimeField()  # one moment for all that a transaction changed
    actor = models.CharField(max_length=200)
    source = models.CharField(max_length=100)  # officer, organisation, system, import:…, registration, merge:…
    ground = models.CharField(max_length=100, blank=True)  # article of law, where one was named
    erased = ArrayField(models.CharField(max_length=40), default=list)  # fields of which the value is gone

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=["organisation_id", "id"], name="change_by_organisation"),
            models.Index(fields=["row", "id"], name="change_by_row"),
            BrinIndex(fields=["at"], name="change_by_time"),
        ]
