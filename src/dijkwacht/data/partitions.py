"""Raw observations as Parquet: day=YYYY-MM-DD/feed=SLUG/SOURCE.parquet, GROUP_ROWS or somewhat more a row group.

A source is one file as it came in, named by its SHA-256 and its number in the archive it was in. The day is that of
receipt, so that retention is a matter of removing folders and no file can spread itself over every day there is.
"""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self, TypeAlias

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

GROUP_ROWS: Final = 200_000
INCOMPRESSIBLE: Final = frozenset({"time", "ip_low", "asn"})  # LZ4 takes off a quarter at most, at thrice the cost
Codec: TypeAlias = Literal["gzip", "brotli", "lz4", "zstd", "snappy", "none"]  # as pyarrow's types spell it
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}\Z")


class PartitionWriter:
    """Writes the batches of one source; the file appears under its name only when all of it is there.

    A batch is written by a thread of its own while the next one is read; at most one waits.
    No dictionaries, statistics of the line only, and no text of a dotted quad, which `lines` writes again from the
    number. LZ4 for text and for columns that repeat; numbers that it hardly makes smaller are written as they are.
    Together 0.3 µs a row, less than half of Polars' defaults. Batches are gathered to row groups of GROUP_ROWS.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._draft = path.with_name(f".{path.name}.draft")
        self._writer: Any = None
        self._held: list[pa.Table] = []
        self._thread = ThreadPoolExecutor(1, "parquet")
        self._pending: Future[None] | None = None

    def write(self, frame: pl.DataFrame) -> None:
        """Add one batch of OBSERVATION; every batch of a source has the same columns."""
        self._wait()
        if frame.height:
            self._pending = self._thread.submit(self._write, frame)

    def _write(self, frame: pl.DataFrame) -> None:
        self._held.append(_without_quads(frame).to_arrow(compat_level=pl.CompatLevel.newest()))
        if sum(table.num_rows for table in self._held) >= GROUP_ROWS:
            self._flush()

    def _flush(self) -> None:
        """Write what is held as one row group."""
        table = pa.concat_tables(self._held)
        self._held = []
        if self._writer is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(
                self._draft,
                table.schema,
                compression=_compression(table),
                use_dictionary=False,
                write_statistics=["line"],
            )
        self._writer.write_table(table, row_group_size=max(1, table.num_rows))

    @property
    def written(self) -> bool:
        """Whether there is a file, or will be: no row, no file."""
        return self._writer is not None

    def _wait(self) -> None:
        if self._pending is not None:
            self._pending.result()
            self._pending = None

    def close(self) -> Path | None:
        """Finish the file and give its path; None when there was no row."""
        try:
            self._wait()
        finally:
            self._thread.shutdown()
        if self._held:
            self._flush()
        if self._writer is None:
            return None
        self._writer.close()
        self._draft.replace(self.path)
        return self.path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
            return
        self._thread.shutdown()
        if self._writer is not None:
            self._writer.close()
            self._draft.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Partitions:
    """The folder that holds the observations."""

    root: Path

    def writer(self, feed: str, source: str, day: date) -> PartitionWriter:
        """Write one source received on `day`. Raises ValueError for a name that is not one plain path part."""
        if not (NAME.match(feed) and NAME.match(source)):
            raise ValueError(f"not a name for a partition: {feed!r}, {source!r}")
        return PartitionWriter(self.root / f"day={day.isoformat()}" / f"feed={feed}" / f"{source}.parquet")

    def paths(self, first: date | None = None, last: date | None = None) -> list[Path]:
        """Give the files received from `first` to `last` day, both included, in order."""
        low, high = (first or date.min).isoformat(), (last or date.max).isoformat()
        found = self.root.glob("day=*/feed=*/[!.]*.parquet")
        return sorted(path for path in found if low <= path.parts[-3].removeprefix("day=") <= high)

    def lines(self, source: str, lines: pl.Series) -> pl.DataFrame:
        """Give the observations at these lines of a source, each once; empty when the source is not there."""
        wanted = lines.unique().sort()
        paths = sorted(self.root.glob(f"day=*/feed=*/{source}.parquet")) if NAME.match(source) else []
        frames = [part for path in paths[-1:] for part in _lines(path, wanted)]
        return pl.concat(frames) if frames else pl.DataFrame(schema={"line": pl.UInt32})


def _lines(path: Path, wanted: pl.Series) -> Iterator[pl.DataFrame]:
    """Read only the row groups that hold a wanted line: lines rise through the file."""
    file = pq.ParquetFile(path)
    column = file.schema_arrow.names.index("line")
    for number in range(file.num_row_groups):
        span = file.metadata.row_group(number).column(column).statistics
        inside = wanted if span is None else wanted.filter(wanted.is_between(span.min, span.max))
        if not inside.is_empty():
            yield _with_quads(frame_of(file.read_row_group(number)).filter(pl.col("line").is_in(inside.implode())))


def _compression(table: pa.Table) -> dict[str, Codec]:
    return {name: "none" if name in INCOMPRESSIBLE else "lz4" for name in table.column_names}


def _without_quads(frame: pl.DataFrame) -> pl.DataFrame:
    """Leave out the text of IPv4 addresses, unless they are written as IPv6: the strict number says all of it."""
    text = pl.col("ip")
    return frame.with_columns(ip=pl.when(text.str.contains(":", literal=True)).then(text))


def _with_quads(frame: pl.DataFrame) -> pl.DataFrame:
    """Write those addresses again."""
    number = pl.col("ip_low") & 0xFFFF_FFFF
    quad = pl.format("{}.{}.{}.{}", *(number // (1 << bits) % 256 for bits in (24, 16, 8, 0)))
    return frame.with_columns(ip=pl.coalesce("ip", pl.when(pl.col("ip_low").is_not_null()).then(quad)))


def row_groups(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, pl.DataFrame]]:
    """Read some columns of one row group after the other, with its number."""
    file = pq.ParquetFile(path)
    for number in range(file.num_row_groups):
        yield number, read_group(path, number, columns)


def read_group(path: Path, number: int, columns: Sequence[str]) -> pl.DataFrame:
    """Read some columns of one row group; with `ip`, also the text that was left out."""
    stored = dict.fromkeys([*columns, *(["ip_low"] if "ip" in columns else [])])
    frame = frame_of(pq.ParquetFile(path).read_row_group(number, columns=list(stored)))
    return (_with_quads(frame) if "ip" in columns else frame).select(columns)


def frame_of(table: pa.Table) -> pl.DataFrame:
    """Give a Polars frame of an Arrow table, each column in one piece so that gathering from it is quick."""
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table gives a frame, an array a series
    return frame.rechunk()
