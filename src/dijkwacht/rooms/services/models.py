"""What an organisation said yes to. A row is only ever withdrawn: the rows of a product are its history."""

import uuid

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import MOVES


class Subscription(models.Model):
    """One yes to one product, with the text that was agreed to."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": MOVES}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey("registry.Organisation", on_delete=models.CASCADE, related_name="subscriptions")
    product = models.SlugField(max_length=40)
    consent_version = models.PositiveIntegerField()
    consent_sha256 = models.CharField(max_length=64)  # of the text as it was read
    language = models.CharField(max_length=2)  # in which it was read
    given_by = models.CharField(max_length=100)  # the actor's id
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.CharField(max_length=100, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("organisation_id", "product", "-given_at")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "product"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="one_running_subscription_per_product",
            )
        ]
