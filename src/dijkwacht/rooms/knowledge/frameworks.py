"""What measures are mapped to: which points a framework has, and what follows from another mapping. No Django."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dijkwacht.rooms.knowledge.library import HERE, toml
from dijkwacht.rooms.knowledge.texts import Measure

UNPADDED: Final = re.compile(r"^(\d)\.(\d)$")


@dataclass(frozen=True, slots=True)
class Framework:
    """`derived`: the framework whose mapping counts for this one too; `padded`: 5.9 is written 5.09 here.

    `called`: what people type who look for it, in small letters: the search shows its page first.
    """

    code: str
    nl: str
    en: str
    licence: str
    source: str
    note_nl: str
    note_en: str
    points: tuple[str, ...]
    checked_on: date
    called: tuple[str, ...]
    derived: str = ""
    padded: bool = False


@dataclass(frozen=True, slots=True)
class Mapped:
    """The points of one framework that a measure helps with. `unverified`: those that we are not sure of."""

    framework: Framework
    points: tuple[str, ...]
    unverified: tuple[str, ...]


def frameworks() -> dict[str, Framework]:
    """Return the frameworks by code, in the order of the file."""
    return {code: _framework(code, row) for code, row in toml(HERE / "frameworks.toml").items()}


def _framework(code: str, row: dict[str, Any]) -> Framework:
    points = [f"{chapter}.{number}" for chapter, last in row.get("ranges", {}).items() for number in range(1, last + 1)]
    return Framework(
        code=code,
        points=(*row.get("points", ()), *points),
        called=tuple(row["called"]),
        derived=row.get("derived", ""),
        padded=row.get("padded", False),
        **{name: row[name] for name in ("nl", "en", "licence", "source", "note_nl", "note_en", "checked_on")},
    )


def mapped(measure: Measure) -> list[Mapped]:
    """Return what a measure is mapped to, what is derived too."""
    found = []
    for one in frameworks().values():
        base = one.derived or one.code
        sure, unsure = measure.maps.get(base, ()), measure.unverified.get(base, ())
        if sure or unsure:
            found.append(Mapped(one, _written(one, sure), _written(one, unsure)))
    return found


def _written(one: Framework, points: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(UNPADDED.sub(r"\1.0\2", point) for point in points) if one.padded else points
