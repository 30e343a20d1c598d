"""A register of any size for `registry.py`: composed names, invented organisations and assets, filled in by COPY."""

import random
import string
from collections.abc import Iterator
from typing import Any
from uuid import UUID

BATCH = 100_000  # rows a transaction


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
