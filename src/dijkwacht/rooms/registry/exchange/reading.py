"""From a file to facts: CSV as a spreadsheet writes it, or JSON. Bounded and strict about bytes. Pure: no Django."""

import codecs
import csv
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final, NamedTuple

import msgspec

from dijkwacht.rooms.registry.errors import UnreadableFile
from dijkwacht.rooms.registry.exchange import layout

LONGEST_LINE: Final = 1 << 20  # bytes; keys are the longest cells
LARGEST_JSON: Final = 1 << 29  # bytes; a JSON file is held in memory, a CSV file is not
DELIMITERS: Final = ",;\t"  # Dutch spreadsheets write semicolons
GUARDED: Final = ("'", "=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run these as a formula (CWE-1236)
NESTED: Final = {"contacts": "contact", "assets": "asset", "mandates": "mandate"}


class Fact(NamedTuple):
    """One record of a file. `line`: data row from 1 (CSV), or place of the organisation from 1 (JSON)."""

    line: int
    record: str
    key: str  # names the organisation within the file
    values: dict[str, Any]
    path: str = ""  # where in the organisation it stands (JSON), such as "assets[3]."


class Unread(NamedTuple):
    """A line that is no record."""

    line: int
    reason_nl: str
    reason_en: str
    key: str = ""  # of the organisation, where it can be told


def read(file: IO[bytes], *, json: bool) -> Iterator[Fact | Unread]:
    """Read facts from a file. Raises UnreadableFile where going on would be guessing."""
    return _json(file) if json else _csv(file)


def is_json(name: str) -> bool:
    """Tell the format from a file's name."""
    return name.lower().endswith(".json")


def _unreadable(nl: str, en: str) -> UnreadableFile:
    return UnreadableFile(reason_nl=nl, reason_en=en)


def lines(file: IO[bytes]) -> Iterator[str]:
    """Decode line by line, so that a fault names its line and no line is held that is too long."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise _unreadable(f"regel {number} is te lang", f"line {number} is too long")
        try:
            yield line.removeprefix(codecs.BOM_UTF8 if number == 1 else b"").decode("utf-8")
        except UnicodeDecodeError:
            raise _unreadable(
                f"regel {number} is geen UTF-8; bewaar het bestand als CSV UTF-8",
                f"line {number} is not UTF-8; save the file as CSV UTF-8",
            ) from None


def _csv(file: IO[bytes]) -> Iterator[Fact | Unread]:
    text = lines(file)
    first = next(text, "")
    delimiter = max(DELIMITERS, key=first.count)
    header = [name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter, strict=False), [])]
    implied = _check_header(header)
    csv.field_size_limit(LONGEST_LINE)
    rows = csv.reader(text, delimiter=delimiter, strict=True)
    width, line = len(header), 0
    while True:
        try:
            row = next(rows, None)
        except csv.Error:
            raise _unreadable(
                f"na rij {line} staan aanhalingstekens verkeerd", f"quotes are wrong after row {line}"
            ) from None
        if row is None:
            return
        line += 1
        if not any(row):
            continue
        if len(row) > width:
            key = unguard(row[header.index("organisation")]).strip()
            yield Unread(line, f"{len(row)} cellen in plaats van {width}", f"{len(row)} cells instead of {width}", key)
            continue
        yield _fact(line, implied, dict(zip(header, row, strict=False)))


def _fact(line: int, implied: str, values: dict[str, Any]) -> Fact | Unread:
    record = (values.pop("record", "") or implied).strip().lower()
    key = unguard(values.pop("organisation", "")).strip()
    if record not in layout.RECORDS:
        return Unread(line, f"onbekend soort rij {record[:40]!r}", f"unknown kind of row {record[:40]!r}", key)
    # An empty cell says nothing: what is stored stays as it is.
    return Fact(line, record, key, {name: unguard(value) for name, value in values.items() if value.strip()})


def unguard(value: str) -> str:
    """Take off the quote that the export sets before a cell that a spreadsheet would run as a formula."""
    return value[1:] if value.startswith("'") and value[1:].startswith(GUARDED) else value


def _check_header(header: list[str]) -> str:
    """Return the record that a row is when it does not say so."""
    if not header:
        raise _unreadable("het is leeg", "it is empty")
    unknown = [name[:40] for name in header if name not in layout.HEADER]
    if unknown:
        listed = ", ".join(unknown)
        raise _unreadable(
            f"onbekende kolommen in de eerste rij: {listed}", f"unknown columns in the first row: {listed}"
        )
    if len(set(header)) != len(header):
        raise _unreadable("een kolom staat twee keer in de eerste rij", "a column stands twice in the first row")
    if "organisation" not in header:
        raise _unreadable("de kolom organisation ontbreekt", "the column organisation is missing")
    implied = layout.implied_record(frozenset(header))
    if "record" not in header and implied is None:
        raise _unreadable("de kolom record ontbreekt", "the column record is missing")
    return implied or ""


def _json(file: IO[bytes]) -> Iterator[Fact | Unread]:
    content = file.read(LARGEST_JSON + 1)
    if len(content) > LARGEST_JSON:
        raise _unreadable("het bestand is te groot voor JSON; gebruik CSV", "the file is too large for JSON; use CSV")
    try:
        found = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _unreadable(f"dit is geen JSON ({error})", f"this is not JSON ({error})") from None
    organisations = found.get("organisations") if isinstance(found, dict) else None
    if not isinstance(organisations, list):
        raise _unreadable("de lijst organisations ontbreekt", "the list organisations is missing")
    for line, item in enumerate(organisations, start=1):
        yield from _item(line, item)


def _item(line: int, item: Any) -> Iterable[Fact | Unread]:
    if not isinstance(item, dict):
        yield Unread(line, "dit is geen object", "this is not an object")
        return
    own = {name: _plain(value) for name, value in item.items() if name not in NESTED and name != "organisation"}
    key = str(item.get("organisation") or "").strip()
    if own:
        yield Fact(line, "organisation", key, own)
    elif not any(item.get(name) for name in NESTED):
        yield Unread(line, "dit zegt niets over de organisatie", "this says nothing about the organisation", key)
    for name, record in NESTED.items():
        children = item.get(name, [])
        if not isinstance(children, list) or not all(isinstance(child, dict) for child in children):
            yield Unread(line, f"{name} is geen lijst van objecten", f"{name} is no list of objects", key)
            continue
        for place, child in enumerate(children):
            yield Fact(line, record, key, {n: _plain(v) for n, v in child.items()}, f"{name}[{place}].")


def _plain(value: Any) -> Any:
    """Return text, numbers and lists of them and of objects; each cleaner refuses an object that it does not expect."""
    if isinstance(value, list):
        return [part if isinstance(part, (str, dict)) else str(part) for part in value]
    return "true" if value is True else "false" if value is False else value
