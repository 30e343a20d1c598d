"""JSON Lines and JSON documents → tables of text: one row an item, or several where a feed's parser says so."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import msgspec
import polars as pl

from dijkwacht.data.lines import numbered_lines
from dijkwacht.data.records import Record
from dijkwacht.data.setaside import Aside, ReportRefused
from dijkwacht.data.tables import Table
from dijkwacht.feeds.model import Text
from dijkwacht.feeds.parsing import Parser

DOCUMENT_LIMIT: Final = 32 << 20  # bytes of one JSON document, which must be in memory as a whole
ITEM_LIMIT: Final = 1_000_000  # items of one document: empty ones take far more memory than bytes
TABLE_ROWS: Final = 20_000
BAD_JSON: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Found:
    line: int
    raw: bytes
    rows: list[dict[str, str | None]]


def json_tables(stream: BinaryIO, wanted: Sequence[str], path: str, parser: Parser) -> Iterator[Table]:
    """The items as tables with the columns `wanted`, each the dotted path of a value.

    A file is a document when its items stand in a list (at `path`, or an array as a whole); otherwise each line is
    an item. Items are numbered from 1. Raises ReportRefused for a document that is too large or no JSON.
    """
    start = stream.peek(1 << 10).lstrip(b"\xef\xbb\xbf \t\r\n") if hasattr(stream, "peek") else b""
    if path or start.startswith(b"["):
        found: Iterator[_Found | Aside] = _of_documents(stream, wanted, path, parser)
    else:
        found = (_of_record(record, wanted, parser) for part in numbered_lines(stream) for record in part)
    yield from _tables(found, wanted)


def _tables(found: Iterator[_Found | Aside], wanted: Sequence[str]) -> Iterator[Table]:
    rows: list[_Found] = []
    aside: list[Aside] = []
    for one in found:
        (aside if isinstance(one, Aside) else rows).append(one)  # type: ignore[arg-type]
        if len(rows) + len(aside) >= TABLE_ROWS:
            yield _table(rows, aside, wanted)
            rows, aside = [], []
    yield _table(rows, aside, wanted)


def _table(found: Sequence[_Found], aside: list[Aside], wanted: Sequence[str]) -> Table:
    flat = [(one.line, row) for one in found for row in one.rows]
    data: dict[str, Any] = {"line": pl.Series("line", [line for line, _ in flat], pl.UInt32)}
    for name in wanted:
        data[name] = pl.Series(name, [row.get(name) for _, row in flat], pl.String)
    raws = {one.line: one.raw for one in found}
    return Table(pl.DataFrame(data), lambda lines: {line: raws[line] for line in lines}, aside)


def _of_record(record: Record, wanted: Sequence[str], parser: Parser) -> _Found | Aside:
    if record.problem:
        return record.aside()
    try:
        item = msgspec.json.decode(record.raw)
    except BAD_JSON as error:
        return Aside(record.line, "", "bad-json", _reason(error), record.raw)
    return _of_item(record.line, record.raw, item, {}, wanted, parser)


def _of_item(
    line: int, raw: bytes, item: object, others: Mapping[str, Item], wanted: Sequence[str], parser: Parser
) -> _Found | Aside:
    if not isinstance(item, dict):
        return Aside(line, "", "bad-json", "an item is not an object", raw)
    rows = parser.rows(item, others)
    if not rows:
        return Aside(line, "", "no-subject", "", raw)
    return _Found(line, raw, [{name: _value(row, name) for name in wanted} for row in rows])


def _of_documents(stream: BinaryIO, wanted: Sequence[str], path: str, parser: Parser) -> Iterator[_Found | Aside]:
    body = stream.read(DOCUMENT_LIMIT + 1)
    if len(body) > DOCUMENT_LIMIT:
        raise _too_large()
    line = 1
    for document in _documents(body.removeprefix(b"\xef\xbb\xbf")):
        items = _items(document, path)
        if items is None:
            yield Aside(line, path, "bad-json", f"no list “{path}”", document)
            line += 1
            continue
        others = {item["id"]: item for _, item in items if isinstance(item, dict) and isinstance(item.get("id"), str)}
        for raw, item in items:
            if isinstance(item, dict) and not parser.is_row(item):
                continue
            alone = parser.alone(item, others) if isinstance(item, dict) else None
            yield _of_item(line, alone or raw, item, others, wanted, parser)
            line += 1


def _documents(body: bytes) -> list[bytes]:
    """The document, or the documents when each line is one."""
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
    except BAD_JSON as error:
        lines = [line for line in re.split(rb"\r\n|\n|\r", body) if line.strip()]
        if len(lines) > 1 and lines[0].lstrip().startswith(b"{") and lines[0].rstrip().endswith(b"}"):
            return lines
        why = _reason(error)
        raise ReportRefused("bad-json", Text(nl=f"Het bestand is geen geldige JSON: {why}.",
                                             en=f"The file is not valid JSON: {why}.")) from error  # fmt: skip
    return [body]


def _items(document: bytes, path: str) -> list[tuple[bytes, object]] | None:
    """The items of a document, each as received and as decoded; None when there is no list where one should be."""
    try:
        outer = msgspec.json.decode(document, type=dict[str, msgspec.Raw])[path] if path else document
        raws = msgspec.json.decode(outer, type=list[msgspec.Raw])
        if len(raws) > ITEM_LIMIT:
            raise _too_large()
        return [(bytes(raw), msgspec.json.decode(raw)) for raw in raws]
    except (*BAD_JSON, KeyError, msgspec.ValidationError):
        return None


def _too_large() -> ReportRefused:
    size = f"{DOCUMENT_LIMIT >> 20} MiB"
    return ReportRefused("document-too-large", Text(
        nl=f"Een JSON-document telt ten hoogste {size} en {ITEM_LIMIT} onderdelen; gebruik JSON Lines.",
        en=f"A JSON document has at most {size} and {ITEM_LIMIT} items; use JSON Lines."))  # fmt: skip


def _value(row: Mapping[str, object], name: str) -> str | None:
    """The value at a dotted path as text: numbers in digits, lists of them joined by commas, objects as JSON."""
    value: object = row.get(name)
    if name not in row:
        value = row
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
    if value is None or isinstance(value, str):
        return value.replace("\0", "\ufffd") if value else None
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return ",".join(map(str, value)).replace("\0", "\ufffd") or None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else _encoded(value)


def _encoded(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _reason(error: Exception) -> str:
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)[:200]
