"""The table of drafts that were sent."""

from django.db import models
from django.utils import timezone


class SentDraft(models.Model):
    """A draft that was filed: what it became. It holds nothing of what was filled in."""

    row_owner = "account"
    draft = models.UUIDField(primary_key=True)  # the identifier that the draft had
    account = models.UUIDField()
    channel = models.CharField(max_length=16)  # of rules.Channel
    incident_id = models.UUIDField(null=True)
    event_id = models.UUIDField(null=True)  # of a provider, for its customers
    at = models.DateTimeField(default=timezone.now)
