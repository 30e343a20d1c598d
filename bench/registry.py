"""What the register costs at its largest: search, list pages, import, the numbers of a day.

Run: `python bench/registry.py [--organisations 2000000] [--assets 4000000] [--keep FOLDER]`, in a database of its own
that is thrown away. Names are composed from the word lists below; the searches are asked as the centre asks them, with
row-level security on, each from its parse to its last row. Figures: `bench/README.md`.
"""

import argparse
import os
import random
import shutil
import string
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

ASKED = 300  # searches of each kind
BATCH = 100_000  # rows a transaction
IMPORTED = 25_000  # organisations, each with a contact and two assets: 100,000 rows


def _words(text: str) -> list[str]:
    return text.split()


# Composed into names such as "Bakkerij Van Oosterwaard & Zonen Zutveen"; invented, nobody's data.
TRADES = _words(
    "bakkerij slagerij garage apotheek drukkerij loodgieter timmerbedrijf schildersbedrijf installatie transport "
    "ziekenhuis huisartsen tandartsen gemeente waterschap scholengroep uitgeverij webwinkel makelaardij advocaten "
    "notariaat accountants verzekeringen zuivel visserij tuinbouw bloemen kwekerij metaal machines chemie energie "
    "netbeheer drinkwater riolering afvalverwerking logistiek havenbedrijf spoorwegen luchtvaart hosting datacentrum "
    "software beveiliging adviesbureau architecten ingenieurs onderzoek laboratorium kapsalon sportschool theater"
)
HEADS = _words(
    "noord zuid oost west boven neder oud nieuw groot klein water land berg veen zand klei heide bos rivier zee"
)
TAILS = _words("dijk dam burg stede huizen hoven wijk waard drecht meer broek lo horst kerk poort veld sluis brug ooi")
SYLLABLES = _words(
    "bak boe cor dek dur fen gel hak jan kil lam mees nol pol rik sten tim vos wil zoet aer bri dra elf gron"
)
FORMS = ("B.V.", "N.V.", "Stichting", "V.O.F.", "& Zonen", "Groep", "Holding", "Nederland")


def name(number: int) -> str:
    """Compose the name of organisation `number`: the same number, the same name."""
    dice = random.Random(number)
    family = "".join(dice.choices(SYLLABLES, k=dice.choice((2, 2, 3)))).capitalize()
    place = (dice.choice(HEADS) + dice.choice(TAILS)).capitalize()
    parts = [dice.choice(TRADES).capitalize(), dice.choice(("", "de", "van der", "van")), family]
    parts += [dice.choice(FORMS) if dice.random() < 0.6 else "", place if dice.random() < 0.5 else ""]
    return " ".join(part for part in parts if part)


def mistyped(text: str, dice: random.Random) -> str:
    """Return a name with one letter of its longest word but the first wrong, missing, doubled or swapped."""
    words = text.split()
    index = max(range(1, len(words)), key=lambda number: len(words[number]), default=0) if len(words) > 1 else 0
    word = words[index]
    place = dice.randrange(1, len(word) - 1)
    words[index] = dice.choice(
        (
            word[:place] + dice.choice(string.ascii_lowercase) + word[place + 1 :],
            word[:place] + word[place + 1 :],
            word[:place] + word[place] + word[place:],
            word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        )
    )
    return " ".join(words)


def fill(organisations: int, assets: int) -> None:
    """Fill the register by COPY: the triggers keep history and search in step, as they do for an import."""
    columns = "id, name, country, kind, classification, sectors, kvk, language, demo, active, source, created_at,"
    columns += " declaration, entity_types, member_states, emails, phones, addresses, arrangements,"
    columns += " foreign_register, foreign_number"
    for start in range(0, organisations, BATCH):
        rows = (_organisation(number) for number in range(start, min(organisations, start + BATCH)))
        _copy("registry_organisation", f"{columns}, updated_at", rows)
    columns = "uid, organisation_id, kind, value, fallback, status, method, evidence, claimed_at"
    for start in range(0, assets, BATCH):
        rows = (_asset(number, organisations) for number in range(start, min(assets, start + BATCH)))
        _copy("registry_asset", columns, rows)


def _copy(table: str, columns: str, rows: Iterator[tuple[Any, ...]]) -> None:
    """COPY into a table of this transaction, and from there: row-level security knows no COPY."""
    from django.db import connection

    from dijkwacht.kernel.actor import system
    from dijkwacht.platform import tenancy

    with tenancy.acting(system("bench")), connection.connection.cursor() as cursor:
        cursor.execute(f"create temporary table stage on commit drop as select {columns} from {table} with no data")
        with cursor.copy(f"copy stage ({columns}) from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"insert into {table} ({columns}) select {columns} from stage")


def _organisation(number: int) -> tuple[Any, ...]:
    # 8,100 entities under the law (estimate of the government), the rest businesses outside it.
    entity = number % 247 == 0
    kind = ("essential" if number % 2 else "important") if entity else "other"
    sectors = f'["{("1.1a", "1.5", "1.8", "1.10b", "2.1", "2.4")[number % 6]}"]' if entity else "[]"
    now, kvk = "2026-11-01T00:00:00Z", f"{10_000_000 + number:08d}"
    known = (UUID(int=number), name(number), "NL", "organisation", kind, sectors, kvk, "nl", False, True, "bench", now)
    return (*known, "none", *["[]"] * 6, "", "", now)


def domain(number: int) -> str:
    """Return the domain that is asset `number`."""
    return f"{'-'.join(name(number).lower().replace('.', '').replace('&', 'en').split())}-{number}.example"


def network(number: int) -> str:
    """Return the prefix that is asset `number`: IPv4 three in four, IPv6 one."""
    if number % 4 == 0:
        return f"2a10:{number >> 16:x}:{number & 0xFFFF:x}::/48"
    return f"{11 + (number >> 18)}.{(number >> 10) & 255}.{(number >> 2) & 255}.{(number & 3) * 64}/26"


def _asset(number: int, organisations: int) -> tuple[Any, ...]:
    kind, value = ("domain", domain(number)) if number % 2 else ("prefix", network(number >> 1))
    uid, owner = UUID(int=1 << 100 | number), UUID(int=number % organisations)
    return (uid, owner, kind, value, False, "verified", "bench", "", "2026-11-01T00:00:00Z")


def searches(organisations: int, assets: int) -> Iterator[tuple[str, list[tuple[str, UUID]]]]:
    """Yield each kind of search with what is asked, and who must be among the answers."""
    dice = random.Random(20261125)
    some = [dice.randrange(organisations) for _ in range(ASKED)]
    yield "name, exact", [(name(number), UUID(int=number)) for number in some]
    yield "name, typing error", [(mistyped(name(number), dice), UUID(int=number)) for number in some]
    plural = {"bakkerij": "bakkerijen", "garage": "garages", "drukkerij": "drukkerijen", "machines": "machine"}
    stems = [(number, name(number)) for number in range(organisations) if name(number).split()[0].lower() in plural][
        :ASKED
    ]
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
    print(f"| {what:<34} | {middle:>8.1f} | {high:>8.1f} | {times[-1]:>8.1f} | {more}", flush=True)


def measure_search(organisations: int, assets: int) -> None:
    """Ask each kind of search as an officer does; how often the one that was meant is among the first 50."""
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.registry import reads

    officer = _officer()
    with tenancy.acting(officer):
        for number in range(0, organisations, organisations // ASKED):  # what a running system has in memory
            reads.search(officer, name(number))
    print("| search (ms)                        |      p50 |      p95 |      max | found")
    for what, asked in searches(organisations, assets):
        with tenancy.acting(officer):
            times, answers = timed([lambda said=said: reads.search(officer, said) for said, _ in asked])  # type: ignore[misc]
        hit = sum(owner in {row.id for row in rows} for rows, (_, owner) in zip(answers, asked, strict=True))
        tell(what, times, f"{hit} of {len(asked)}")


def measure_pages(organisations: int) -> None:
    """Walk list pages at the start, the middle and the end, and with each filter."""
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.registry import reads

    officer = _officer()
    print("| list of 50 (ms)                    |      p50 |      p95 |      max |")
    cases: dict[str, dict[str, str]] = {
        "": {},
        "class essential": {"classification": "essential"},
        "sector 1.5": {"sector": "1.5"},
    }
    for what, filters in cases.items():
        for place in ("", "M", "Z"):

            def first(after: str = place, only: dict[str, str] = filters) -> list[Any]:
                rows = reads.organisations_for(officer, **only).filter(name__gt=after)  # type: ignore[arg-type]
                return list(rows.order_by("name", "id")[:51])

            with tenancy.acting(officer):
                times, pages = timed([first] * 20)
            assert pages[0], "a list without a row measures nothing"
            tell(f"{what or 'all'}, from {place or 'the start'} ({organisations:,})", times)


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
    from dijkwacht.platform.supervisor.cli import embedded, run

    run("migrate")
    set_up_django()
    from django.db import connection

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
