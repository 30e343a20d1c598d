"""Conditions over the facts, as data: yes, no, or not known (Kleene's three values)."""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, NamedTuple, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Answer(StrEnum):
    """What a condition makes of the facts."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Judged(NamedTuple):
    """An answer, and the facts that are missing for it: none unless it is unknown."""

    answer: Answer
    missing: frozenset[str] = frozenset()


class Facts(Protocol):
    """Whatever holds facts by name."""

    def fact(self, name: str) -> Any:
        """Return one fact, None where it is not known."""


Figure = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Condition(BaseModel):
    """One test of one fact. Exactly one test, except that a share may have a `cap`.

    `above` and the like take a number. `share` (0 to 1) takes its limit from another fact, `of`; with a `cap` the
    smaller of the two is the limit ("5 % of the users or 1 million, whichever is smaller"). `if_unknown` says what
    counts when the fact is not known; without it, the answer is not known either.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    fact: str
    equals: bool | str | None = Field(default=None, alias="is")
    among: tuple[str, ...] | None = Field(default=None, alias="in")
    any_of: tuple[str, ...] | None = None
    none_of: tuple[str, ...] | None = None
    above: Figure | None = None
    at_least: Figure | None = None
    below: Figure | None = None
    at_most: Figure | None = None
    above_share: float | None = Field(default=None, strict=True, gt=0, le=1)
    at_most_share: float | None = Field(default=None, strict=True, gt=0, le=1)
    of: str | None = None
    cap: Figure | None = None
    if_unknown: bool | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Self:
        tests = [getattr(self, name) for name in TESTS]
        if sum(test is not None for test in tests) != 1:
            raise ValueError(f"a condition has exactly one test: is, in, {', '.join(TESTS[2:])}")
        share = self.above_share is not None or self.at_most_share is not None
        if share != (self.of is not None) or (self.cap is not None and not share):
            raise ValueError("a share needs `of`, the fact it is a share of; `of` and `cap` go with a share only")
        return self

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it asks for."""
        return (self.fact,) if self.of is None else (self.fact, self.of)

    def judge(self, facts: Facts) -> Judged:
        """Say whether it holds."""
        value = facts.fact(self.fact)
        if value is None and self.if_unknown is not None:
            return Judged(_answer(self.if_unknown))
        if value is None:
            unknown = {name for name in self.facts if facts.fact(name) is None}
            return Judged(Answer.UNKNOWN, frozenset(unknown))
        if self.of is not None:
            return self._judge_share(value, facts.fact(self.of))
        return Judged(_answer(self._holds(value)))

    def _holds(self, value: Any) -> bool:
        if self.equals is not None:
            return bool(value == self.equals)
        if self.among is not None:
            return value in self.among
        if self.any_of is not None:
            return bool(set(self.any_of) & set(value))
        if self.none_of is not None:
            return not set(self.none_of) & set(value)
        return self._compares(value)

    def _compares(self, value: float) -> bool:
        if self.above is not None:
            return value > self.above
        if self.at_least is not None:
            return value >= self.at_least
        if self.below is not None:
            return value < self.below
        return self.at_most is not None and value <= self.at_most

    def _judge_share(self, value: float, of: float | None) -> Judged:
        """A value above the cap is above the limit, and nothing is not above any: then `of` need not be known."""
        if of is None:
            if self.cap is not None and value > self.cap:
                return Judged(_answer(self.above_share is not None))
            if value == 0:
                return Judged(_answer(self.above_share is None))
            return Judged(Answer.UNKNOWN, frozenset({self.of or ""}))
        limit = _exact(self.above_share or self.at_most_share or 0) * _exact(of)
        limit = limit if self.cap is None else min(limit, _exact(self.cap))
        return Judged(_answer((_exact(value) > limit) == (self.above_share is not None)))


TESTS = (
    "equals",
    "among",
    "any_of",
    "none_of",
    "above",
    "at_least",
    "below",
    "at_most",
    "above_share",
    "at_most_share",
)


def every(judged: Iterable[Judged]) -> Judged:
    """All must hold: one no is enough for no."""
    found = list(judged)
    if any(one.answer is Answer.NO for one in found):
        return Judged(Answer.NO)
    return _known_or_missing(found, Answer.YES)


def some(judged: Iterable[Judged]) -> Judged:
    """One must hold: one yes is enough for yes."""
    found = list(judged)
    if any(one.answer is Answer.YES for one in found):
        return Judged(Answer.YES)
    return _known_or_missing(found, Answer.NO)


def negated(judged: Judged) -> Judged:
    """Turn yes into no; what is not known stays so."""
    turned = {Answer.YES: Answer.NO, Answer.NO: Answer.YES}
    return Judged(turned.get(judged.answer, judged.answer), judged.missing)


def _known_or_missing(found: list[Judged], otherwise: Answer) -> Judged:
    missing = frozenset(name for one in found if one.answer is Answer.UNKNOWN for name in one.missing)
    if any(one.answer is Answer.UNKNOWN for one in found):
        return Judged(Answer.UNKNOWN, missing)
    return Judged(otherwise)


def _exact(number: float) -> Decimal:
    """5 % of 300 is 15: as binary fractions it is a little more, and somebody would not have to report."""
    return Decimal(str(number))


def _answer(holds: bool) -> Answer:
    return Answer.YES if holds else Answer.NO
