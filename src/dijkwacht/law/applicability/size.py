"""Size by Recommendation 2003/361/EC: linked and partner enterprises, the ceilings, and two consecutive years.

A figure that is not known leaves several classes possible. The answer is then the set of all that it may be; it is
exact, because the class can only change at the ceilings.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final

from dijkwacht.law.applicability.facts import Facts, Relation, Year
from dijkwacht.law.applicability.rulebook import Rulebook

LETTERS: Final = {"micro": "S", "small": "S", "medium": "M", "large": "L"}
LARGE: Final = "large"
FIGURES: Final = ("staff", "turnover", "balance")


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over the enterprise and its linked and partner enterprises: at least `least`, exact unless `open`."""

    least: float
    open: bool


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Below `staff_below` people, and turnover or balance (euro) at most these: within the class."""

    code: str
    staff_below: float
    turnover: float
    balance: float

    def within(self, staff: float, turnover: float, balance: float) -> bool:
        """Tell whether an enterprise is within the class: the staff ceiling AND one of the two financial ones."""
        return staff < self.staff_below and (turnover <= self.turnover or balance <= self.balance)


@dataclass(frozen=True, slots=True)
class Size:
    """The classes that are possible, and how they were found."""

    categories: tuple[str, ...]  # micro, small, medium, large: one when all is known
    last_year: tuple[str, ...]  # what the last year alone would give
    totals: dict[str, Total]  # of the last year, by figure
    missing: tuple[str, ...]  # paths of the figures that are not known

    @property
    def letters(self) -> tuple[str, ...]:
        """The sizes as the rules name them: S, M, L."""
        return tuple(sorted({LETTERS[category] for category in self.categories}, key="SML".index))

    @property
    def held_back(self) -> bool:
        """Tell whether the rule of two consecutive years made a difference."""
        return self.categories != self.last_year


def ceilings(book: Rulebook, on: date) -> tuple[Ceiling, ...]:
    """Return the ceilings of a date, the lowest first."""
    rows = (Ceiling(row["code"], row["staff_below"], row["turnover"], row["balance"]) for row in book.sizes.as_of(on))
    return tuple(sorted(rows, key=lambda ceiling: ceiling.staff_below))


def total(year: Year, figure: str) -> Total:
    """Add up one figure: linked enterprises whole, partners for their share (annex, article 6(2) and (3))."""
    own = getattr(year, figure)
    least, unknown = float(own or 0), own is None
    for other in year.related:
        value = getattr(other, figure)
        unknown |= value is None
        share = 100.0 if other.relation is Relation.LINKED else float(other.share or 0)
        least += float(value or 0) * share / 100
    return Total(least, unknown)


def _values(found: Total, limits: list[float], *, exceeds: bool) -> list[float]:
    """Return values that stand for every class the figure may be in."""
    if not found.open:
        return [found.least]
    beyond = [limit + 0.01 if exceeds else limit for limit in limits]
    return [found.least, *(value for value in beyond if value > found.least)]


def _statuses(year: Year, steps: tuple[Ceiling, ...]) -> set[tuple[bool, ...]]:
    """Return every possible combination of "within this ceiling", one per ceiling, of one year alone."""
    values = _candidates(year, steps)
    return {
        tuple(step.within(*figures) for step in steps) for figures in product(*(values[figure] for figure in FIGURES))
    }


def _candidates(year: Year, steps: tuple[Ceiling, ...]) -> dict[str, list[float]]:
    """Return for each figure the values that stand for all it may be."""
    return {
        "staff": _values(total(year, "staff"), [step.staff_below for step in steps], exceeds=False),
        "turnover": _values(total(year, "turnover"), [step.turnover for step in steps], exceeds=True),
        "balance": _values(total(year, "balance"), [step.balance for step in steps], exceeds=True),
    }


def deciding_figures(book: Rulebook, facts: Facts, on: date) -> Iterator[str]:
    """Give what to find out about the size: each figure that, for some values of the others, changes the class."""
    steps = ceilings(book, on)
    values = _candidates(facts, steps)
    for figure in (figure for figure in FIGURES if len(values[figure]) > 1):
        others = [values[other] for other in FIGURES if other != figure]
        place = FIGURES.index(figure)
        if any(
            len({_letter((*rest[:place], value, *rest[place:]), steps) for value in values[figure]}) > 1
            for rest in product(*others)
        ):
            yield figure
    if any(not _known(year) for year in facts.earlier_years):
        yield "earlier_years"


def _letter(figures: tuple[float, ...], steps: tuple[Ceiling, ...]) -> str:
    return LETTERS[next((step.code for step in steps if step.within(*figures)), LARGE)]


def _known(year: Year) -> bool:
    return not any(total(year, figure).open for figure in FIGURES)


def _over_years(years: list[Year], steps: tuple[Ceiling, ...]) -> set[tuple[bool, ...]]:
    """Apply annex, article 4(2), oldest year first: a ceiling counts as crossed after two consecutive years."""
    states = {(status, status) for status in _statuses(years[0], steps)}
    for year in years[1:]:
        states = {(_next(held, before, now), now) for (held, before), now in product(states, _statuses(year, steps))}
    return {held for held, _ in states}


def _next(held: tuple[bool, ...], before: tuple[bool, ...], now: tuple[bool, ...]) -> tuple[bool, ...]:
    return tuple(new if new == previous else old for old, previous, new in zip(held, before, now, strict=True))


def _categories(statuses: set[tuple[bool, ...]], steps: tuple[Ceiling, ...]) -> tuple[str, ...]:
    names = [step.code for step in steps]
    found = {next((name for name, within in zip(names, status, strict=True) if within), LARGE) for status in statuses}
    return tuple(sorted(found, key=[*names, LARGE].index))


def missing(facts: Facts) -> Iterator[str]:
    """Give the path of every figure that is not known."""
    years: list[tuple[str, Year]] = [("", facts)]
    years += [(f"earlier_years[{number}].", year) for number, year in enumerate(facts.earlier_years)]
    for where, year in years:
        yield from (f"{where}{figure}" for figure in FIGURES if getattr(year, figure) is None)
        for number, other in enumerate(year.related):
            yield from (f"{where}related[{number}].{figure}" for figure in FIGURES if getattr(other, figure) is None)


def size_of(book: Rulebook, facts: Facts, on: date) -> Size:
    """Work out the size class as far as the figures tell it."""
    steps = ceilings(book, on)
    years = [*reversed(facts.earlier_years), facts]
    return Size(
        categories=_categories(_over_years(years, steps), steps),
        last_year=_categories(_statuses(facts, steps), steps),
        totals={figure: total(facts, figure) for figure in FIGURES},
        missing=tuple(missing(facts)),
    )
