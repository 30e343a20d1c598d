"""Files of people outside: kept encrypted and hashed, given back as a download only, never opened or shown."""

import re
from hashlib import sha256
from typing import Any, Final

from django.db import models
from django.http import HttpResponse

from dijkwacht.kernel.bounds import LARGEST_FILE
from dijkwacht.platform.crypto import fields
from dijkwacht.platform.crypto.house import house_keys
from dijkwacht.platform.crypto.sealed import Sealed

LARGEST: Final = LARGEST_FILE
# Invisible signs and those that change direction: what stands there must be what is read there.
UNSEEN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def name_of_file(name: str) -> str:
    """Return a file's name as it is shown: on one line, without what nobody sees."""
    return UNSEEN.sub("", " ".join(name.split()))[:200] or "file"


def attached(content: bytes, kind: str, name: str) -> HttpResponse:
    """Return a download: under our own name for it, never opened in the browser."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


class SealedFile(models.Model):
    """A file in the row of a model that inherits from this. The row's identifier must be known when it is kept."""

    name_sealed = models.BinaryField(default=b"", editable=False)
    name = Sealed()
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    content_sealed = models.BinaryField(editable=False)

    class Meta:
        abstract = True

    @property
    def place(self) -> dict[str, Any]:
        """Where the content stands, to which its encryption is bound."""
        return {"table": self._meta.db_table, "row": self.pk, "column": "content_sealed"}

    def keep(self, name: str, content: bytes) -> None:
        """Take a file in. The bounds are the caller's: at most LARGEST bytes."""
        self.size, self.sha256 = len(content), sha256(content).hexdigest()
        self.name = name_of_file(name)
        self.content_sealed = fields.seal(house_keys(), content, **self.place)

    def content(self) -> bytes:
        """Return the file as it came. Raises FieldError when it does not open."""
        return fields.unseal(house_keys(), bytes(self.content_sealed), **self.place)

    def as_download(self) -> HttpResponse:
        """Return it as a download. Its own name is not used: it could end in anything."""
        return attached(self.content(), "application/octet-stream", f"attachment-{self.sha256[:16]}.bin")
