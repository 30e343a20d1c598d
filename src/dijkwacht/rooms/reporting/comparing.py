"""What changed between two versions of a stage: fact by fact."""

from dataclasses import dataclass
from typing import Any

from dijkwacht.rooms.reporting import showing
from dijkwacht.rooms.reporting.models import Report
from dijkwacht.rooms.reporting.terms import PRIMARY


@dataclass(frozen=True, slots=True)
class Change:
    """One fact before and after; empty: it was not there."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """From one report to the next one of the record."""

    title: str
    at: Any
    changes: list[Change]


def versions(reports: list[Report]) -> list[Step]:
    """Return what each report of the record changed in what stood in the one before it."""
    found, before = [], None
    for report in reports:
        if report.regime != PRIMARY:
            continue
        if before is not None:
            title = f"{showing.stage_title(report.stage)} {report.version}"
            found.append(Step(title, report.submitted_at, _changes(before.content["facts"], report.content["facts"])))
        before = report
    return found


def _changes(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    return [
        Change(showing.label(name), _shown(name, old), _shown(name, new))
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    ]


def _shown(name: str, facts: dict[str, Any]) -> str:
    return showing.shown(name, facts[name]) if name in facts else ""
