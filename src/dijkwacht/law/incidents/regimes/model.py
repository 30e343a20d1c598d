"""What stands in a `regime.toml`. The JSON Schema of `Regime` is the published form of that file."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic import Field as Is

from dijkwacht.law.incidents.conditions import Condition
from dijkwacht.law.incidents.record import GIVEN, MOMENTS

Code = Annotated[str, Is(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Article = Annotated[str, Is(min_length=2, max_length=80)]
Mark = Literal["seen", "known", "unverified"]
Language = Literal["nl", "en"]
BY_SECTOR = ("csirt", "authority", "supervisor")
LONGEST = 1000  # hours, days, weeks or months: more is a typing error


class Part(BaseModel):
    """Closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, use_attribute_docstrings=True)


class Term(Part):
    """How long, and from which moment. Of the terms of a stage that hold, the earliest end counts."""

    start: Annotated[tuple[str, ...], Is(alias="from", min_length=1)]
    """Moments of the record; the first one that is known starts the term."""
    hours: Annotated[int, Is(strict=True, gt=0, le=LONGEST)] | None = None
    days: Annotated[int, Is(strict=True, gt=0, le=LONGEST)] | None = None
    weeks: Annotated[int, Is(strict=True, gt=0, le=LONGEST)] | None = None
    months: Annotated[int, Is(strict=True, gt=0, le=LONGEST)] | None = None
    article: Article | None = None
    """Where it stands, when that is not the article of the stage."""
    when: tuple[Condition, ...] = ()
    """It counts when all of these hold; without them, always."""
    unless_later: str | None = None
    """A moment: when that is known and later than the end of this term, the term does not count."""
    noon: bool = False
    """One that would end on a Saturday, Sunday or holiday ends at noon of the next working day instead."""
    noon_when: tuple[Condition, ...] = ()
    """`noon` counts when all of these hold."""
    lenient: bool = False
    """Whether Regulation 1182/71 article 3(1) and 3(5) may make it longer: shown beside the strict end."""

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if sum(length is not None for length in (self.hours, self.days, self.weeks, self.months)) != 1:
            raise ValueError("a term has exactly one of hours, days, weeks, months")
        for moment in (*self.start, *((self.unless_later,) if self.unless_later else ())):
            if moment not in MOMENTS:
                raise ValueError(f"there is no moment {moment}; there are {', '.join(MOMENTS)}")
        return self


class Stage(Part):
    """One report that a regime asks."""

    code: Code
    article: Article
    dpv: Annotated[str, Is(pattern=r"^https://w3id\.org/dpv/")] | None = None
    """IRI of the W3C DPV term for this kind of report, where there is one."""
    submitted: str | None = None
    """The moment of the record at which it was first submitted."""
    term: tuple[Term, ...] = ()
    """None: it has no term of its own."""
    instead_of: Code | None = None
    """The stage whose place it takes, at the same moment, while the incident goes on."""
    after: Code | None = None
    """The stage that must have been sent, or due while the incident went on, before this one is asked."""
    on_request: bool = False
    mark: Mark = "seen"

    @model_validator(mode="after")
    def _moment(self) -> Self:
        if self.instead_of is not None and self.term:
            raise ValueError("a stage that takes the place of another has the term of that one, and none of its own")
        if self.submitted is not None and self.submitted not in MOMENTS:
            raise ValueError(f"there is no moment {self.submitted}; there are {', '.join(MOMENTS)}")
        return self


class Trigger(Part):
    """When the regime applies (or, as an exception, does not): when all conditions hold."""

    code: Code
    article: Article
    all: Annotated[tuple[Condition, ...], Is(min_length=1)]
    mark: Mark = "seen"


class Field(Part):
    """One field of a report: which fact of the record fills it, in which stages, how needed."""

    code: Code
    fact: str
    stages: Annotated[tuple[Code, ...], Is(min_length=1)]
    needed: Literal["must", "if-applicable", "if-known"]
    article: Article
    mark: Mark = "seen"

    @model_validator(mode="after")
    def _fact(self) -> Self:
        if self.fact not in GIVEN:
            raise ValueError(f"there is no fact {self.fact}; `dijkwacht deadlines --schema` shows them all")
        return self


class Receiver(Part):
    """Who gets the reports. The roles of BY_SECTOR are found by sector and type; another names its body."""

    role: Code
    body: str | None = None
    article: Article
    via: str | None = None
    """The reporting point it goes through."""
    channel: Annotated[str, Is(pattern=r"^https://[^\s<>\"']+$")] | None = None
    """The address of its own official channel: where to report when nobody can deliver it there."""
    when: tuple[Condition, ...] = ()
    mark: Mark = "seen"

    @model_validator(mode="after")
    def _body(self) -> Self:
        if (self.body is None) != (self.role in BY_SECTOR):
            raise ValueError(f"{', '.join(BY_SECTOR)} are found by sector and name no body; every other role names one")
        return self


class CentreClock(Part):
    """A clock of the authority's side: how many hours after which moment."""

    code: Code
    hours: Annotated[int, Is(strict=True, gt=0, le=LONGEST)]
    start: Annotated[str, Is(alias="from")]
    article: Article
    mark: Mark = "seen"

    @model_validator(mode="after")
    def _moment(self) -> Self:
        if self.start not in MOMENTS:
            raise ValueError(f"there is no moment {self.start}; there are {', '.join(MOMENTS)}")
        return self


class Regime(Part):
    """A law with a duty to report, as it holds from `valid_from` to and including `valid_to`."""

    slug: Code = "regime"
    """The name of its folder; not written in the file."""
    valid_from: date
    valid_to: date | None = None
    source: Annotated[str, Is(min_length=1)]
    checked_on: date
    mark: Mark
    rules: Literal["atw", "1182/71"]
    """Which rules count the terms: the Algemene termijnenwet (Dutch law) or Regulation 1182/71 (Union law)."""
    calendar: Literal["nl", "eu"] = "nl"
    """Whose holidays: `law/tables/holidays.toml`."""
    asks_of: tuple[Literal["incident", "voluntary", "near-miss", "threat"], ...] = ("incident",)
    """What it asks a report of. "voluntary": an incident that the Cbw does not ask; its own triggers decide then."""
    stage: Annotated[tuple[Stage, ...], Is(min_length=1)]
    trigger: Annotated[tuple[Trigger, ...], Is(min_length=1)]
    exception: tuple[Trigger, ...] = ()
    field: tuple[Field, ...] = ()
    recipient: Annotated[tuple[Receiver, ...], Is(min_length=1)]
    centre: tuple[CentreClock, ...] = ()

    def holds(self, on: date) -> bool:
        """Tell whether this text of the law is in force on a date."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def stage_of(self, code: str) -> Stage | None:
        """Return one stage, or None."""
        return next((stage for stage in self.stage if stage.code == code), None)

    def conditions(self) -> Iterator[tuple[str, Condition]]:
        """Return every condition with the key it stands under."""
        for number, stage in enumerate(self.stage):
            for place, term in enumerate(stage.term):
                yield from ((f"stage[{number}].term[{place}].when", one) for one in (*term.when, *term.noon_when))
        for kind, rows in (("trigger", self.trigger), ("exception", self.exception)):
            for number, row in enumerate(rows):
                yield from ((f"{kind}[{number}].all", one) for one in row.all)
        for number, receiver in enumerate(self.recipient):
            yield from ((f"recipient[{number}].when", one) for one in receiver.when)
