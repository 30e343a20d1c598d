"""A feed's file → batches of observations. Nothing is dropped: each row comes out or is set aside with its reason."""

import io
import secrets
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from dijkwacht.data.archives import PEEK, Limits, Member, open_report
from dijkwacht.data.observing import Announcement, Batch, Observer, joined
from dijkwacht.data.schema import RAW_PREFIX
from dijkwacht.data.setaside import REASONS, ReportRefused
from dijkwacht.data.tables import Layout, header_line, read_tables
from dijkwacht.feeds.model import Feed, Report, Text

__all__ = [
    "REASONS", "Announcement", "Batch", "Limits", "Member", "ReportRefused", "header_of", "open_report",
    "read_batches", "read_lines",
]  # fmt: skip

MAX_COLUMNS: Final = 1_000
MAX_NEW_COLUMNS: Final = 50  # new columns that are kept; a file with more is not a new version of a report
PROCESS_SECRET: Final = secrets.token_bytes(32)  # when the caller gives none, hashes of accounts die with the process


def header_of(stream: io.BufferedReader, separator: str = ",") -> tuple[str, ...]:
    """The names in the first line, without reading past it. Empty when the first line is no header.

    Raises ReportRefused as `open_report` does, when looking unpacks something that is refused.
    """
    try:
        return header_line(_peek(stream), separator)[0]
    except ReportRefused:
        return ()


def read_batches(
    source: BinaryIO, feed: Feed, report: Report, *, batch_rows: int = 250_000, secret: bytes = PROCESS_SECRET
) -> Iterator[Batch]:
    """The observations of one file in batches of some `batch_rows` rows, with what was set aside and announced.

    `source` stands at the start of the file and is read once. `secret` keys the hashes that stand for accounts; the
    same secret gives the same hashes. Line numbers count data rows from 1. A file without any row gives one empty
    batch. Raises ReportRefused when the file as a whole cannot be read; the message names the column or the fault.
    """
    stream = source if isinstance(source, io.BufferedReader) else io.BufferedReader(source, PEEK)  # type: ignore[type-var]
    header, size = header_line(_peek(stream), feed.separator)
    stream.read(size)
    return _batches(stream, feed, report, header, batch_rows, secret)


def read_lines(
    lines: Sequence[bytes], feed: Feed, report: Report, header: Sequence[str], *, secret: bytes = PROCESS_SECRET
) -> Iterator[Batch]:
    """Corrected lines through the same reader. Their line numbers count from 1 in the order given."""
    body = b"".join(line.rstrip(b"\r\n") + b"\n" for line in lines)
    return _batches(io.BytesIO(body), feed, report, tuple(header), 250_000, secret)


def _peek(stream: io.BufferedReader) -> bytes:
    return stream.peek(PEEK)


def _batches(
    stream: BinaryIO, feed: Feed, report: Report, header: tuple[str, ...], batch_rows: int, secret: bytes
) -> Iterator[Batch]:
    announcements, kept = _columns(report, header)
    columns = report.columns
    used = [columns.time, columns.ip, *columns.hosts, columns.asn, columns.port, columns.protocol, columns.severity,
            columns.account, columns.name, *report.kind.key, *kept]  # fmt: skip
    layout = Layout(header, tuple(name for name in dict.fromkeys(used) if name in header), feed.separator)
    observer = Observer(report, kept, secret)
    group: list[Batch] = []
    for number, table in enumerate(read_tables(stream, layout)):
        batch = observer.observe(table, () if number else announcements)
        if group and sum(map(_rows, group)) + _rows(batch) > batch_rows:
            yield joined(group)
            group = []
        group.append(batch)
    yield joined(group)


def _rows(batch: Batch) -> int:
    return batch.frame.height + batch.set_aside.height


def _columns(report: Report, header: Sequence[str]) -> tuple[list[Announcement], dict[str, str]]:
    """What is to be announced about the header, and the columns that are kept with their `raw_` names."""
    if len(header) > MAX_COLUMNS:
        raise ReportRefused("too-many-columns", Text(nl=f"De kopregel heeft meer dan {MAX_COLUMNS} kolommen.",
                                                     en=f"The header has more than {MAX_COLUMNS} columns."))  # fmt: skip
    if missing := [name for name in report.required if name not in header]:
        listed = ", ".join(missing)
        raise ReportRefused("missing-column", Text(nl=f"Verplichte kolom ontbreekt: {listed} ({report.name}).",
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
    return [name for name in dict.fromkeys([*named, *kind.key, *kind.evidence]) if name and name != "account"]


def _about(code: str, names: Sequence[str], nl: str, en: str) -> Announcement:
    listed = ", ".join(name[:60] for name in names[:MAX_NEW_COLUMNS])
    return Announcement(code, tuple(names), Text(nl=f"{nl}: {listed}.", en=f"{en}: {listed}."))
