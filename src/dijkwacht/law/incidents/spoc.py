"""The single point of contact: a version per Member State and the quarterly summary (Cbw 39; NIS2 23(6), (9))."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from dijkwacht.law.incidents.netcode import Removed
from dijkwacht.law.incidents.record import IncidentRecord


@dataclass(frozen=True, slots=True)
class ForState:
    """The version for one Member State."""

    state: str  # ISO 3166-1 alpha-2
    content: dict[str, Any]
    removed: tuple[Removed, ...]


def redact(record: IncidentRecord, state: str, *, keep: Iterable[str] = (), names: Iterable[str] = ()) -> ForState:
    """Return the version of a report for one state: what is needed there, without what the entity's interests forbid.

    `keep`: keys that a person decided to send although they would be removed. `names`: as for the Netcode.
    """
    raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Counted:
    """One report as the summary counts it."""

    received: date
    kind: str  # significant, incident, near-miss, threat
    sector: str  # code of the sector
    incident_type: str  # class of the taxonomy
    cause: str
    cross_border: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """A quarter in numbers. A cell is None where it is suppressed."""

    first: date
    last: date
    tables: Mapping[str, Mapping[tuple[str, ...], int | None]]
    suppressed: int  # how many cells
    threshold: int  # numbers from 1 to below this are suppressed


def quarter(as_of: date) -> tuple[date, date]:
    """Return the first and last day of the last whole quarter that had ended on a day."""
    raise NotImplementedError


def summarise(reports: Iterable[Counted], as_of: date, *, threshold: int = 5) -> Summary:
    """Return the summary for ENISA of the quarter before a day, small numbers suppressed beyond deriving."""
    raise NotImplementedError
