"""The table of what was acknowledged by telephone."""

import uuid
from enum import StrEnum

from django.db import models
from django.utils import timezone

from dijkwacht.platform.crypto.sealed import Sealed


class Subject(StrEnum):
    """What can be acknowledged by telephone."""

    HANDOVER = "handover"
    DISCLOSURE = "disclosure"  # a version that was shared
    MESSAGE = "message"  # of the centre to the reporter
    ALARM = "alarm"  # of whoever is called for an incident


class PhoneNote(models.Model):
    """An acknowledgement by telephone. A row never changes."""

    row_owner = ""  # the centre's own work
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey("reporting.Incident", on_delete=models.CASCADE, related_name="phone_notes")
    subject = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Subject])
    subject_id = models.UUIDField()
    who_sealed = models.BinaryField(default=b"", editable=False)
    who = Sealed()  # {"name": who said it, "phone": the number, E.164}
    spoken_at = models.DateTimeField()
    by = models.CharField(max_length=100)  # the officer's id
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("spoken_at", "id")
        constraints = [models.UniqueConstraint(fields=["subject", "subject_id"], name="a_phone_note_once")]
