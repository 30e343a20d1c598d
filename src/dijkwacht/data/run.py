"""One file from bytes to findings, batch by batch: memory follows the batch and the findings, not the file."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import polars as pl

from dijkwacht.feeds import Feed, Report, Unknown, recognise
from dijkwacht.feeds.model import Text

from .attribution import attribute
from .grouping import Grouper, merge
from .index import Index
from .measure import cpu_seconds, peak_bytes
from .partitions import Partitions, PartitionWriter
from .reading import (
    PROCESS_SECRET,
    Announcement,
    Batch,
    Member,
    ReportRefused,
    header_of,
    open_report,
    read_batches,
    start_of,
)
from .results import lines_of
from .schema import FINDING, SET_ASIDE

SET_ASIDE_HELD: Final = 10_000  # lines kept in a report; all are counted
Sink = Callable[[str, pl.DataFrame], None]  # takes the name of a file and its pairs by line, in order


@dataclass(slots=True)
class Counts:
    """What happened to the data rows of a file: read = set aside + attributed + unattributed."""

    read: int = 0
    set_aside: int = 0
    attributed: int = 0
    pairs: int = 0

    def add(self, batch: Batch, pairs: pl.DataFrame) -> None:
        """Count one batch."""
        self.read += batch.frame.height + batch.set_aside.height
        self.set_aside += batch.set_aside.height
        self.attributed += pairs["row"].n_unique()
        self.pairs += pairs.height

    @property
    def unattributed(self) -> int:
        """Rows that were understood and belong to nobody who is registered."""
        return self.read - self.set_aside - self.attributed


@dataclass(slots=True)
class RunReport:
    """What came of one file. `cpu_seconds` is this run's, of this process; `peak_bytes` the peak since it started."""

    path: Path
    counts: Counts = field(default_factory=Counts)
    feeds: list[str] = field(default_factory=list)
    findings: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FINDING))
    set_aside: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SET_ASIDE))
    announcements: list[Announcement] = field(default_factory=list)
    partitions: list[Path] = field(default_factory=list)
    cpu_seconds: float = 0.0
    worker_cpu_seconds: float = 0.0  # of other processes that worked on it
    peak_bytes: int = 0

    def take(self, batch: Batch, pairs: pl.DataFrame) -> None:
        """Add one batch."""
        self.counts.add(batch, pairs)
        self.announcements += [one for one in batch.announcements if one not in self.announcements]
        room = SET_ASIDE_HELD - self.set_aside.height
        if room > 0 and batch.set_aside.height:
            self.set_aside = pl.concat([self.set_aside, batch.set_aside.head(room)])

    def join(self, later: "RunReport", lines_before: int) -> None:
        """Add the report of the part of the file after this one, whose lines count from 1."""
        for name in ("read", "set_aside", "attributed", "pairs"):
            setattr(self.counts, name, getattr(self.counts, name) + getattr(later.counts, name))
        self.feeds += [feed for feed in later.feeds if feed not in self.feeds]
        self.findings = merge(self.findings, later.findings.with_columns(pl.col("sample_line") + lines_before))
        moved = later.set_aside.with_columns(pl.col("line") + lines_before)
        self.set_aside = pl.concat([self.set_aside, moved]).head(SET_ASIDE_HELD)
        self.announcements += [one for one in later.announcements if one not in self.announcements]
        self.partitions += later.partitions
        self.worker_cpu_seconds += later.worker_cpu_seconds
        self.peak_bytes = max(self.peak_bytes, later.peak_bytes)


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is read and what its rows become; the same for every file of a run.

    `feed` is a slug; empty: recognised. `observations` is the folder for Parquet of files received on `day`. `salt`
    keys the ids of findings, `secret` the hashes of accounts.
    """

    feed: str = ""
    observations: Path | None = None
    day: date | None = None
    salt: bytes = b""
    secret: bytes = PROCESS_SECRET


def attribute_file(
    path: Path, index: Index, options: Options | None = None, *, source: str = "", sink: Sink | None = None
) -> RunReport:
    """Read, attribute and group one file; the members of an archive one after the other.

    `source` names the file in the findings and the Parquet: its SHA-256, computed when it is not given. `sink` is
    handed the pairs in the order of lines. Raises ReportRefused when the file, or a file in it, cannot be used.
    """
    options, started = options or Options(), cpu_seconds()
    source = source or file_sha256(path)
    report, grouper = RunReport(path), Grouper(index, options.salt)
    for number, member in enumerate(open_report(path)):
        feed, kind = recognised(member, options.feed)
        report.feeds.append(feed.slug)
        name = f"{source}-{number}"
        batches = read_batches(member.stream, feed, kind, secret=options.secret)
        with ExitStack() as stack:
            writer = _writer(options, feed, name, stack)
            for batch, pairs in attributed(batches, index, grouper, name):
                report.take(batch, pairs)
                if writer is not None:
                    writer.write(batch.frame)
                if sink is not None:
                    sink(member_name(path, member), lines_of(batch.frame, pairs))
        if writer is not None and writer.written:
            report.partitions.append(writer.path)
    report.findings = grouper.findings()
    report.cpu_seconds, report.peak_bytes = cpu_seconds() - started, peak_bytes()
    return report


def attributed(
    batches: Iterator[Batch], index: Index, grouper: Grouper, source: str
) -> Iterator[tuple[Batch, pl.DataFrame]]:
    """Attribute and fold batch after batch; gives each with its pairs."""
    for batch in batches:
        pairs = attribute(batch.frame, index)
        grouper.add(batch.frame, pairs, source)
        yield batch, pairs


def recognised(member: Member, feed: str = "") -> tuple[Feed, Report]:
    """Give the feed and type of a file. Raises ReportRefused when they are not known."""
    known = recognise(member.name, header_of(member.stream), feed=feed, start=start_of(member.stream))
    if isinstance(known, Unknown):
        raise ReportRefused(known.reason, Text(nl=known.detail.nl, en=known.detail.en))
    return known.feed, known.report


def file_recognised(path: Path, feed: str = "") -> tuple[Feed, Report]:
    """Give the feed and type of the first file in `path`. Raises ReportRefused."""
    for member in open_report(path):
        return recognised(member, feed)
    raise ReportRefused("empty", Text(nl="Het archief is leeg.", en="The archive is empty."))


def member_name(path: Path, member: Member) -> str:
    """Name a file: the path as given, and for a member of a zip the name it has in there behind it."""
    with path.open("rb") as file:
        zipped = file.read(2) == b"PK"
    shown = os.fsencode(path).decode(errors="replace")  # a file's name need not be UTF-8, a result must be
    return f"{shown}/{member.name}" if zipped else shown


def file_sha256(path: Path) -> str:
    """Hash a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _writer(options: Options, feed: Feed, name: str, stack: ExitStack) -> PartitionWriter | None:
    if options.observations is None:
        return None
    day = options.day or datetime.now(UTC).date()
    return stack.enter_context(Partitions(options.observations).writer(feed.slug, name, day))
