"""A pasted list of what is an organisation's on the internet, line by line: what was understood, and what was not.

Takes address blocks, ranges as RIPE writes them, single addresses, AS numbers, domains, links, mail addresses, objects
of a RIPE database and cells of a spreadsheet. Pure: no Django.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from dijkwacht.rooms.registry.assets import normalise
from dijkwacht.rooms.registry.errors import InvalidAsset
from dijkwacht.rooms.registry.vocabulary import AssetKind

MOST: Final = 100_000  # assets in one registration
MOST_LINES: Final = 100_000
MOST_PARTS: Final = 200_000  # cells and words looked at: what bounds the time, whatever the lines hold
LONGEST_LINE: Final = 2000  # characters
# Attributes of RIPE database objects: these name a thing, others tell about it.
NAMING: Final = frozenset({"inetnum", "inet6num", "route", "route6", "aut-num", "origin", "domain"})
ATTRIBUTE: Final = re.compile(r"([a-z][a-z0-9-]{2,20}):\s+(.*)|([a-z][a-z0-9-]{2,20}):$")
WORDS: Final = frozenset(
    {
        "organisation",
        "organization",
        "organisatie",
        "kind",
        "soort",
        "type",
        "value",
        "waarde",
        "name",
        "naam",
        "record",
    }
    | {"asset", "prefix", "asn", "domain", "domein", "ip", "range", "cidr", "host", "url"}
)
ADDRESS: Final = re.compile(r"[0-9a-fA-F:.]+(?:/[0-9]{1,3})?(?:-[0-9a-fA-F:.]+)?")
RANGE: Final = re.compile(r"(?<=[0-9a-fA-F:.])(?:\s+[-\u2013]\s+|\u2013)(?=[0-9a-fA-F:])")  # also an en dash
AS_SPACE: Final = re.compile(r"\bas\s+(?=[0-9])", re.IGNORECASE)
AS_NUMBER: Final = re.compile(r"as[0-9.]{1,12}", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """What became of one part of one line. Without `values` it was refused, for the reason in both languages."""

    number: int
    text: str
    kind: str = ""
    values: tuple[str, ...] = ()
    note_nl: str = ""
    note_en: str = ""

    @property
    def shown(self) -> str:
        """The values as they are usually written."""
        return ", ".join(f"AS{value}" if self.kind == AssetKind.ASN else value for value in self.values)


def read(text: str, *, reserved: bool, on: date) -> list[Line]:
    """Return what became of each line of a list. `reserved`: accept space kept for documentation (the demo)."""
    return list(each(text.splitlines(), reserved=reserved, on=on))


def each(lines: Iterable[str], *, reserved: bool, on: date) -> Iterator[Line]:
    """Yield what becomes of each part of each line, in order; the last one says so when a bound was reached."""
    known: set[tuple[str, str]] = set()
    looked_at = 0
    for number, line in enumerate(lines, start=1):
        if number > MOST_LINES or len(known) >= MOST or looked_at >= MOST_PARTS:
            yield Line(number, line[:80], "", (), *_too_many(number, looked_at))
            return
        for part in _parts(line[:LONGEST_LINE]):
            looked_at += 1
            made = _understand(number, part, reserved=reserved, on=on)
            fresh = [(made.kind, value) for value in made.values if (made.kind, value) not in known]
            known.update(fresh[: MOST - len(known)])
            if made.values and not fresh:
                made = Line(number, part[:80], "", (), "staat al hierboven", "stands above already")
            yield made


def _too_many(number: int, looked_at: int) -> tuple[str, str]:
    """Say which bound a list reached: nothing from this line on was read."""
    if number > MOST_LINES:
        return f"hoogstens {MOST_LINES} regels", f"at most {MOST_LINES} lines"
    if looked_at >= MOST_PARTS:
        return f"hoogstens {MOST_PARTS} woorden of cellen", f"at most {MOST_PARTS} words or cells"
    return f"hoogstens {MOST} bezittingen", f"at most {MOST} assets"


def values(lines: Iterable[Line]) -> list[tuple[str, str]]:
    """Return the assets that were understood, each once, at most MOST."""
    return list(dict.fromkeys((line.kind, value) for line in lines for value in line.values))[:MOST]


def _parts(line: str) -> Iterator[str]:
    """Yield what a line names: nothing for comments, attributes that name nothing, and headings of columns."""
    plain = line.partition("#")[0].strip() if not line.strip().startswith("http") else line.strip()
    attribute = ATTRIBUTE.fullmatch(plain)
    if plain.startswith(("%", "//")) or (attribute and (attribute[1] or attribute[3]) not in NAMING):
        return
    plain = attribute[2] if attribute else plain
    plain = AS_SPACE.sub("AS", RANGE.sub("-", plain or ""))
    for cell in re.split(r"[;,\s]+", plain):
        part = cell.strip().strip("\"'<>()").removeprefix("'")
        if part and part.casefold() not in WORDS and part not in {"-", "\N{EN DASH}"}:
            yield part


def _understand(number: int, part: str, *, reserved: bool, on: date) -> Line:
    kind, value, note = _named(part)
    try:
        normal = normalise(kind, value, reserved=reserved, on=on)
    except InvalidAsset as problem:
        return Line(number, part[:80], "", (), problem.fields["reason_nl"], problem.fields["reason_en"])
    notes = [(normal.note_nl, normal.note_en), note]
    nl, en = ("; ".join(filter(None, told)) for told in zip(*notes, strict=True))
    return Line(number, part[:80], normal.kind, normal.values, nl, en)


def _named(part: str) -> tuple[str, str, tuple[str, str]]:
    """Return which kind of thing a part is, its text, and a note when it was cut down to its domain."""
    none = ("", "")
    if AS_NUMBER.fullmatch(part):
        return AssetKind.ASN, part, none
    if ADDRESS.fullmatch(part) and re.search(r"[0-9a-f]*:|\.", part, re.IGNORECASE) and not part.isalpha():
        return AssetKind.PREFIX, part, none
    host = _host(part)
    note = none if host == part else (f"teruggebracht tot {host[:80]}", f"cut down to {host[:80]}")
    if ADDRESS.fullmatch(host) and not host.isalpha():
        return AssetKind.PREFIX, host, note
    return AssetKind.DOMAIN, host, note


def _host(part: str) -> str:
    """Return the host in a link, a mail address or a name with a wildcard, a port or a path."""
    text = part.removeprefix("mailto:")
    try:
        split = urlsplit(text if "://" in text else f"//{text.rpartition('@')[2]}")
        host = split.hostname or text
    except ValueError:
        return text
    return host.removeprefix("*.").strip(".") or text
