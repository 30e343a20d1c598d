"""What it costs to lay a whole business register beside ours.

Run: `python bench/compare_register.py [--rows 1000000] [--organisations 100000] [--json]`, in a database of its own
that is thrown away. Every organisation of ours stands in the snapshot; one in twenty differs in its name, one in twenty
in its legal form, one in fifty ended. Figures: `bench/README.md`.
"""

import argparse
import csv
import json
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from registry import fill, name, server_cpu

FIRST = 10_000_000  # the KvK number of the first organisation of ours
HEADER = ("kvk", "name", "street", "postcode", "city", "active", "legal_form", "sbi", "staff")


def rows(number: int, ours: int) -> Iterator[tuple[str, ...]]:
    """Yield the snapshot: ours spread evenly through it."""
    every = number // ours
    for place in range(number):
        own = place % every == 0 and place // every < ours
        which = place // every if own else ours + place
        told = f"{name(which)} Anders" if own and which % 20 == 1 else name(which)
        form, active = ("nv" if which % 20 == 2 else "bv"), ("nee" if which % 50 == 3 else "ja")
        yield (
            str(FIRST + which),
            told,
            f"Kade {which}",
            "1234 AB",
            "Waterkant",
            active,
            form,
            "62010",
            str(which % 400),
        )


def write(path: Path, number: int, ours: int) -> None:
    """Write the snapshot as CSV, or as JSON by the ending of `path`."""
    with path.open("w", encoding="utf-8", newline="") as file:
        if path.suffix == ".csv":
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows(rows(number, ours))
            return
        for place, row in enumerate(rows(number, ours)):
            file.write(("[" if place == 0 else ",\n") + json.dumps(dict(zip(HEADER, row, strict=True))))
        file.write("]")


def measure(path: Path, *, again: bool) -> None:
    """Compare, and print what it cost the client and the server, and the largest memory of the client."""
    from dijkwacht.kernel.actor import system
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.registry import actions

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    cpu, server, wall = time.process_time(), server_cpu(), time.perf_counter()
    with tenancy.acting(system("bench")) as actor, path.open("rb") as file:
        made = actions.compare_register(actor=actor, file=file, name=path.name, fill=not again).comparison
    cpu, server, wall = time.process_time() - cpu, server_cpu() - server, time.perf_counter() - wall
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{path.stat().st_size / 1e6:.0f} MB {path.suffix}, {'again' if again else 'first, with --fill'}:", flush=True
    )
    print(f"  {cpu + server:.1f} s CPU ({cpu:.1f} client, {server:.1f} server), {wall:.1f} s wall")
    print(f"  memory of the client {before} MB before, {most} MB at most; {made.counts}", flush=True)


def main(number: int, ours: int, ending: str) -> None:
    """Make the database and the snapshot, and measure twice."""
    from dijkwacht.__main__ import set_up_django
    from dijkwacht.platform.supervisor.cli import embedded, run

    path = Path(os.environ["DIJKWACHT_HOME"]) / f"snapshot.{ending}"
    write(path, number, ours)
    run("migrate")
    set_up_django()
    from django.db import connection

    try:
        connection.ensure_connection()
        fill(ours, 0)
        measure(path, again=False)
        measure(path, again=True)
    finally:
        server = embedded()
        if server is not None:
            server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--organisations", type=int, default=100_000)
    parser.add_argument("--json", dest="ending", action="store_const", const="json", default="csv")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="dijkwacht-bench-"))
    os.environ |= {"DIJKWACHT_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "dijkwacht.settings"}
    try:
        main(chosen.rows, chosen.organisations, chosen.ending)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
