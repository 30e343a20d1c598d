"""The rows of the audit log. The application may add and read them, nothing else (platform.database.roles)."""

import uuid

from django.db import models
from django.utils import timezone


class Event(models.Model):
    """One thing that happened: BIO2 8.15.01 asks for action, object, result, origin, identity and time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    action = models.CharField(max_length=100)  # source:subject:verb, such as registry:organisation:create
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=100)
    organisation = models.UUIDField(null=True)  # whose data it concerns
    result = models.CharField(max_length=20)  # ok, refused, failed
    actor_kind = models.CharField(max_length=12)
    actor_id = models.CharField(max_length=100)
    origin = models.CharField(max_length=100, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_event"
