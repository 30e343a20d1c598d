"""A year of kept observations attributed again: one process against Dask with two workers, and the same answer.

    python bench/look_back.py [--rows 1000] [--organisations 1000]

Makes 365 days of Parquet with so many rows each, then runs `dijkwacht look-back` twice: alone, and on a scheduler with
two worker processes on loopback. Fails when the two files differ. CPU of the workers is read when they have ended.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import polars as pl

from dijkwacht.data.partitions import Partitions
from dijkwacht.data.reading import open_report, read_batches
from dijkwacht.data.run import recognised
from notification_data import ASSETS_PER_ORGANISATION, write_registry, write_report

DAYS: Final = 365
FIRST: Final = date(2025, 11, 22)
DASK: Final = Path(sys.executable).with_name("dask")


def write_year(folder: Path, rows: int, organisations: int) -> None:
    """Read one report and keep a part of it on each day of a year."""
    report = folder / "2026-11-21-scan_http-nl.csv"
    write_report(report, rows * DAYS, organisations * ASSETS_PER_ORGANISATION, 0.1)
    (member,) = open_report(report)
    feed, kind = recognised(member)
    whole = pl.concat([batch.frame for batch in read_batches(member.stream, feed, kind)])
    for day in range(DAYS):
        when = FIRST + timedelta(days=day)
        with Partitions(folder / "kept").writer(feed.slug, f"{day:064x}-0", when) as writer:
            writer.write(whole[day * rows : (day + 1) * rows])


def look_back(folder: Path, name: str, *more: str) -> dict[str, Any]:
    """Run the command; gives what it says, and its seconds."""
    command = [sys.executable, "-m", "dijkwacht", "look-back", "kept", "--registry", "registry.csv", "--json"]
    started = time.perf_counter()
    done = subprocess.run([*command, "--out", name, *more], cwd=folder, stdout=subprocess.PIPE, text=True, check=True)
    said: dict[str, Any] = json.loads(done.stdout)
    return said | {"seconds": time.perf_counter() - started}


def on_dask(folder: Path) -> tuple[dict[str, Any], float]:
    """Run the command on a scheduler and two workers; gives what it says, and the CPU of scheduler and workers."""
    file = folder / "scheduler.json"
    local = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(file)]
    commands = [["scheduler", *local, "--port", "0"], *[["worker", *local, "--no-nanny", "--nthreads", "1"]] * 2]
    running = []
    try:
        for command in commands:
            one = subprocess.Popen(
                [str(DASK), *command],
                cwd=folder,
                env=os.environ | {"POLARS_MAX_THREADS": "1"},
                stderr=subprocess.DEVNULL,
            )
            running.append(one)
            while not (file.exists() and file.read_text().endswith("}")):
                time.sleep(0.1)
        said = look_back(folder, "there.parquet", "--scheduler", json.loads(file.read_text())["address"])
    finally:
        before = children()
        for one in reversed(running):  # a worker whose scheduler went first keeps waiting for it
            one.terminate()
            one.wait()
    return said, children() - before


def children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Measure and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--organisations", type=int, default=1_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_registry(folder / "registry.csv", given.organisations)
        write_year(folder, given.rows, given.organisations)
        alone = look_back(folder, "here.parquet")
        spread, cluster = on_dask(folder)
        here, there = (pl.read_parquet(folder / f"{one}.parquet") for one in ("here", "there"))
        if not here.equals(there) or here.is_empty():
            sys.exit("the two answers differ, or there is none")
    print(f"{DAYS} days of {given.rows:,} rows, {here.height:,} findings, the same both ways")
    print(f"{'':<14}{'seconds':>9}{'CPU s':>9}")
    print(f"{'one process':<14}{alone['seconds']:>9.1f}{alone['cpu_seconds']:>9.2f}")
    print(f"{'two workers':<14}{spread['seconds']:>9.1f}{spread['cpu_seconds'] + cluster:>9.2f}")


if __name__ == "__main__":
    main()
