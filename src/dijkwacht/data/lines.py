"""A file of lines → records, and a plain list → tables: one address, network, name or account a line."""

import ipaddress
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

import polars as pl

from dijkwacht.data.records import LINE_END, LINE_LIMIT, Record, judge
from dijkwacht.data.setaside import Aside
from dijkwacht.data.tables import CHUNK, Table, overlong, skip_line
from dijkwacht.feeds.sniffing import MIXED, form_of
from dijkwacht.kernel.refang import refang

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
COMMENT: Final = (b"#", b";", b"//")
Reading = Callable[[str], tuple[str, str, str]]  # one line → value, prefix, form; raises ValueError with the reason


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


def list_tables(stream: BinaryIO, form: str) -> Iterator[Table]:
    """A list as tables with the columns `value`, `prefix` and `form`. Lines that begin with #, ; or // are comments.

    `form` is the feed's format. Of `prefixes` a value is a network: `value` is its first address and `prefix` the
    network itself. Of `mixed` each value has a form of its own: the column `form` has the slug of the list it could
    stand in, and hxxp and [.] are made whole again.
    """
    reading = _READINGS[form]
    commented = 0
    for part in numbered_lines(stream):
        kept = [record for record in part if not record.raw.lstrip().startswith(COMMENT)]
        # A comment is no data row: the lines behind it move up.
        numbers = _renumbered(part, commented)
        commented += len(part) - len(kept)
        yield _table([Record(numbers[r.line], r.raw, r.problem, r.detail) for r in kept], reading)


def _renumbered(part: list[Record], commented: int) -> dict[int, int]:
    numbers = {}
    for record in part:
        numbers[record.line] = record.line - commented
        commented += record.raw.lstrip().startswith(COMMENT)
    return numbers


def _table(records: list[Record], reading: Reading) -> Table:
    aside = [record.aside() for record in records if record.problem]
    rows: list[tuple[int, str, str, str]] = []
    raws: dict[int, bytes] = {}
    for record in records:
        if record.problem:
            continue
        text = record.raw.decode().strip()
        try:
            row = reading(text)
        except ValueError as problem:
            aside.append(
                Aside(record.line, "value", str(problem), f"“{text[:200]}”" if "@" not in text else "", record.raw)
            )
            continue
        raws[record.line] = record.raw
        rows.append((record.line, *row))
    schema = {"line": pl.UInt32, "value": pl.String, "prefix": pl.String, "form": pl.String}
    return Table(
        pl.DataFrame(rows, schema=schema, orient="row"), lambda lines: {line: raws[line] for line in lines}, aside
    )


def _as_it_stands(text: str) -> tuple[str, str, str]:
    return text, "", ""


def _network(text: str) -> tuple[str, str, str]:
    """The first address and the network. Raises ValueError when it is none, or has bits set behind its length."""
    try:
        network = ipaddress.ip_network(text)
    except ValueError as error:
        raise ValueError("bad-prefix") from error
    return str(network.network_address), str(network), ""


def _mixed(text: str) -> tuple[str, str, str]:
    whole = refang(text)
    form = form_of(whole)
    if form not in MIXED:
        raise ValueError("bad-form")
    value, prefix, _ = _network(whole) if form == "list-prefix" else _as_it_stands(whole)
    return value, prefix, form


_READINGS: Final[dict[str, Reading]] = {"list": _as_it_stands, "prefixes": _network, "mixed": _mixed}
