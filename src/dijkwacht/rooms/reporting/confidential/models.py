"""The tables of confidential criteria. The entity and the authority that decided read a row; else the centre alone."""

import uuid

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import FOLLOWS, MOVES
from dijkwacht.platform.crypto.sealed import Sealed


class OwnCriterion(models.Model):
    """One criterion of one entity. What it says never changes; it ends by its last day."""

    row_owner = ("authority_id", "organisation_id")  # both read, the authority writes
    when_joined = {"authority_id": MOVES, "organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation_id = models.UUIDField()
    authority_id = models.UUIDField(null=True)  # empty: it is not in the register
    content_sealed = models.BinaryField(default=b"", editable=False)
    content = Sealed()  # {"criterion": as law.incidents reads it, "questions": {name: {"nl", "en", "kind"}}}
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)  # last day
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("valid_from", "id")
        indexes = [models.Index(fields=["organisation_id"], name="criteria_of_an_entity")]


class OwnFired(models.Model):
    """A confidential criterion that a judgement met."""

    row_owner = ("authority_id", "organisation_id")
    when_joined = {"authority_id": MOVES, "organisation_id": FOLLOWS + "criterion"}
    id = models.BigAutoField(primary_key=True)
    judgement = models.ForeignKey("reporting.Judgement", on_delete=models.CASCADE, related_name="+")
    criterion = models.ForeignKey(OwnCriterion, on_delete=models.CASCADE, related_name="+")
    organisation_id = models.UUIDField()
    authority_id = models.UUIDField(null=True)


class OwnFacts(models.Model):
    """What an entity told for its own criteria alone: it stands beside the incident, whose facts others read."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": FOLLOWS + "incident"}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.OneToOneField("reporting.Incident", on_delete=models.CASCADE, related_name="+")
    organisation_id = models.UUIDField()
    facts_sealed = models.BinaryField(default=b"", editable=False)
    facts = Sealed()
