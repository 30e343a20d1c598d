"""The field keys of this installation, as its settings say; and sealed JSON in a column, one way for every room."""

import json
from typing import Any

from django.conf import settings

from dijkwacht.platform.crypto import fields
from dijkwacht.platform.crypto.fields import KeyProvider
from dijkwacht.platform.crypto.wrapped import keys


def house_keys() -> KeyProvider:
    """Return the keys for sealed values: wrapped by a keeper when DIJKWACHT_KEY_COMMAND names one, else plain files."""
    return keys(settings.HOME, settings.KEY_COMMAND)


def seal_json(value: Any, *, table: str, row: object, column: str) -> bytes:
    """Encrypt a JSON value for one place. Raises FieldError when the keeper of keys does not answer."""
    content = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return fields.seal(house_keys(), content, table=table, row=row, column=column)


def open_json(sealed: bytes, *, table: str, row: object, column: str) -> Any:
    """Return what `seal_json` encrypted for this place. Raises FieldError for anything else."""
    return json.loads(fields.unseal(house_keys(), bytes(sealed), table=table, row=row, column=column))
