"""An extract as a file: the same facts are the same bytes. Pure: no Django."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from dijkwacht.rooms.registry.exchange.reading import GUARDED

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class File:
    """What is handed out: a name without path, the bytes, and how many rows (entities or sectors) are in it."""

    name: str
    content: bytes
    rows: int

    @property
    def sha256(self) -> str:
        """The hash by which the audit log knows the file."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def media_type(self) -> str:
        """What it is to a browser."""
        return TYPES[self.name.rpartition(".")[2]]


def as_json(content: Any) -> bytes:
    """Return readable JSON in the order of `content`, ended by a line feed."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Return CSV (RFC 4180, UTF-8). Lists are joined with semicolons; what a spreadsheet would run gets a quote."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(header)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return buffer.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = ";".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    return f"'{text}" if text.startswith(GUARDED) else text
