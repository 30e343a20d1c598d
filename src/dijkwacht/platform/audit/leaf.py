"""The canonical form of an event: the bytes that enter the tree. docs/why/audit.md describes it for other readers.

It is made from what the database holds, never from what the application meant to store: the log proves the rows.
Every possible row has exactly one form; no row can stop the sequencer.
"""

from hashlib import sha256
from typing import Any, Final

import msgspec

# uint16 length prefix of an entry bundle (C2SP tlog-tiles).
MAX_ENTRY_BYTES: Final = 65_535
# ISO times in UTC, whatever the role's own defaults are.
SESSION: Final = "select set_config('datestyle', 'ISO', true), set_config('timezone', 'UTC', true)"
COLUMNS: Final = (
    "id",
    "at",
    "action",
    "object_type",
    "object_id",
    "organisation",
    "result",
    "actor_kind",
    "actor_id",
    "origin",
    "detail",
)
# As text, so that PostgreSQL's exact numbers and times arrive unrounded.
SELECT: Final = ", ".join(f"e.{column}::text" for column in COLUMNS)

_encoder: Final = msgspec.json.Encoder(order="deterministic")
# A fraction stands as {"number": "1.10"}: two readers may print one binary fraction in two ways.
_decoder: Final = msgspec.json.Decoder(float_hook=lambda digits: {"number": digits})


def entry(row: tuple[Any, ...]) -> bytes:
    """Return the log entry of an event from its columns as PostgreSQL's text, in the order of COLUMNS."""
    event = dict(zip(COLUMNS, row, strict=True))
    event["at"] = moment(event["at"])
    detail = event["detail"]
    try:
        event["detail"] = _decoder.decode(detail)
        encoded = _encoder.encode(event)
    except (msgspec.MsgspecError, OverflowError, RecursionError):  # numbers or depths beyond the codec
        event["detail"] = {"text": detail}
        encoded = _encoder.encode(event)
    if len(encoded) > MAX_ENTRY_BYTES:
        event["detail"] = {"sha256": sha256(encoded).hexdigest()}
        encoded = _encoder.encode(event)
    return encoded


def moment(text: str) -> str:
    """Turn PostgreSQL's "2026-11-22 08:16:35.1+00" into RFC 3339; anything unusual stays as it is, still unique."""
    return f"{text[:10]}T{text[11:-3]}Z" if text.endswith("+00") else text


def described(encoded: bytes) -> dict[str, str]:
    """Return what names an entry: its id, at and action; an empty mapping when the bytes are no entry any more."""
    try:
        event = msgspec.json.decode(encoded)
        return {key: str(event[key]) for key in ("id", "at", "action")}
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError, RecursionError):
        return {}
