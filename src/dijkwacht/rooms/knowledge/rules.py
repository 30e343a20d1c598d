"""What comes first, and who may do what. No Django."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows_for
from dijkwacht.rooms.knowledge.library import Instrument
from dijkwacht.rooms.knowledge.texts import Measure

ANSWERS: Final = ("yes", "partly", "no", "unknown")
GAP: Final = {"yes": 0.0, "partly": 0.5, "no": 1.0, "unknown": 1.0}  # what you do not know, you cannot count on
HAPPENING: Final = {0: 0.0, 1: 0.5, 2: 1.0}  # by level: what happens in the sector
MICRO, SMALL, MEDIUM = 10, 50, 250  # people at work (Recommendation 2003/361/EC)


@dataclass(frozen=True, slots=True)
class Line:
    """One measure in the order for one organisation, with all that made the order."""

    measure: Measure
    gap: float
    effort: int
    level: int
    score: float


def size_of(staff: int | None) -> str:
    """Return the size by the number of people at work; unknown counts as small, for whom steps are simplest to skip."""
    if staff is None:
        return "small"
    return "micro" if staff < MICRO else "small" if staff < SMALL else "medium" if staff < MEDIUM else "large"


def score(effect: int, gap: float, level: int, effort: int) -> float:
    """Return how much a measure helps for what it costs: effect, gap, and what happens, divided by effort."""
    return effect * gap * (1 + HAPPENING[level]) / effort


def gaps(instrument: Instrument, answers: Mapping[str, str]) -> dict[str, float]:
    """Return by measure how much is lacking: the worst answer of the statements that lead to it."""
    found: dict[str, float] = {}
    for one in instrument.statements:
        if one.code in answers:
            for slug in one.measures:
                found[slug] = max(found.get(slug, 0.0), GAP[answers[one.code]])
    return found


def plan(measures: Iterable[Measure], lacking: Mapping[str, float], size: str, levels: Mapping[str, int]) -> list[Line]:
    """Return what is lacking, what helps most for its effort first; equal ones in the order of the principles."""
    lines = []
    for one in measures:
        gap = lacking.get(one.slug, 0.0)
        effort, level = one.effort[size], levels.get(one.slug, 0)
        if gap:
            lines.append(Line(one, gap, effort, level, score(one.effect, gap, level, effort)))
    return sorted(lines, key=lambda line: (-line.score, line.measure.principle, line.measure.order))


def progress(answers: Mapping[str, str]) -> int:
    """Return how far a scan is, in per cent: yes counts whole, partly half."""
    if not answers:
        return 0
    return round(100 * sum(1 - GAP[one] for one in answers.values()) / len(answers))


def usable(instrument: Instrument, given: Mapping[str, str]) -> dict[str, str]:
    """Return the answers to statements that exist. Raises ValueError, naming what is wrong."""
    codes = {one.code for one in instrument.statements}
    if unknown := sorted(given.keys() - codes):
        raise ValueError(f"{unknown[0]}: no such statement")
    if wrong := sorted(code for code, said in given.items() if said not in ANSWERS):
        raise ValueError(f"{wrong[0]}: must be one of {', '.join(ANSWERS)}")
    if not given:
        raise ValueError("no statement was answered")
    return {code: given[code] for code in sorted(given)}


def may_read(actor: Actor, organisation: UUID) -> bool:
    """A plan is its organisation's own: a role there, never a role at the centre."""
    return organisation in actor.acts_for and allows_for(actor, "plans:read", organisation)


def may_write(actor: Actor, organisation: UUID) -> bool:
    """As reading, with the permission to write."""
    return organisation in actor.acts_for and allows_for(actor, "plans:write", organisation)
