"""The table of files that wait with a draft."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from dijkwacht.platform.crypto.fields import seal, unseal
from dijkwacht.platform.crypto.house import house_keys
from dijkwacht.rooms.reporting.sealed import Sealed


class DraftFile(models.Model):
    """A file of a draft: of its writer alone, encrypted, never opened; it goes when the draft goes."""

    row_owner = "account"
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey("reporting.Draft", on_delete=models.CASCADE, related_name="files")
    account = models.UUIDField()
    name_sealed = models.BinaryField(default=b"", editable=False)
    name = Sealed()
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    content_sealed = models.BinaryField(editable=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "id")
        constraints = [models.UniqueConstraint(fields=["draft", "sha256"], name="a_file_once_in_a_draft")]

    @property
    def place(self) -> dict[str, Any]:
        """Where the content stands, to which its encryption is bound."""
        return {"table": self._meta.db_table, "row": self.pk, "column": "content_sealed"}

    @property
    def content(self) -> bytes:
        """The file as it came. Raises FieldError when it does not open."""
        return unseal(house_keys(), bytes(self.content_sealed), **self.place)

    @content.setter
    def content(self, given: bytes) -> None:
        self.content_sealed = seal(house_keys(), given, **self.place)
