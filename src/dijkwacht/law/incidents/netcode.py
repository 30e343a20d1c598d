"""The electricity network code on cybersecurity (Delegated Regulation (EU) 2024/1366, articles 37, 38)."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, cast

from dijkwacht.law.incidents.disclosure import Redacted, redacted
from dijkwacht.law.incidents.record import IncidentRecord
from dijkwacht.law.tables import InvalidTable

Level = Literal["minimal", "low", "medium", "high", "critical"]
LEVELS: Final[tuple[Level, ...]] = ("minimal", "low", "medium", "high", "critical")
REPORTABLE: Final = frozenset({"high", "critical"})  # NCCS 38(4)
SCALE: Final = Path(__file__).parent / "netcode-scale.toml"
STEPS: Final = range(1, 6)


@dataclass(frozen=True, slots=True)
class Criticality:
    """A step of the five, and whether it makes an attack reportable."""

    level: Level
    reportable: bool
    own: bool  # the entity's own judgement, not the scale
    provisional: bool  # the scale is not verified in a source
    article: str


def criticality(record: IncidentRecord) -> Criticality | None:
    """Return the step of an attack: as the entity judged it, else by the scale from impact and severity.

    None when neither is known.
    """
    if record.netcode_level is not None:
        return Criticality(record.netcode_level, record.netcode_level in REPORTABLE, True, False, "NCCS 38(4)")
    if record.netcode_impact is None or record.netcode_severity is None:
        return None
    scale = house_scale()
    level = scale.levels[record.netcode_impact - 1][record.netcode_severity - 1]
    return Criticality(level, level in REPORTABLE, False, scale.mark != "seen", "NCCS 37(8), 38(4)")


@dataclass(frozen=True, slots=True)
class Scale:
    """The five-step scale: for each impact (1 to 5) the level for each severity (1 to 5)."""

    levels: tuple[tuple[Level, ...], ...]
    source: str
    checked_on: date
    mark: str


@cache
def house_scale() -> Scale:
    """Return the scale that comes with the system. Raises InvalidTable when it is not in order."""
    return read_scale(SCALE)


def read_scale(file: Path) -> Scale:
    """Read a scale. Raises InvalidTable: not five by five, a level that there is none of, or one that falls."""
    try:
        given = tomllib.loads(file.read_text("utf-8"))
        rows = tuple(tuple(row) for row in given["levels"])
        source, checked_on, mark = given["source"], given["checked_on"], given["mark"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise InvalidTable(f"It holds levels, source, checked_on and mark: {error}.", table=file.stem) from error
    if len(rows) != len(STEPS) or any(len(row) != len(STEPS) for row in rows):
        raise InvalidTable("The levels are five rows of five.", table=file.stem)
    if strange := {level for row in rows for level in row} - set(LEVELS):
        raise InvalidTable(f"There is no level {', '.join(sorted(strange))}.", table=file.stem)
    for line in (*rows, *zip(*rows, strict=True)):
        steps = [LEVELS.index(level) for level in line]
        if steps != sorted(steps):
            raise InvalidTable("A higher impact or severity has no lower level.", table=file.stem)
    return Scale(cast("tuple[tuple[Level, ...], ...]", rows), str(source), checked_on, str(mark))


@dataclass(frozen=True, slots=True)
class Confidentiality:
    """What the centre proposes to tell the entity within 24 hours of receipt (NCCS 37(1)); a person decides."""

    confidential: tuple[str, ...]  # keys of the record that stay with CSIRT and authority
    shareable: tuple[str, ...]  # keys that go on, names taken out
    article: str = "NCCS 37(1)"


def confidentiality(record: IncidentRecord, names: Iterable[str] = ()) -> Confidentiality:
    """Return the verdict on confidentiality: what stays, and what goes to other Member States without names."""
    version = redacted(record, "netcode-state", names=names)
    stays = {one.path for one in version.removed} - version.content.keys()
    return Confidentiality(tuple(sorted(stays)), tuple(sorted(version.content)))


def for_states(record: IncidentRecord, *, keep: Iterable[str] = (), names: Iterable[str] = ()) -> Redacted:
    """Return the anonymised version for the contacts of other Member States, beside what was taken out (37(1))."""
    return redacted(record, "netcode-state", keep=keep, names=names)


def for_entities(record: IncidentRecord, *, keep: Iterable[str] = (), names: Iterable[str] = ()) -> Redacted:
    """Return the anonymised version for national high-impact and critical-impact entities (37(1))."""
    return redacted(record, "netcode-entity", keep=keep, names=names)


def side_by_side(record: IncidentRecord, version: Redacted) -> list[tuple[str, Any, Any]]:
    """Return key, value as reported, and value as it goes out (None: taken out), for every fact that is known."""
    known = record.model_dump(mode="json", exclude_none=True)
    return [(key, value, version.content.get(key)) for key, value in known.items() if value not in ({}, [])]
