"""CSV, JSON and a Suricata dataset."""

import base64
import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final

from dijkwacht.rooms.phishing.listing import rules
from dijkwacht.rooms.phishing.listing.about import About
from dijkwacht.rooms.phishing.listing.items import Item

COLUMNS: Final = ("kind", "name", "added_at", "lease_until", "removed_at", "canary", "evidence")
FORMULA: Final = tuple("=+-@|%\t\r")
BATCH: Final = 2_000  # rows of CSV written at a time


def row(one: Item) -> dict[str, Any]:
    """Give an entry as JSON holds it; `removed_at` is null while it is on the list."""
    return {
        "id": str(one.id),
        "kind": one.kind,
        "name": one.name,
        "added_at": one.added_at.isoformat(),
        "lease_until": one.lease_until.isoformat(),
        "removed_at": one.removed_at.isoformat() if one.removed_at else None,
        "canary": one.canary,
        "evidence": [*one.reason],
    }


def csv_rows(items: Iterator[Item], about: About) -> Iterator[bytes]:  # noqa: ARG001 - a table has no head but its columns
    """Write CSV (RFC 4180); what a spreadsheet would take for a formula stands behind an apostrophe."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for number, one in enumerate(items, start=1):
        cells = row(one) | {"evidence": " ".join(one.reason), "removed_at": row(one)["removed_at"] or ""}
        writer.writerow([_inert(str(cells[name])) for name in COLUMNS])
        if number % BATCH == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def json_rows(items: Iterator[Item], about: About) -> Iterator[bytes]:
    """Write one object: what the list is, and its entries with those removed in the last 30 days, a line each."""
    head = {
        "list": about.centre,
        "home": about.home,
        "serial": about.serial,
        "changed_at": about.changed_at.isoformat(),
    }
    yield json.dumps(head)[:-1].encode() + b', "entries": [\n'
    before = ""
    for one in items:
        yield f"{before}{json.dumps(row(one))}".encode()
        before = ",\n"
    yield b"\n]}\n"


def suricata(items: Iterator[Item], about: About) -> Iterator[bytes]:  # noqa: ARG001 - a dataset has no comments
    """Write a dataset of type string: hosts in base64, for `dns.query; to_lowercase` and `tls.sni`.

    A dataset matches whole names.
    """
    for name in sorted({one.name for one in items if rules.in_dns(one.kind, one.name)}):
        yield base64.b64encode(name.encode()) + b"\n"
