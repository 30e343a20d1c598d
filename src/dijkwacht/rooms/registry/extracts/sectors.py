"""The sectors of the law as a table of a day. Pure: no Django."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from dijkwacht import law
from dijkwacht.law.tables import Tables


class Sector(NamedTuple):
    """A sector or subsector of the annexes, such as 1.1a; a subsector is empty where the law names none."""

    code: str
    sector_nl: str
    sector_en: str
    subsector_nl: str
    subsector_en: str

    def title(self, language: str) -> str:
        """Return the names as one text in Dutch or English."""
        names = (self.sector_nl, self.subsector_nl) if language == "nl" else (self.sector_en, self.subsector_en)
        return ": ".join(name for name in names if name)


@cache
def _tables() -> Tables:
    return Tables.load(Path(law.__file__).parent / "tables")


def sectors(on: date) -> Mapping[str, Sector]:
    """Return the sectors by code, in the order of the annexes, as the law had them on a day.

    Before the law was in force the codes are those it began with.
    """
    rows = _tables()["authorities"].rows
    valid = [row for row in rows if row.holds(max(on, min(row.valid_from for row in rows)))]
    names = ("code", "sector_nl", "sector_en", "subsector_nl", "subsector_en")
    found = {row["code"]: Sector(*(row.get(name, "") for name in names)) for row in valid}
    for row in valid:  # an organisation may stand under a sector of which the law only names subsectors
        code = whole(row["code"])
        found.setdefault(code, Sector(code, row["sector_nl"], row["sector_en"], "", ""))
    return dict(sorted(found.items(), key=lambda item: place(item[0])))


def whole(code: str) -> str:
    """Return the sector that a subsector belongs to: 1.10b is of 1.10."""
    return code.rstrip("abcdefghijklmnopqrstuvwxyz")


def place(code: str) -> tuple[str, int, str]:
    """Return what to sort by: 1.2 before 1.10, and the X of no annex last."""
    annex, _, rest = code.partition(".")
    number = whole(rest)
    return annex, int(number) if number.isdigit() else 0, rest.removeprefix(number)
