"""Tables of the catalogue: products, what they are called, and pairs of names that wait for an analyst."""

import uuid
from typing import Final

from django.db import models
from django.utils import timezone

KINDS: Final = ("name", "cpe", "purl", "model")
ORIGINS: Final = ("source", "analyst", "import")
STATES: Final = ("waiting", "yes", "no", "other")


class Product(models.Model):
    """One product, in the name by which we show it."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vendor = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=300)
    maker = models.CharField(max_length=200, blank=True)  # naming.vendor_key
    key = models.CharField(max_length=300)  # naming.product_key
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("maker", "key", "id")
        constraints = [models.UniqueConstraint(fields=["maker", "key"], name="advisories_product_once")]


class Alias(models.Model):
    """A name, CPE, purl or model number that is (`same`), or is not, what this product is called."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="aliases")
    kind = models.CharField(max_length=5, choices=[(one, one) for one in KINDS])
    vendor = models.CharField(max_length=200, blank=True)  # of a name
    value = models.CharField(max_length=500)
    key = models.CharField(max_length=900)  # matching.rules.alias_key: what counts as the same spelling
    same = models.BooleanField(default=True)
    origin = models.CharField(max_length=7, choices=[(one, one) for one in ORIGINS])
    by = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("kind", "vendor", "value", "id")
        constraints = [models.UniqueConstraint(fields=["product", "key"], name="advisories_alias_once")]
        indexes = [models.Index(fields=["key"], name="advisories_aliases_by_key")]


class Question(models.Model):
    """Is what somebody runs (`our_…`) what a source means (`their_…`)? Says nothing of who runs it."""

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    our_vendor = models.CharField(max_length=200, blank=True)
    our_product = models.CharField(max_length=300)
    their_vendor = models.CharField(max_length=200, blank=True)
    their_product = models.CharField(max_length=300)
    our_key = models.CharField(max_length=600)
    their_key = models.CharField(max_length=600)
    how = models.CharField(max_length=12)  # matching.evidence.How
    confidence = models.FloatField()
    source = models.CharField(max_length=60)
    item = models.CharField(max_length=500)  # an item in which the source says it
    state = models.CharField(max_length=7, default="waiting", choices=[(one, one) for one in STATES])
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=100, blank=True)
    product = models.ForeignKey(Product, null=True, on_delete=models.SET_NULL, related_name="questions")

    class Meta:
        ordering = ("-confidence", "asked_at", "id")
        constraints = [models.UniqueConstraint(fields=["our_key", "their_key"], name="advisories_question_once")]
        indexes = [models.Index(fields=["state", "-confidence", "id"], name="advisories_questions_waiting")]


class Taken(models.Model):
    """Up to which statement of the sources the catalogue was built. One row."""

    row_owner = ""
    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    statement = models.BigIntegerField(default=0)
