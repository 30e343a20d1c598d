"""Values about people: a salted commitment in the log, the value itself encrypted beside it, where it can be erased."""

import os
from collections.abc import Mapping
from hashlib import sha256
from typing import Final
from uuid import UUID

from dijkwacht.platform.audit.models import Personal
from dijkwacht.platform.crypto import fields
from dijkwacht.platform.crypto.house import house_keys

SALT_BYTES: Final = 32
PLACE: Final = {"table": "audit_personal", "column": "sealed"}


def commitment(salt: bytes, value: str) -> str:
    """Return the commitment to `value`: SHA-256 over a salt of 32 random bytes and the value in UTF-8.

    Without the salt nobody can try values against it; the salt is erased together with the value.
    """
    return f"sha256:{sha256(salt + value.encode()).hexdigest()}"


def commit(event: UUID, values: Mapping[str, str]) -> tuple[dict[str, str], list[Personal]]:
    """Return the commitments for the event's detail, and the rows that hold the values (not yet saved)."""
    keys = house_keys()
    commitments, rows = {}, []
    for name, value in values.items():
        salt = os.urandom(SALT_BYTES)
        row = Personal(event_id=event, name=name)
        row.sealed = fields.seal(keys, salt + value.encode(), row=row.id, **PLACE)
        commitments[name] = commitment(salt, value)
        rows.append(row)
    return commitments, rows


def opened(row: UUID, sealed: bytes) -> tuple[str, str]:
    """Return the value in a sealed row and the commitment it belongs to. Raises fields.FieldError."""
    content = fields.unseal(house_keys(), sealed, row=row, **PLACE)
    salt, value = content[:SALT_BYTES], content[SALT_BYTES:].decode()
    return value, commitment(salt, value)
