"""What it costs to bring a report from bytes on disk to grouped findings, beside what others need for the same file.

    python bench/notification.py [--rows 1000000|10000000] [--organisations 100000] [--intelmq-python PATH]

Each measurement runs in a process of its own. CPU is user and system time of that process and its children, from
after the imports to the end of the work. Ours reads with one thread of Polars, as a worker does; the floor is the
cheaper of one thread and all. The SHA-256 of the file, taken where it comes in, stands apart. A worker of ours lives
long, and IntelMQ's start is not counted either, so the small file is measured warm; the cold figures stand beside it.
See bench/README.md for what each of them includes.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from notification_data import ASSETS_PER_ORGANISATION, registry_path, report_path, write_registry, write_report

SMALL: Final = 100_000  # rows of the file that is also given to plain Python and to IntelMQ
ROUNDS: Final = 6  # of the small file in one process: the first is cold
WORK: Final = Path(__file__).with_name("notification_work.py")
INTELMQ: Final = Path(__file__).with_name("notification_intelmq.py")


@dataclass(frozen=True)
class Measured:
    """One measurement. `peak` is in bytes; `facts` is what the work said of itself."""

    name: str
    rows: int
    cpu: float
    peak: int
    facts: dict[str, Any]

    @property
    def row_microseconds(self) -> float:
        """CPU for each row."""
        return self.cpu / self.rows * 1e6


def measure(name: str, rows: int, *command: object, threads: int = 1) -> Measured:
    """Run a measurement in a fresh process; it prints one line of JSON at its end."""
    environment = os.environ | {"POLARS_MAX_THREADS": str(threads)}
    words = [str(part) for part in command]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    said = json.loads(done.stdout.splitlines()[-1])
    return Measured(name, rows, said.pop("cpu"), said.pop("peak"), said)


def prepare(folder: Path, rows: int, organisations: int, ipv6_share: float) -> tuple[Path, Path, Path]:
    """Make registry and reports once; gives the registry, the report and the small report."""
    folder.mkdir(parents=True, exist_ok=True)
    registry = registry_path(folder, organisations)
    write_registry(registry, organisations)
    reports = [report_path(folder, number, organisations, ipv6_share) for number in (rows, SMALL)]
    for path, number in zip(reports, (rows, SMALL), strict=True):
        write_report(path, number, organisations * ASSETS_PER_ORGANISATION, ipv6_share)
    return registry, *reports


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--organisations", type=int, default=100_000)
    parser.add_argument(
        "--ipv6-share", type=float, default=0.0, help="of the rows; Shadowserver's IPv6 reports stand apart"
    )
    parser.add_argument("--intelmq-python", default="", metavar="PATH", help="the Python that has IntelMQ installed")
    parser.add_argument("--folder", type=Path, default=Path("var/bench"))
    wanted = parser.parse_args()
    registry, large, small = prepare(wanted.folder, wanted.rows, wanted.organisations, wanted.ipv6_share)
    index = wanted.folder / f"index-{wanted.organisations}"

    def work(name: str, rows: int, *arguments: object, threads: int = 1) -> Measured:
        return measure(name, rows, sys.executable, WORK, *arguments, threads=threads)

    built = work("build and save the index", wanted.organisations * ASSETS_PER_ORGANISATION, "index", registry, index)
    floors = [
        work(f"floor: Polars parses the columns, {threads} thread(s)", wanted.rows, "floor", large, threads=threads)
        for threads in (os.cpu_count() or 1, 1)
    ]
    floor = min(floors, key=lambda one: one.cpu)
    hashed = work("SHA-256", wanted.rows, "hash", large)
    ours = work("bytes to findings, Parquet written", wanted.rows, "ours", large, index, wanted.folder / "out")
    bare = work("the same without Parquet", wanted.rows, "ours", large, index)
    little = work(f"ours, {SMALL:,} rows, warm", SMALL, "ours", small, index, wanted.folder / "out", ROUNDS)
    python = work(f"plain Python, {SMALL:,} rows", SMALL, "python", small, registry)
    measured = [built, *floors, hashed, ours, bare, little, python]
    if wanted.intelmq_python:
        name = f"IntelMQ, {SMALL:,} rows"
        measured.append(measure(name, SMALL, wanted.intelmq_python, INTELMQ, small, registry))
    others = measured[measured.index(little) + 1 :]
    show(measured)
    compare(floor, ours, bare, hashed)
    beside(others, ours, little)


def show(measured: list[Measured]) -> None:
    """Print the measurements."""
    print(f"{'':<46}{'rows':>12}{'CPU s':>10}{'µs a row':>10}{'peak MiB':>10}")
    for one in measured:
        print(f"{one.name:<46}{one.rows:>12,}{one.cpu:>10.2f}{one.row_microseconds:>10.2f}{one.peak / 2**20:>10,.0f}")
        print("".join(f"    {key}: {value}\n" for key, value in one.facts.items()), end="")
    print()


def compare(floor: Measured, ours: Measured, bare: Measured, hashed: Measured) -> None:
    """Print the figures that are promised of a large file."""
    print(f"ours / floor, Parquet written        {ours.cpu / floor.cpu:6.2f}   at most 3, aim 2")
    print(f"the same with SHA-256                {(ours.cpu + hashed.cpu) / floor.cpu:6.2f}")
    print(f"ours / floor, without Parquet        {bare.cpu / floor.cpu:6.2f}")
    print(f"peak memory, GiB                     {ours.peak / 2**30:6.2f}   below 2")
    print(f"load of the machine                  {os.getloadavg()[0]:6.2f}   of {os.cpu_count()} cores")


def beside(others: list[Measured], ours: Measured, little: Measured) -> None:
    """Print what others need for each row, over what we need; of IntelMQ at least 300 is promised."""
    for other in others:
        name = other.name.partition(",")[0]
        for said, ratio in (
            ("same file", other.cpu / little.cpu),
            ("cold whole process", other.cpu / little.facts["cold"]),
            ("a row", other.row_microseconds / ours.row_microseconds),
        ):
            print(f"{f'{name} / ours, {said}':<36}{ratio:7.1f}")


if __name__ == "__main__":
    main()
