"""Which old report became which incident: it comes in once."""

import uuid

from django.db import models
from django.utils import timezone

from dijkwacht.platform.belonging import FOLLOWS


class WbniReport(models.Model):
    """A report under the Wbni that counts as an early warning."""

    row_owner = "organisation_id"
    when_joined = {"organisation_id": FOLLOWS + "incident"}
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=60, unique=True)  # in the system before this one
    incident = models.ForeignKey("reporting.Incident", on_delete=models.CASCADE, related_name="+")
    organisation_id = models.UUIDField()
    article = models.CharField(max_length=10)  # of the Wbni
    reported_at = models.DateTimeField()
    imported_at = models.DateTimeField(default=timezone.now)
