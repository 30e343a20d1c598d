"""The single point of contact: a version per Member State and the quarterly summary (Cbw 39; NIS2 23(6), (9))."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from dijkwacht.law.incidents.disclosure import Redacted, Removed, redacted
from dijkwacht.law.incidents.record import IncidentRecord

STATES_AT_LEAST: Final = 2  # Cbw 39(2): this one and another
THRESHOLD: Final = 5  # ours: numbers from 1 to 4 are not shown
TABLES: Final = ("kind", "sector", "incident_type", "cause", "cross_border")


def concerns_others(record: IncidentRecord, home: str = "NL") -> tuple[str, ...]:
    """Return the other Member States that must be told: those affected, once each (Cbw 39(2))."""
    return tuple(dict.fromkeys(state for state in record.member_states or () if state != home))


def for_state(record: IncidentRecord, state: str, *, keep: Iterable[str] = (), names: Iterable[str] = ()) -> Redacted:
    """Return the version of a report for one Member State: what is needed there, without what confidentiality forbids.

    `keep`, `names`: as for `redacted`. The state sees of the states affected only itself.
    """
    version = redacted(record, "state", keep=keep, names=names)
    states = version.content.get("member_states")
    if states is None:
        return version
    others = [one for one in states if one != state]
    content = {**version.content, "member_states": [one for one in states if one == state]}
    if not others:
        return Redacted(version.audience, content, version.removed)
    why = ("Elke lidstaat ziet alleen zichzelf.", "Each Member State sees itself alone.")
    gone = Removed("member_states", "other-states", *why, "Cbw 39(2)", len(others))
    return Redacted(version.audience, content, (*version.removed, gone))


def for_union(record: IncidentRecord, *, names: Iterable[str] = ()) -> Redacted:
    """Return the version for ENISA, which hears of every state affected (Cbw 39(2), NIS2 23(6))."""
    return redacted(record, "state", names=names)


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
    """A quarter in numbers. A number is None where it is suppressed; a table is empty where it is withheld."""

    first: date
    last: date
    total: int | None
    tables: Mapping[str, Mapping[str, int | None]]
    withheld: tuple[str, ...]
    threshold: int  # numbers from 1 to below this are suppressed

    def as_json(self) -> dict[str, Any]:
        """Return it as the file for ENISA has it: the same snapshot gives the same bytes."""
        return {
            "quarter": {"first": self.first.isoformat(), "last": self.last.isoformat()},
            "total": self.total,
            "tables": {name: dict(table) for name, table in self.tables.items()},
            "withheld": list(self.withheld),
            "suppressed_below": self.threshold,
            "article": "NIS2 23(9); Cbw 39(5)",
        }


def quarter(as_of: date) -> tuple[date, date]:
    """Return the first and last day of the last whole quarter that had ended before a day."""
    last = date(as_of.year, as_of.month - (as_of.month - 1) % 3, 1) - timedelta(days=1)
    return date(last.year, last.month - 2, 1), last


def summarise(reports: Iterable[Counted], as_of: date, *, threshold: int = THRESHOLD) -> Summary:
    """Return the summary for ENISA of the quarter before a day, small numbers suppressed beyond deriving.

    Raises ValueError for a threshold below 1.
    """
    if threshold < 1:
        raise ValueError("the threshold is at least 1, which suppresses nothing")
    first, last = quarter(as_of)
    counted = [report for report in reports if first <= report.received <= last]
    if 0 < len(counted) < threshold:
        return Summary(first, last, None, {name: {} for name in TABLES}, TABLES, threshold)
    tables = {name: _table(counted, name, threshold) for name in TABLES}
    withheld = tuple(name for name, table in tables.items() if counted and not table)
    return Summary(first, last, len(counted), tables, withheld, threshold)


def _table(counted: list[Counted], name: str, threshold: int) -> dict[str, int | None]:
    cells = Counter(_cell(report, name) for report in counted)
    hidden = suppressed(cells, threshold)
    if hidden is None:
        return {}
    return {key: None if key in hidden else cells[key] for key in sorted(cells)}


def _cell(report: Counted, name: str) -> str:
    value = getattr(report, name)
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def suppressed(cells: Mapping[str, int], threshold: int) -> frozenset[str] | None:
    """Return the cells to hide of a table whose total is known, so that no hidden number can be told from the rest.

    The hidden ones add up to a known sum, each is at least 1: when one alone is hidden, or all are 1, they can be told.
    So the smallest of the others is hidden with them until each could be anything up to the threshold. None: no way to
    hide enough; the table as a whole is withheld.
    """
    order = sorted(cells, key=lambda key: (cells[key], key))
    number = sum(0 < cells[key] < threshold for key in order)
    if number == 0:
        return frozenset()
    while number <= len(order):
        hidden = order[:number]
        if number > 1 and sum(cells[key] for key in hidden) - (number - 1) >= threshold:
            return frozenset(hidden)
        number += 1
    return None
