"""The registry as a file: formula-safe CSV, one row per record, or JSON, one object per organisation."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, Final

from django.db import connection

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry import fields
from dijkwacht.rooms.registry.exchange import layout
from dijkwacht.rooms.registry.exchange.reading import GUARDED, NESTED
from dijkwacht.rooms.registry.history.reading import as_read

BATCH: Final = 5000  # organisations at a time
LISTS: Final = frozenset(
    {"sectors", "optional_kinds", "informations", "entity_types", "member_states"}
    | {"emails", "phones", "addresses", "arrangements", "identified_by", "activities"}
)
# Everything of a batch of organisations, one statement per kind of record, as JSON objects of the file's own columns.
_OBJECTS: Final = {
    "organisation": ("registry_organisation", "id", "id"),
    "contact": ("registry_contact", "organisation_id", 'role, "order", id'),
    "asset": ("registry_asset", "organisation_id", "kind, value"),
    "mandate": ("registry_mandate", "relay_id", "member_id, valid_from"),
}


_NEXT: Final = "select id::text from registry_organisation where id > %(after)s {some} order by id limit %(batch)s"
_OF_SECTORS: Final = """
and id in (select organisation_id from registry_organisationsector where sector = any(%(sectors)s))
"""


def _pages(actor: Actor) -> Iterator[list[tuple[str, dict[str, list[dict[str, Any]]]]]]:
    """Yield batches of (organisation, its records), in the order of identifiers, within the scope of the actor."""
    everything = actor.is_centre
    wanted = _NEXT.format(some="" if everything else _OF_SECTORS)
    records = {name: how for name, how in _OBJECTS.items() if everything or name != "mandate"}
    after = "00000000-0000-0000-0000-000000000000"
    while True:
        with tenancy.acting(actor), connection.cursor() as cursor:
            cursor.execute(wanted, {"after": after, "batch": BATCH, "sectors": sorted(actor.sectors)})
            batch = [row[0] for row in cursor.fetchall()]
            if not batch:
                return
            found: dict[str, dict[str, list[dict[str, Any]]]] = {key: {} for key in batch}
            for record, (table, owner, order) in records.items():
                columns = _columns(record)
                cursor.execute(
                    f"select {owner}::text, {columns} from {table} where {owner} = any(%s::uuid[]) order by {order}",
                    [batch],
                )
                names = list(layout.COLUMNS[record])
                for key, *values in cursor.fetchall():
                    given = _given(dict(zip(names, values, strict=True)))
                    found[key].setdefault(record, []).append(as_read(actor, given) if record == "asset" else given)
        yield list(found.items())
        after = batch[-1]


def _columns(record: str) -> str:
    names = [("member_id::text" if name == "member" else f'"{name}"') for name in layout.COLUMNS[record]]
    return ", ".join(names)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    """Drop what is empty; write dates and times as text, lists as lists."""
    made = {}
    for name, value in values.items():
        plain = json.loads(value) if name in LISTS and isinstance(value, str) else value
        if plain not in (None, "", []):
            made[name] = plain.isoformat() if hasattr(plain, "isoformat") else plain
            made[name] = made[name] if isinstance(made[name], (str, bool, int, list)) else str(made[name])
    return made


def as_csv(actor: Actor) -> Iterator[bytes]:
    """Yield the file in pieces. A cell that a spreadsheet would run gets a quote before it; the import takes it off."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(layout.HEADER)
    for page in _pages(actor):
        for key, records in page:
            for record in layout.RECORDS:
                for values in records.get(record, ()):
                    row = {"record": record, "organisation": key, **values}
                    writer.writerow([_cell(row.get(name)) for name in layout.HEADER])
        yield _drain(buffer)
    yield _drain(buffer)


def _drain(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = fields.as_text(value)
    return f"'{text}" if text.startswith(GUARDED) else text


def as_json(actor: Actor) -> Iterator[bytes]:
    """Yield the file in pieces."""
    nested = {record: name for name, record in NESTED.items()}
    separator = '{"organisations": [\n'
    for page in _pages(actor):
        pieces = []
        for key, records in page:
            item: dict[str, Any] = {"organisation": key, **records["organisation"][0]}
            item.update({nested[name]: rows for name, rows in records.items() if name in nested})
            pieces.append(json.dumps(item, ensure_ascii=False))
        yield (separator + ",\n".join(pieces)).encode()
        separator = ",\n"
    yield (b"\n]}\n" if separator == ",\n" else b'{"organisations": []}\n')
