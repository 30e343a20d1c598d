"""What the register costs at its largest: search, list pages, import, the numbers of a day.

Run: `python bench/registry.py [--organisations 2000000] [--assets 4000000] [--keep FOLDER]`, in a database of its own
that is thrown away. Names are composed from the word lists of `registry_filling.py`; the searches are asked as the
centre asks them, with row-level security on, each from its parse to its last row. Figures: `bench/README.md`.
"""

import argparse
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from registry_filling import domain, fill, mistyped, name, network

ASKED = 300  # searches of each kind
WARMING = 10  # seconds after a start from disk
IMPORTED = 25_000  # organisations, each with a contact and two assets: 100,000 rows


def searches(organisations: int, assets: int) -> Iterator[tuple[str, list[tuple[str, UUID]]]]:
    """Yield each kind of search with what is asked, and who must be among the answers."""
    dice = random.Random(20261125)
    some = [dice.randrange(organisations) for _ in range(ASKED)]
    yield "name, exact", [(name(number), UUID(int=number)) for number in some]
    yield "name, typing error", [(mistyped(name(number), dice), UUID(int=number)) for number in some]
    plural = {"bakkerij": "bakkerijen", "garage": "garages", "drukkerij": "drukkerijen", "machines": "machine"}
    every = ((number, name(number)) for number in range(organisations))
    stems = list(islice((one for one in every if one[1].split()[0].lower() in plural), ASKED))
    yield (
        "name, Dutch stem",
        [(" ".join([plural[said.split()[0].lower()], *said.split()[1:]]), UUID(int=number)) for number, said in stems],
    )
    yield "KvK number", [(f"{10_000_000 + number:08d}", UUID(int=number)) for number in some]
    odd = [dice.randrange(assets // 2) * 2 + 1 for _ in range(ASKED)]
    yield "domain, exact", [(domain(number), UUID(int=number % organisations)) for number in odd]
    yield "domain, below it", [(f"www.mail.{domain(number)}", UUID(int=number % organisations)) for number in odd]
    even = [dice.randrange(assets // 2) * 2 for _ in range(ASKED)]
    held = [(network(number >> 1).rpartition("/")[0], UUID(int=number % organisations)) for number in even]
    yield "address", [(f"{address}1" if ":" in address else address, owner) for address, owner in held]


def timed(work: Sequence[Callable[[], Any]]) -> tuple[list[float], list[Any]]:
    """Run each piece of work; return milliseconds, sorted, and the results."""
    times, results = [], []
    for piece in work:
        began = time.perf_counter()
        results.append(piece())
        times.append((time.perf_counter() - began) * 1000)
    return sorted(times), results


def tell(what: str, times: Sequence[float], more: str = "") -> None:
    """Print one line of the table."""
    middle, high = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"| {what:<42} | {middle:>8.1f} | {high:>8.1f} | {times[-1]:>8.1f} | {more}", flush=True)


def measure_search(organisations: int, assets: int) -> None:
    """Ask each kind of search as an officer does; how often the one that was meant is among the first 50."""
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.registry import reads

    officer = _officer()
    print("| search (ms)                                |      p50 |      p95 |      max | found")
    kinds = list(searches(organisations, assets))
    cold = (f"name, exact, {WARMING} s after a start from disk", kinds[0][1][::-1])
    _start_cold()
    for what, asked in [cold, *kinds]:
        with tenancy.acting(officer):
            times, answers = timed([lambda said=said: reads.search(officer, said) for said, _ in asked])  # type: ignore[misc]
        hit = sum(owner in {row.id for row in rows} for rows, (_, owner) in zip(answers, asked, strict=True))
        tell(what, times, f"{hit} of {len(asked)}")


def _start_cold() -> None:
    """Start the server again with nothing of its files in memory, and give it a moment to warm itself."""
    from django.db import connection

    from dijkwacht.platform.supervisor.cli import embedded

    server = embedded()
    if server is None:
        return
    connection.close()
    server.stop()
    for path in server.folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    server.start()
    time.sleep(WARMING)


def measure_pages(organisations: int) -> None:
    """Ask list pages as the page and the API do: at the start, the middle and the end, and with each filter."""
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.registry import reads

    officer = _officer()
    print("| list of 50 (ms)                            |      p50 |      p95 |      max |")
    cases: dict[str, dict[str, str]] = {
        "": {},
        "class essential": {"classification": "essential"},
        "sector 1.5": {"sector": "1.5"},
    }
    for what, filters in cases.items():
        order = reads.by_name(filters.get("sector", ""))
        for place in ("", "M", "Z"):
            with tenancy.acting(officer):
                times, pages = timed([lambda only=filters, by=order, at=place: _page(officer, only, by, at)] * 100)  # type: ignore[misc]
            assert pages[0], "a list without a row measures nothing"
            tell(f"{what or 'all'}, from {place or 'the start'} ({organisations:,})", times)


def _page(officer: Any, filters: dict[str, str], order: list[str], place: str) -> list[Any]:
    """Give the page that follows a place in the alphabet, as its cursor asks for it."""
    from dijkwacht.api import paging
    from dijkwacht.rooms.registry import reads

    rows = reads.organisations_for(officer, **filters)  # type: ignore[arg-type]
    if place:
        rows = rows.filter(paging._after(rows, order, [place, str(UUID(int=0))]))  # noqa: SLF001 - what a cursor does
    return list(rows.order_by(*order)[:51])


def measure_import() -> None:
    """Import 100,000 rows with history on, and the same file again; CPU of the client and of the server."""
    from dijkwacht.kernel.actor import system
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.registry import actions

    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        file.write("record,organisation,name,kvk,email,kind,value,status\n")
        for number in range(IMPORTED):
            key = f"bench-{number}"
            file.write(
                f"organisation,{key},{name(-number)},{50_000_000 + number},,,,\n"
                f"contact,{key},Jan {number},,j@b{number}.example,,,\n"
            )
            file.write(
                f"asset,{key},,,,domain,b{number}.bench.nl,claimed\nasset,{key},,,,asn,{200_000 + number},verified\n"
            )
        file.flush()
        for what in ("import of 100,000 rows, new", "the same file again"):
            cpu, server, wall = time.process_time(), server_cpu(), time.perf_counter()
            with tenancy.acting(system("bench")) as actor, Path(file.name).open("rb") as rows:
                report = actions.import_file(actor=actor, file=rows, name="bench.csv", evidence="bench")
            cpu, server, wall = time.process_time() - cpu, server_cpu() - server, time.perf_counter() - wall
            told = f"{cpu + server:.1f} s CPU ({cpu:.1f} client, {server:.1f} server), {wall:.1f} s wall"
            print(f"{what}: {told}; {report.stored}, {report.refused} refused")


def measure_numbers() -> None:
    """Count the whole register as of now, out of its history."""
    from django.utils import timezone

    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.registry import history
    from dijkwacht.rooms.registry.extracts.numbers import numbers

    officer = _officer()
    began = time.perf_counter()
    with tenancy.acting(officer):
        counted = numbers(officer, history.AsOf(timezone.now(), None, over=True))
    print(f"numbers of a moment: {time.perf_counter() - began:.1f} s wall; {counted.together:,} entities")


def _officer() -> Any:
    from dijkwacht.kernel.actor import Actor, CentreRole, Kind

    return Actor(kind=Kind.PERSON, id="officer", roles=frozenset({CentreRole.OFFICER}))


def server_cpu() -> float:
    """Return the CPU seconds of the database server and its processes, those that ended included."""
    home = Path(os.environ["DIJKWACHT_HOME"])
    server, total = (home / "postgres" / "postmaster.pid").read_text().split()[0], 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if status.parent.name == server:
            total += sum(map(int, fields[11:15]))
        elif fields[1] == server:
            total += sum(map(int, fields[11:13]))
    return total / os.sysconf("SC_CLK_TCK")


def main(organisations: int, assets: int) -> None:
    """Make the database, fill it, measure."""
    from dijkwacht.__main__ import set_up_django

    set_up_django()
    from django.db import connection

    from dijkwacht.platform.supervisor.cli import embedded, run

    run("migrate")

    try:
        connection.ensure_connection()
        began = time.perf_counter()
        if not _filled():
            fill(organisations, assets)
            print(f"{organisations:,} organisations, {assets:,} assets filled in: {time.perf_counter() - began:.0f} s")
        _analyze()
        measure_search(organisations, assets)
        measure_pages(organisations)
        measure_import()
        measure_numbers()
    finally:
        server = embedded()
        if server is not None:
            server.stop()


def _filled() -> bool:
    from dijkwacht.kernel.actor import system
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.registry.models import Organisation

    with tenancy.acting(system("bench")):
        return bool(Organisation.objects.exists())


def _analyze() -> None:
    """What autovacuum does within minutes, done now."""
    import psycopg
    from django.conf import settings

    from dijkwacht.platform.database import roles, urls

    with psycopg.connect(**roles.libpq(urls.connection(settings.HOME, owner=True)), autocommit=True) as owner:
        owner.execute("vacuum analyze")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--organisations", type=int, default=2_000_000)
    parser.add_argument("--assets", type=int, default=4_000_000)
    parser.add_argument("--keep", type=Path, help="Keep the database here, and use it again.")
    chosen = parser.parse_args()
    folder = chosen.keep or Path(tempfile.mkdtemp(prefix="dijkwacht-bench-"))
    os.environ["DIJKWACHT_HOME"] = str(folder)
    try:
        main(chosen.organisations, chosen.assets)
    finally:
        if chosen.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
