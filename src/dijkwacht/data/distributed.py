"""The same functions on Dask distributed: files, spans of large files and Parquet partitions over many workers.

Every worker sees the same files under the same paths, and runs this program. The index is a folder that the workers
map in memory.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path
from typing import Final, TypeVar

import polars as pl
from distributed import Client, Future

from .grouping import Grouper, merge
from .index import Index
from .measure import cpu_seconds, peak_bytes
from .reading import ReportRefused, read_batches
from .results import LINES, ResultWriter, lines_of
from .retro import attribute_partitions
from .run import Options, RunReport, attribute_file, attributed, file_recognised
from .spans import STRUCTURAL, Span, open_span, split_file

SPAN_BYTES: Final = 128 << 20
AHEAD: Final = 2  # tasks in flight for each worker thread: enough to keep it busy, few enough to bound what waits here
CONNECT_SECONDS: Final = 10
MERGED_AT_ONCE: Final = 16


class SchedulerUnreachableError(Exception):
    """No scheduler with workers answers at this address."""


T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Part:
    """What is done in one task: a file, or a span of it. `path` is as given, `place` the same for every worker."""

    path: Path
    place: Path
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class PartResult:
    """What came of a part: its report, and its pairs by line (LINES) under the name of each member."""

    report: RunReport
    pairs: list[tuple[str, pl.DataFrame]]
    whole: bool = True  # false for a span that was not made of whole records


@dataclass(frozen=True, slots=True)
class SharedIndex:
    """An index as the workers find it."""

    folder: Path
    version: str

    def load(self) -> Index:
        """Map the index, once in each process. Raises RuntimeError when the folder holds another version."""
        return _load(self.folder, self.version)


@lru_cache(maxsize=2)
def _load(folder: Path, version: str) -> Index:
    index = Index.load(folder)
    if index.version != version:
        raise RuntimeError(f"{folder} holds index {index.version}, not {version}")
    return index


@contextmanager
def connect(address: str) -> Iterator[Client]:
    """Connect to a scheduler that has a worker. Raises SchedulerUnreachableError."""
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise SchedulerUnreachableError(f"no scheduler answers at {address}") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError as error:
            raise SchedulerUnreachableError(f"the scheduler at {address} has no workers") from error
        yield client


def attribute_files(
    client: Client,
    files: Sequence[Path],
    index: SharedIndex,
    options: Options,
    sink: ResultWriter,
    *,
    span_bytes: int = SPAN_BYTES,
) -> tuple[list[RunReport], dict[str, str]]:
    """Attribute files on the workers; gives what `attribute_file` gives for each, and why a file was refused.

    `sink` is handed the pairs in the order of files and lines. A large file is cut in spans, unless its observations
    are kept: those are written by one worker for each file, with the right lines.
    """
    parts = [part for path in files for part in _parts(path, options, span_bytes)]
    results = _in_order(client, partial(_part_task, index, options), parts)
    reports: list[RunReport] = []
    refused: dict[str, str] = {}
    for path, of_file in groupby(zip(parts, results, strict=True), key=lambda pair: pair[0].path):
        before = sink.position()
        report = _joined(path, (result for _, result in of_file), sink)
        if report is None:  # not whole records after all: in one piece, which is right for any file
            sink.back_to(before)
            again = client.submit(_part_task, index, options, Part(path, path.absolute()), pure=False).result()
            report = _joined(path, iter([again]), sink)
        if isinstance(report, RunReport):
            reports.append(report)
        else:
            sink.back_to(before)
            refused[os.fsencode(path).decode(errors="replace")] = report or "the file cannot be read in one piece"
    return reports, refused


def attribute_partitions_on(
    client: Client,
    paths: Iterable[Path],
    index: SharedIndex,
    *,
    only_assets: Sequence[int] | None = None,
    salt: bytes = b"",
) -> pl.DataFrame:
    """Attribute Parquet partitions on the workers; gives what `attribute_partitions` gives."""
    task = partial(_partition_task, index, None if only_assets is None else tuple(only_assets), salt)
    pending: list[pl.DataFrame] = []
    for findings in _in_order(client, task, [path.absolute() for path in paths]):
        pending.append(findings)
        if len(pending) == MERGED_AT_ONCE:
            pending = [merge(*pending)]
    return merge(*pending)


def _parts(path: Path, options: Options, span_bytes: int) -> list[Part]:
    """Cut a file that can be cut; what is wrong with it is for the worker to say."""
    whole = Part(path, path.absolute())
    if options.observations is not None:
        return [whole]
    try:
        feed, _ = file_recognised(path, options.feed)
        spans = split_file(path, feed, span_bytes)
    except ReportRefused:
        return [whole]
    return [Part(path, whole.place, span) for span in spans] if len(spans) > 1 else [whole]


def _in_order(client: Client, task: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
    """Run a task on each item, a few more at a time than there are threads; gives the results in order."""
    threads = client.nthreads()  # type: ignore[no-untyped-call]
    ahead = max(1, AHEAD * sum(threads.values()))
    running: deque[Future[R]] = deque()
    for item in items:
        running.append(client.submit(task, item, pure=False))
        if len(running) >= ahead:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


def _part_task(index: SharedIndex, options: Options, part: Part) -> PartResult | str:
    """Do one part; gives the reason as text where the file cannot be used."""
    started = cpu_seconds()
    try:
        if part.span is None:
            result = _file(part, index.load(), options)
        else:
            result = _span(part, part.span, index.load(), options)
    except ReportRefused as refused:
        return str(refused)
    result.report.worker_cpu_seconds = cpu_seconds() - started
    return result


def _file(part: Part, index: Index, options: Options) -> PartResult:
    pairs: list[tuple[str, pl.DataFrame]] = []

    def keep(name: str, lines: pl.DataFrame) -> None:
        pairs.append((str(part.path) + name.removeprefix(str(part.place)), lines))

    return PartResult(attribute_file(part.place, index, options, source=part.path.name, sink=keep), pairs)


def _span(part: Part, span: Span, index: Index, options: Options) -> PartResult:
    """Do one span of a file. Its lines count from 1: only the client knows how many came before."""
    report, grouper = RunReport(part.path), Grouper(index, options.salt)
    feed, kind = file_recognised(part.place, options.feed)
    pairs = [pl.DataFrame(schema=LINES)]
    batches = read_batches(open_span(part.place, span), feed, kind, secret=options.secret)
    for batch, found in attributed(batches, index, grouper, f"{part.path.name}-0"):
        report.take(batch, found)
        pairs.append(lines_of(batch.frame, found))
        if batch.set_aside["reason"].is_in(STRUCTURAL).any():
            return PartResult(report, [], whole=False)
    report.feeds, report.findings, report.peak_bytes = [feed.slug], grouper.findings(), peak_bytes()
    return PartResult(report, [(str(part.path), pl.concat(pairs))])


def _partition_task(index: SharedIndex, only_assets: tuple[int, ...] | None, salt: bytes, path: Path) -> pl.DataFrame:
    return attribute_partitions([path], index.load(), only_assets=only_assets, salt=salt)


def _joined(path: Path, results: Iterator[PartResult | str], sink: ResultWriter) -> RunReport | str | None:
    """Put the parts of one file together, their lines counted on; None when a span was not made of whole records."""
    joined = RunReport(path)
    failed: str | None = None
    whole = True
    for result in results:  # to the end, whatever happens: the parts of the next file come after it
        if isinstance(result, str):
            failed = result
        elif not result.whole:
            whole = False
        elif whole and failed is None:
            before = joined.counts.read
            for name, lines in result.pairs:
                sink.write(name, lines.with_columns(pl.col("line") + before))
            joined.join(result.report, before)
    return failed or (joined if whole else None)
