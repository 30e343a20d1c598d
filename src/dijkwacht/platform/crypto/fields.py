"""Values encrypted at rest: AES-256-GCM, bound to the table, row and column they stand in.

A sealed value is: one byte for the version, one byte for the length of the key's name, the key's name, a nonce of
twelve bytes, the ciphertext with its tag. The header and the place are associated data: a value copied to another row
does not open.
"""

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dijkwacht.platform.crypto import secrets

VERSION: Final = 1
NONCE_BYTES: Final = 12
FILE_KEY: Final = re.compile(r"field-key-([1-9][0-9]{0,5})")


class FieldError(Exception):
    """A sealed value does not open: its bytes, its place or its key is not what it was."""


class KeyProvider(Protocol):
    """Where keys come from: plain files (`FileKeys`), or files wrapped by a token or key service (`wrapped.py`)."""

    def current(self) -> str:
        """Return the name of the key for new values, at most 255 bytes of ASCII."""

    def key(self, name: str) -> bytes:
        """Return the 32 bytes of key `name`. Raises FieldError when there is none."""


@dataclass
class FileKeys:
    """Keys in files `secrets/field-key-<number>` of the installation; the highest number is the current one.

    A new key is a new file; values sealed with an older one stay readable while its file stands.
    """

    home: Path
    _known: dict[str, bytes] = field(default_factory=dict, repr=False)
    _newest: tuple[int, str] | None = field(default=None, repr=False)  # the folder's change, its newest key

    def current(self) -> str:
        """Return the name of the newest key, made when there is none yet."""
        folder = self.home / "secrets"
        changed = folder.stat().st_mtime_ns if folder.is_dir() else 0
        if self._newest is None or self._newest[0] != changed:
            numbers = [int(found[1]) for path in folder.glob("field-key-*") if (found := FILE_KEY.fullmatch(path.name))]
            if not numbers:
                secrets.load(self.home, "field-key-1")
            self._newest = changed, f"field-key-{max(numbers, default=1)}"
        return self._newest[1]

    def key(self, name: str) -> bytes:
        """Return the bytes of key `name`. Raises FieldError for a name that is no key of this installation."""
        if name not in self._known:
            if not FILE_KEY.fullmatch(name) or not (self.home / "secrets" / name).exists():
                raise FieldError(f"the key {name!r} is not here")
            self._known[name] = secrets.load(self.home, name)
        return self._known[name]


def _place(header: bytes, table: str, row: object, column: str) -> bytes:
    # A JSON array keeps ("ab", "c") and ("a", "bc") apart.
    return header + json.dumps([table, str(row), column]).encode()


def seal(keys: KeyProvider, value: bytes, *, table: str, row: object, column: str) -> bytes:
    """Encrypt `value` for one place: `column` of the row with identifier `row` in `table`."""
    name = keys.current()
    header = bytes([VERSION, len(name)]) + name.encode("ascii")
    nonce = os.urandom(NONCE_BYTES)
    return header + nonce + AESGCM(keys.key(name)).encrypt(nonce, value, _place(header, table, row, column))


def unseal(keys: KeyProvider, sealed: bytes, *, table: str, row: object, column: str) -> bytes:
    """Return what `seal` encrypted for this place. Raises FieldError for anything else."""
    if len(sealed) < 2 or sealed[0] != VERSION:  # noqa: PLR2004 - version and length stand in two bytes
        raise FieldError("this is not a sealed value")
    end = 2 + sealed[1]
    header, nonce, encrypted = sealed[:end], sealed[end : end + NONCE_BYTES], sealed[end + NONCE_BYTES :]
    try:
        cipher = AESGCM(keys.key(header[2:].decode("ascii")))
        return cipher.decrypt(nonce, encrypted, _place(header, table, row, column))
    except (InvalidTag, UnicodeDecodeError, ValueError) as error:
        raise FieldError("the sealed value does not open in this place") from error
