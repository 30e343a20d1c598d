"""CPU seconds of reading a report into observations, against Polars parsing the needed columns of the same file.

Run: python bench/reading.py [rows] [report type]. Rounds alternate, the best of each counts; trust CPU, not wall time.
"""

import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl

from dijkwacht.data.reading import header_of, open_report, read_batches
from dijkwacht.feeds import Recognised, recognise
from dijkwacht.feeds.generate import write_report

ROUNDS = 3


def cpu() -> float:
    """User and system seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def floor(path: Path, columns: list[str]) -> int:
    """Polars alone: the needed columns as text."""
    return pl.scan_csv(path, infer_schema=False).select(columns).collect(engine="streaming").height


def read(path: Path) -> int:
    """The whole of reading: open, recognise, parse, type, judge."""
    (member,) = open_report(path)
    known = recognise(member.name, header_of(member.stream))
    assert isinstance(known, Recognised)
    return sum(batch.frame.height for batch in read_batches(member.stream, known.feed, known.report))


def needed(path: Path) -> list[str]:
    """The columns that reading uses, in the order of the file."""
    (member,) = open_report(path)
    header = header_of(member.stream)
    known = recognise(member.name, header)
    assert isinstance(known, Recognised)
    columns, kind = known.report.columns, known.report.kind
    named = {columns.time, columns.ip, *columns.hosts, columns.asn, columns.port, columns.protocol, columns.severity}
    return [name for name in header if name in named | {*kind.key, *kind.evidence}]


def timed(function: Callable[[], int]) -> tuple[float, int]:
    """CPU seconds and rows of one call."""
    before = cpu()
    rows = function()
    return cpu() - before, rows


def main() -> None:
    """Print rows, bytes, CPU seconds of both, their ratio and the peak memory."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 500_000
    report = sys.argv[2] if len(sys.argv) > 2 else "scan_http"
    with tempfile.TemporaryDirectory() as folder:
        path = write_report(Path(folder) / f"2026-11-01-{report}-nederland.csv", report, rows)
        columns = needed(path)
        reads = [timed(lambda: read(path)) for _ in range(ROUNDS)]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        floors = [timed(lambda: floor(path, columns)) for _ in range(ROUNDS)]
        reads += [timed(lambda: read(path)) for _ in range(ROUNDS)]
        assert {count for _, count in reads + floors} == {rows}
        best, least = min(reads)[0], min(floors)[0]
        print(f"{report}: {rows} rows, {path.stat().st_size >> 20} MiB, columns {', '.join(columns)}")
        print(f"floor {least:.2f} s, reading {best:.2f} s CPU: {best / least:.2f} times; peak {peak} MiB")


if __name__ == "__main__":
    main()
