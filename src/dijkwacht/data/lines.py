"""A file of lines → records, and a plain list → tables: one address, network, name or account a line."""

import ipaddress
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

import polars as pl

from dijkwacht.data.records import LINE_END, LINE_LIMIT, Record, judge
from dijkwacht.data.setaside import Aside
from dijkwacht.data.tables import CHUNK, Table, overlong, skip_line

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
COMMENT: Final = (b"#", b";", b"//")


def numbered_lines(stream: BinaryIO) -> Iterator[list[Record]]:
    """The lines of a file in parts, numbered from 1. Blank lines do not count."""
    carry, line, last, first = b"", 1, False, True
    while not last:
        block = stream.read(CHUNK)
        last = not block
        chunk = carry + (block.removeprefix(BYTE_ORDER_MARK) if first else block)
        first = False
        cut = len(chunk) if last else chunk.rfind(b"\n") + 1 or chunk.rfind(b"\r", 0, -1) + 1
        if not cut and len(chunk) > LINE_LIMIT:
            aside = overlong(line, chunk)
            yield [Record(line, aside.raw, aside.reason, aside.detail)]
            carry, line = skip_line(stream), line + 1
            continue
        carry = chunk[cut:]
        lines = [raw for raw in LINE_END.split(chunk[:cut]) if raw.strip()]
        yield [judge(line + number, raw) for number, raw in enumerate(lines)]
        line += len(lines)


def list_tables(stream: BinaryIO, *, prefixes: bool) -> Iterator[Table]:
    """A list as tables with the column `value`. Lines that begin with #, ; or // are comments and no rows.

    With `prefixes` a value is a network: `value` is its first address and `prefix` the network itself.
    """
    commented = 0
    for part in numbered_lines(stream):
        kept = [record for record in part if not record.raw.lstrip().startswith(COMMENT)]
        # A comment is no data row: the lines behind it move up.
        numbers = _renumbered(part, commented)
        commented += len(part) - len(kept)
        yield _table(
            [Record(numbers[r.line], r.raw, r.problem, r.detail) for r in kept], _network if prefixes else None
        )


def _renumbered(part: list[Record], commented: int) -> dict[int, int]:
    numbers = {}
    for record in part:
        numbers[record.line] = record.line - commented
        commented += record.raw.lstrip().startswith(COMMENT)
    return numbers


def _table(records: list[Record], split: Callable[[str], tuple[str, str] | None] | None) -> Table:
    aside = [record.aside() for record in records if record.problem]
    rows: list[tuple[int, str, str | None]] = []
    raws: dict[int, bytes] = {}
    for record in records:
        if record.problem:
            continue
        text = record.raw.decode().strip()
        parts = split(text) if split else (text, None)
        if parts is None:
            aside.append(Aside(record.line, "value", "bad-prefix", f"“{text[:200]}”", record.raw))
            continue
        raws[record.line] = record.raw
        rows.append((record.line, *parts))
    schema = {"line": pl.UInt32, "value": pl.String, "prefix": pl.String}
    return Table(
        pl.DataFrame(rows, schema=schema, orient="row"), lambda lines: {line: raws[line] for line in lines}, aside
    )


def _network(text: str) -> tuple[str, str] | None:
    """The first address and the network; None when it is none, or has bits set behind its length."""
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        return None
    return str(network.network_address), str(network)
