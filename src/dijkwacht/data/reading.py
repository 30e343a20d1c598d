"""A feed's file → batches of observations. Nothing is dropped: each row comes out or is set aside with its reason."""

import io
import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import BinaryIO, Final, cast

from dijkwacht.data.archives import PEEK, Limits, Member, Reader, open_report
from dijkwacht.data.jsontables import json_tables
from dijkwacht.data.lines import list_tables
from dijkwacht.data.observing import ACCOUNT, Announcement, Batch, Observer, joined, observe_by
from dijkwacht.data.schema import RAW_PREFIX
from dijkwacht.data.setaside import REASONS, ReportRefused
from dijkwacht.data.tables import Layout, Table, header_line, read_tables, refuse_utf16
from dijkwacht.feeds.model import LISTS, Feed, Report, Text
from dijkwacht.feeds.parsing import parser

__all__ = [
    "REASONS",
    "Announcement",
    "Batch",
    "Limits",
    "Member",
    "ReportRefused",
    "header_of",
    "open_report",
    "read_batches",
    "read_lines",
    "start_of",
]  # fmt: skip

DELIMITED: Final = ("shadowserver", "csv")
BATCH_ROWS: Final = 65_536  # a chunk of a wide report stays alone: copying chunks together costs more than it saves
MAX_COLUMNS: Final = 1_000
MAX_NEW_COLUMNS: Final = 50  # new columns that are kept; a file with more is not a new version of a report
PROCESS_SECRET: Final = secrets.token_bytes(32)  # when the caller gives none, hashes of accounts die with the process


def header_of(stream: Reader, separator: str = ",") -> tuple[str, ...]:
    """The names in the first line, without reading past it. Empty when the first line is no header.

    Raises ReportRefused as `open_report` does, when looking unpacks something that is refused.
    """
    try:
        return header_line(stream.peek(PEEK), separator)[0]
    except ReportRefused:
        return ()


def start_of(stream: io.BufferedReader, size: int = 4096) -> bytes:
    """The first bytes, without reading on, cut at the end of a line where there is one. Raises ReportRefused."""
    start = stream.peek(PEEK)[:size]
    whole = start.rpartition(b"\n")[0]
    return whole if len(start) == size and whole else start


def read_batches(
    source: BinaryIO,
    feed: Feed,
    report: Report,
    *,
    batch_rows: int = BATCH_ROWS,
    secret: bytes = PROCESS_SECRET,
    received: datetime | None = None,
) -> Iterator[Batch]:
    """The observations of one file in batches of some `batch_rows` rows, with what was set aside and announced.

    `source` stands at the start of the file and is read once. `secret` keys the hashes that stand for accounts; the
    same secret gives the same hashes. `received` is the UTC time of rows that carry none, by default now. Line numbers
    count data rows from 1. A file without any row gives one empty batch. Raises ReportRefused when the file as a whole
    cannot be read; the message names the column or the fault.
    """
    stream = source if isinstance(source, io.BufferedReader) else Reader(cast("io.RawIOBase", source), PEEK)
    start = stream.peek(PEEK)
    refuse_utf16(start)
    if feed.format in DELIMITED:
        header, size = header_line(start, feed.separator)
        stream.read(size)
        return _batches(stream, feed, report, header, batch_rows, secret, received)
    return _batches(stream, feed, report, (), batch_rows, secret, received)


def read_lines(
    lines: Sequence[bytes],
    feed: Feed,
    report: Report,
    header: Sequence[str] = (),
    *,
    secret: bytes = PROCESS_SECRET,
    received: datetime | None = None,
) -> Iterator[Batch]:
    """Corrected lines through the same reader; `header` matters for delimited files only.

    Their line numbers count from 1 in the order given.
    """
    body = b"".join(line.rstrip(b"\r\n") + b"\n" for line in lines)
    stream = Reader(cast("io.RawIOBase", io.BytesIO(body)), PEEK)
    return _batches(stream, feed, report, tuple(header), BATCH_ROWS, secret, received)


def _batches(
    stream: Reader,
    feed: Feed,
    report: Report,
    header: tuple[str, ...],
    batch_rows: int,
    secret: bytes,
    received: datetime | None,
) -> Iterator[Batch]:
    reports = feed.reports if feed.report_column else {"": report}
    now = received or datetime.now(UTC)
    announcements: list[Announcement] = []
    observers: dict[str, Observer] = {}
    for name, one in reports.items():
        found, kept = _columns(one, header, delimited=feed.format in DELIMITED)
        announcements += found
        observers[name] = Observer(one, kept, secret, now.astimezone(UTC).replace(tzinfo=None))
    used = dict.fromkeys(name for observer in observers.values() for name in observer.columns)
    tables = _tables(stream, feed, header, [*used, *([feed.report_column] * bool(feed.report_column))])
    group: list[Batch] = []
    for number, table in enumerate(tables):
        batch = observe_by(table, observers, feed.report_column, () if number else announcements)
        if group and sum(map(_rows, group)) + _rows(batch) > batch_rows:
            yield joined(group)
            group = []
        group.append(batch)
    yield joined(group)


def _tables(stream: Reader, feed: Feed, header: tuple[str, ...], used: Sequence[str]) -> Iterator[Table]:
    if feed.format in DELIMITED:
        return read_tables(stream, Layout(header, tuple(name for name in used if name in header), feed.separator))
    if feed.format in LISTS:
        return list_tables(stream, feed.format)
    return json_tables(stream, [name for name in used if name != ACCOUNT], feed.path, parser(feed.slug))


def _rows(batch: Batch) -> int:
    return batch.frame.height + batch.set_aside.height


def _columns(report: Report, header: Sequence[str], *, delimited: bool) -> tuple[list[Announcement], dict[str, str]]:
    """What is to be announced about the header, and the columns that are kept with their `raw_` names."""
    if not delimited:
        return [], {name: RAW_PREFIX + name for name in report.kind.evidence}
    if len(header) > MAX_COLUMNS:
        raise ReportRefused("too-many-columns", Text(
            nl=f"De kopregel heeft meer dan {MAX_COLUMNS} kolommen.",
            en=f"The header has more than {MAX_COLUMNS} columns."))  # fmt: skip
    if missing := [name for name in report.required if name not in header]:
        listed = ", ".join(missing)
        raise ReportRefused("missing-column", Text(
            nl=f"Verplichte kolom ontbreekt: {listed} ({report.name}).",
            en=f"Required column missing: {listed} ({report.name})."))  # fmt: skip
    new = [name for name in header if report.known and name not in report.known]
    expected = [name for name in report.known if name in _used(report)] if report.known else _used(report)
    absent = [name for name in expected if name not in header]
    found = []
    if new:
        found.append(_about("new-columns", new, "Nieuwe kolommen, bewaard", "New columns, kept"))
    if len(new) > MAX_NEW_COLUMNS:
        lost = new[MAX_NEW_COLUMNS:]
        found.append(_about("columns-not-kept", lost, "Te veel nieuwe kolommen; niet bewaard",
                            "Too many new columns; not kept"))  # fmt: skip
    if absent:
        found.append(_about("missing-columns", absent, "Ontbrekende kolommen", "Missing columns"))
    names = dict.fromkeys([*(name for name in report.kind.evidence if name in header), *new[:MAX_NEW_COLUMNS]])
    return found, {name: RAW_PREFIX + name for name in names}


def _used(report: Report) -> list[str]:
    columns, kind = report.columns, report.kind
    named = [*columns.hosts, columns.ip, columns.asn, columns.port, columns.protocol, columns.severity, columns.name]
    return [name for name in dict.fromkeys([*named, *kind.key, *kind.evidence]) if name and name != ACCOUNT]


def _about(code: str, names: Sequence[str], nl: str, en: str) -> Announcement:
    listed = ", ".join(name[:60] for name in names[:MAX_NEW_COLUMNS])
    return Announcement(code, tuple(names), Text(nl=f"{nl}: {listed}.", en=f"{en}: {listed}."))
