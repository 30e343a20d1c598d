"""The table of files that wait with a draft."""

import uuid

from django.db import models
from django.utils import timezone

from dijkwacht.platform.attachments import SealedFile


class DraftFile(SealedFile):
    """A file of a draft: of its writer alone, encrypted, never opened; it goes when the draft goes."""

    row_owner = "account"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey("reporting.Draft", on_delete=models.CASCADE, related_name="files")
    account = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")
        constraints = [models.UniqueConstraint(fields=["draft", "sha256"], name="a_file_once_in_a_draft")]
