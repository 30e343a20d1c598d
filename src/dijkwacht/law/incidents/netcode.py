"""The electricity network code on cybersecurity (Delegated Regulation (EU) 2024/1366, articles 37, 38)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from dijkwacht.law.incidents.record import IncidentRecord

Level = Literal["minimal", "low", "medium", "high", "critical"]


@dataclass(frozen=True, slots=True)
class Criticality:
    """A step of the five, and whether it makes an attack reportable."""

    level: Level
    reportable: bool
    provisional: bool  # the scale of the TSOs is not in reach
    article: str


@dataclass(frozen=True, slots=True)
class Removed:
    """What was taken out of a message, and why. `path`: key of the record; `what`: the kind, never the value."""

    path: str
    what: str
    why_nl: str
    why_en: str
    article: str


@dataclass(frozen=True, slots=True)
class Anonymised:
    """A version for others, beside what was removed for it."""

    content: dict[str, Any]
    removed: tuple[Removed, ...]


@dataclass(frozen=True, slots=True)
class VerdictDue:
    """The clocks of the centre after receipt: confidentiality told to the entity; shared with others."""

    code: str
    due: datetime
    article: str


def criticality(impact: int, severity: int) -> Criticality:
    """Return the step for an impact and a severity, each 1 to 5. Raises ValueError outside that."""
    raise NotImplementedError


def anonymise(record: IncidentRecord, *, names: tuple[str, ...] = ()) -> Anonymised:
    """Return what may go to other Member States and to high- and critical-impact entities (37(1)).

    `names`: names and identifiers of the entity that must not occur in any text either.
    """
    raise NotImplementedError
