"""Three registers that overlap, each in its own layout, with a mapping file and the truth."""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Final

from dijkwacht.rooms.linkage.generator.dirt import Dirt, Habits
from dijkwacht.rooms.linkage.generator.entities import Address, Entity, World

SIZES: Final = {"businesses": 100_000, "national": 60_000, "providers": 1_500}  # records at scale 1
BUSINESSES: Final = Habits(branch=0.25, no_kvk=0.03, trade_name=0.05, no_mail=0.1)
NATIONAL: Final = Habits(
    no_kvk=0.4, upper=0.3, trade_name=0.15, kvk_typo=0.012, name_typo=0.03, moved=0.06, no_site=0.12
)
PROVIDERS: Final = Habits(no_kvk=0.1, zeros_lost=1.0, no_site=0.03, plain=0.2)
TRUTH: Final = ("source", "row", "entity", "dirt")
LAYOUTS: Final = {
    "businesses": (
        "bedrijfsnaam", "handelsnaam", "rechtsvorm", "kvk_nummer", "vestigingsnummer",
        "straat", "huisnummer", "postcode", "plaats", "telefoon", "e-mail", "website", "ingeschreven",
    ),
    "national": (
        "ID", "ORGANISATIE", "KVK", "ADRES", "POSTCODE", "WOONPLAATS", "TEL", "MAIL", "DOMEINNAAM", "GEWIJZIGD",
    ),
    "providers": (
        "Provider", "Trading as", "CoC number", "RSIN", "Street and number", "Postal code", "City",
        "Telephone", "E-mail", "Website", "Last change",
    ),
}  # fmt: skip
MAPPING: Final = """\
# Which column of each register holds what. Made together with the registers.
[files."businesses.csv"]
columns = { name = "bedrijfsnaam", trade_name = "handelsnaam", legal_form = "rechtsvorm", kvk = "kvk_nummer", establishment = "vestigingsnummer", street = "straat", house_number = "huisnummer", postcode = "postcode", city = "plaats", phone = "telefoon", email = "e-mail", website = "website", changed = "ingeschreven" }

[files."national.csv"]
encoding = "cp1252"
delimiter = ";"
columns = { name = "ORGANISATIE", kvk = "KVK", street = "ADRES", postcode = "POSTCODE", city = "WOONPLAATS", phone = "TEL", email = "MAIL", website = "DOMEINNAAM", changed = "GEWIJZIGD" }

[files."providers.xlsx"]
columns = { name = "Provider", trade_name = "Trading as", kvk = "CoC number", rsin = "RSIN", street = "Street and number", postcode = "Postal code", city = "City", phone = "Telephone", email = "E-mail", website = "Website", changed = "Last change" }
"""  # noqa: E501 - one table a line


@dataclass(frozen=True, slots=True)
class Made:
    """What was written: the files, the records of each, and how many entities stand in more than one record."""

    files: tuple[Path, ...]
    records: dict[str, int]
    entities: int
    repeated: int


def generate(folder: Path, *, scale: float = 1.0, seed: int = 1) -> Made:
    """Write the three registers, `mapping.toml` and `truth.csv` into a folder.

    `scale`: share of 100,000 + 60,000 + 1,500 records; at least 10 a register. `seed`: the same one makes the same.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sizes = {name: max(10, round(size * scale)) for name, size in SIZES.items()}
    world = World(seed)
    members = chosen(world, sizes)
    seen: dict[str, int] = {}
    truth: list[tuple[str, int, str, str]] = []
    for name, habits in (("businesses", BUSINESSES), ("national", NATIONAL), ("providers", PROVIDERS)):
        rows, here = [], set[str]()
        for at, entity in enumerate(members[name], start=1):
            dirt = Dirt(entity, habits, world.random)
            rows.append(RECORDS[name](dirt))
            tags = dirt.tags | ({"duplicate"} if entity.key in here else set())
            truth.append((name, at, entity.key, ";".join(sorted(tags))))
            seen[entity.key] = seen.get(entity.key, 0) + 1
            here.add(entity.key)
        write(folder, name, rows)
    write_csv(folder / "truth.csv", TRUTH, truth)
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    files = tuple(folder / name for name in ("businesses.csv", "national.csv", "providers.xlsx"))
    return Made(files, sizes, len(seen), sum(1 for count in seen.values() if count > 1))


def chosen(world: World, sizes: dict[str, int]) -> dict[str, list[Entity]]:
    """Choose who stands in which register: 45 % of the second also in the first, 85 % of the third in either."""
    random = world.random
    first = world.entities(round(sizes["businesses"] * 0.985))[: round(sizes["businesses"] * 0.985)]
    shared = random.sample(first, round(sizes["national"] * 0.45))
    only = world.entities(round(sizes["national"] * 0.54))[: round(sizes["national"] * 0.54)]
    second = shared + only
    known = random.sample(first + only, round(sizes["providers"] * 0.85))
    third = known + world.entities(sizes["providers"])[: sizes["providers"] - len(known)]
    return {
        "businesses": filled(first, sizes["businesses"], random),
        "national": filled(second, sizes["national"], random),
        "providers": filled(third, sizes["providers"], random),
    }


def filled(entities: list[Entity], size: int, random: Random) -> list[Entity]:
    """Fill a register up to its size with second records of those in it, and shuffle it."""
    whole = entities[:size] + random.sample(entities, max(0, size - len(entities)))
    random.shuffle(whole)
    return whole


def of_businesses(dirt: Dirt) -> tuple[Any, ...]:
    """Give a record as the register of businesses holds it: the legal form in a column of its own, or in the name."""
    random, entity = dirt.random, dirt.entity
    apart = random.random() < 0.5
    name = dirt.name() if apart else dirt.with_form(dirt.name())
    form = {"bv": "Besloten vennootschap", "sole": "Eenmanszaak", "vof": "Vennootschap onder firma", "nv": "NV"}
    at = dirt.address() or Address("", "", "", "")
    trade = entity.trade_name if entity.trade_name and random.random() < 0.7 else ""
    site = f"{random.randrange(10**12):012}" if random.random() < 0.6 else ""
    return (
        name, trade, form.get(entity.kind, entity.kind.capitalize()) if apart else "", dirt.kvk(), site,
        at.street, at.number, spaced(at.postcode, random), at.city, dirt.phone(), dirt.mail(), dirt.site(),
        day(random).strftime("%d-%m-%Y"),
    )  # fmt: skip


def of_national(dirt: Dirt) -> tuple[Any, ...]:
    """Give a record as the national register holds it: one cell for name and form, one for street and number."""
    random = dirt.random
    at = dirt.address()
    where = (f"{at.street} {at.number}", spaced(at.postcode, random), at.city) if at else ("", "", "")
    if at and random.random() < 0.2:
        where = (where[0].upper(), where[1].lower(), where[2].upper())
    dates = random.choice(["%Y-%m-%d", "%d/%m/%Y", "%d %b %Y"])
    return (
        f"N{random.randrange(10**6):06}", dirt.with_form(dirt.name()), dotted(dirt.kvk(), random), *where,
        dirt.phone(), dirt.mail(), dirt.site(), day(random).strftime(dates),
    )  # fmt: skip


def of_providers(dirt: Dirt) -> tuple[Any, ...]:
    """Give a record as the register of providers holds it: a spreadsheet, in which numbers lost their zeros."""
    random, entity = dirt.random, dirt.entity
    at = dirt.address()
    where = (f"{at.street} {at.number}", at.postcode, at.city) if at else (None, None, None)
    kvk = dirt.kvk()
    rsin = entity.rsin if random.random() < 0.6 else ""
    return (
        dirt.with_form(dirt.name()), entity.trade_name or None, int(kvk) if kvk else None, int(rsin) if rsin else None,
        *where, dirt.phone() or None, dirt.mail() or None, dirt.site() or None, day(random),
    )  # fmt: skip


RECORDS: Final = {"businesses": of_businesses, "national": of_national, "providers": of_providers}


def spaced(postcode: str, random: Random) -> str:
    """Write a postcode with or without its space."""
    return f"{postcode[:4]} {postcode[4:]}" if postcode and random.random() < 0.5 else postcode


def dotted(number: str, random: Random) -> str:
    """Write a number as people do who copy it from a letterhead."""
    return f"KvK {number[:2]}.{number[2:5]}.{number[5:]}" if number and random.random() < 0.05 else number


def day(random: Random) -> dt.date:
    """Give a day between 2005 and 2025."""
    return dt.date(2005, 1, 1) + dt.timedelta(days=random.randrange(7_500))


def write(folder: Path, name: str, rows: list[tuple[Any, ...]]) -> None:
    """Write a register in its own format; what its old encoding cannot hold becomes a question mark."""
    if name == "businesses":
        write_csv(folder / "businesses.csv", LAYOUTS[name], rows)
    elif name == "national":
        write_csv(folder / "national.csv", LAYOUTS[name], rows, encoding="cp1252", delimiter=";")
    else:
        write_xlsx(folder / "providers.xlsx", LAYOUTS[name], rows)


def write_csv(
    path: Path, header: Iterable[str], rows: Iterable[tuple[Any, ...]], *, encoding: str = "utf-8", delimiter: str = ","
) -> None:
    """Write a CSV file."""
    with path.open("w", encoding=encoding, errors="replace", newline="") as target:
        writer = csv.writer(target, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(rows)


def write_xlsx(path: Path, header: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write a workbook of one sheet."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("providers")
    for row in lines(header, rows):
        sheet.append(row)
    book.save(path)


def lines(header: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> Iterator[list[Any]]:
    """Give the header and then the rows."""
    yield list(header)
    yield from map(list, rows)
