"""Tables of what goes to others and of what other states send."""

import uuid
from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import MOVES
from dijkwacht.platform.crypto.sealed import Sealed
from dijkwacht.rooms.reporting.crossing.rules import Audience, PointKind, Sealing, Way

_NAMED: Final = "readers && (select dijkwacht_writable())::uuid[]"


class ForeignPoint(models.Model):
    """Where another state is reached: its single point of contact, or its contact under the network code."""

    row_owner = ""  # the centre's own address book
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    country = models.CharField(max_length=2)  # ISO 3166-1 alpha-2; EU is ENISA
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in PointKind])
    name = models.CharField(max_length=200)
    email = models.EmailField(max_length=254)
    phone = models.CharField(max_length=20, blank=True)  # E.164
    openpgp_key = models.TextField(blank=True)  # an armoured certificate (RFC 9580)
    source = models.CharField(max_length=200)  # where it was read, such as the list of the Cooperation Group
    active = models.BooleanField(default=True)
    checked_on = models.DateField(default=timezone.localdate)

    class Meta:
        ordering = ("country", "kind", "name", "id")
        constraints = [models.UniqueConstraint(fields=["country", "kind", "email"], name="a_foreign_point_once")]


class Crossing(models.Model):
    """An incident that another Member State must hear of: a place in the queue of the single point of contact."""

    row_owner = ""  # the centre's own work
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("reporting.Incident", on_delete=models.CASCADE, related_name="crossings")
    country = models.CharField(max_length=2)
    since = models.DateTimeField(default=timezone.now)  # when a report first named the state

    class Meta:
        ordering = ("since", "country")
        constraints = [models.UniqueConstraint(fields=["incident", "country"], name="a_crossing_once")]


class Settled(models.Model):
    """That nothing goes to an audience, as a person decided, and why."""

    row_owner = ""  # the centre's own work
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("reporting.Incident", on_delete=models.CASCADE, related_name="settled")
    audience = models.CharField(max_length=14, choices=[(one.value, one.value) for one in Audience])
    country = models.CharField(max_length=2, blank=True)
    reason_sealed = models.BinaryField(default=b"", editable=False)
    reason = Sealed()
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")


class Disclosure(models.Model):
    """A redacted version that went to one receiver: the exact text, on which ground, what was taken out and why."""

    row_owner = "reader_id"
    when_joined = {"reader_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=24, unique=True)  # what others call it by; it does not lead to the incident
    incident = models.ForeignKey("reporting.Incident", on_delete=models.CASCADE, related_name="disclosures")
    audience = models.CharField(max_length=14, choices=[(one.value, one.value) for one in Audience])
    country = models.CharField(max_length=2)
    receiver = models.CharField(max_length=60)  # point:<id> or organisation:<id>
    receiver_name = models.CharField(max_length=200)  # as it was called on that day
    sent_to = ArrayField(models.EmailField(max_length=254), default=list)  # where the mail went that says so
    reader_id = models.UUIDField(null=True)  # the organisation of the register that receives
    sealing = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Sealing], blank=True)
    content_sealed = models.BinaryField(default=b"", editable=False)
    content = Sealed()
    sha256 = models.CharField(max_length=64)  # of the content, in receipts.canonical
    removed = models.JSONField(default=list)  # path, what, why, article; never a value
    ground = models.CharField(max_length=200)
    decision = models.JSONField(default=dict)
    tests = models.JSONField(default=dict)  # test of Cbw 66(1): why it holds
    by = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ("at", "id")
        constraints = [
            # A later version of the incident may follow; the same text goes to the same receiver once.
            models.UniqueConstraint(fields=["incident", "audience", "receiver", "sha256"], name="a_disclosure_once")
        ]
        indexes = [models.Index(fields=["reader_id", "-at"], name="disclosures_of_a_reader")]


class Inbound(models.Model):
    """What the single point of contact of another state told, to be relayed to the CSIRT and the authority."""

    row_owner = ""
    row_also_read = _NAMED
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.OneToOneField("reporting.Incident", on_delete=models.CASCADE, related_name="inbound")
    country = models.CharField(max_length=2)
    point = models.ForeignKey(ForeignPoint, on_delete=models.PROTECT, null=True, related_name="+")
    reference = models.CharField(max_length=100, blank=True)  # theirs
    way = models.CharField(max_length=4, choices=[(way.value, way.value) for way in Way])
    sha256 = models.CharField(max_length=64)  # of what came in
    readers = ArrayField(models.UUIDField(), default=list)  # to whom it was relayed
    routes = models.JSONField(default=list)  # of the resolver: who takes it by law, on that day
    by = models.CharField(max_length=100)
    relayed_at = models.DateTimeField(null=True)
    relayed_by = models.CharField(max_length=100, blank=True)
    otherwise = models.CharField(max_length=500, blank=True)  # how whom the register does not hold was told

    class Meta:
        ordering = ("-incident__received_at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["country", "reference"],
                condition=~models.Q(reference=""),
                name="an_inbound_reference_once",
            )
        ]
