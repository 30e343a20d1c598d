"""The answer. The JSON Schema of these models is the published form of the output."""

from datetime import date
from enum import StrEnum
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

VERSION: Final = "1"


class Class(StrEnum):
    """What the law makes of the organisation. `depends`: more than one is possible; see `possible_classes`."""

    ESSENTIAL = "essential"
    IMPORTANT = "important"
    REGISTER_ONLY = "register-only"
    OUTSIDE = "outside"
    DEPENDS = "depends"
    EARLIER_LAW = "earlier-law"  # the day asked is before the law


class Applies(StrEnum):
    """Whether a duty applies."""

    YES = "yes"
    PERHAPS = "perhaps"  # in some of the possible outcomes
    PARTLY = "partly"  # not for the activities that an exemption names
    LATER = "later"  # from a later day
    NO = "no"  # switched off


Mark = Literal["seen", "known", "agreed", "unverified"]


class Part(BaseModel):
    """A part of the answer."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, use_attribute_docstrings=True)


class Text(Part):
    """The same in Dutch and English."""

    nl: str
    en: str


class Sourced(Part):
    """Where it stands, who says so, and how sure that is."""

    article: str
    """Such as Cbw 8(1)(a)."""
    article_text: Text
    link: str
    """Where the article can be read; empty when its text is not in reach."""
    source: str
    checked_on: date
    mark: Mark
    """seen in the source; known but not read again; agreed; unverified: not yet settled."""


class FiredRule(Sourced):
    """A rule of the decision table that decided."""

    code: str
    result: str
    """The class it gives; empty for a rule about jurisdiction or duties."""
    sentence: Text
    entity_types: list[str]
    certain: bool
    """False when it decides in some of the possible outcomes only."""


class TypeAnswer(Part):
    """One type of entity, and what the table makes of it."""

    code: str
    name: Text
    text: Text
    """The wording of the law."""
    annex: int
    classes: list[str]
    rules: list[str]


class Figure(Part):
    """A sum with linked and partner enterprises."""

    least: float
    exact: bool


class SizeAnswer(Part):
    """The size class; more than one when figures are missing."""

    categories: list[str]
    last_year: list[str]
    """What the last year alone would give."""
    two_year_rule: bool
    """True when the rule of two consecutive years made a difference."""
    staff: Figure
    turnover: Figure
    balance: Figure
    missing: list[str]
    """The paths of the figures that are not known."""


class DutyAnswer(Sourced):
    """A duty, what it asks, and by when."""

    code: str
    kind: Literal["duty", "enforcement", "offer"]
    name: Text
    text: Text
    within: Text
    """The term in words; empty when the law has none."""
    by: date | None = None
    """The last day, when it is a date."""
    starts: date | None = None
    """The first day, when the duty starts later than the law."""
    applies: Applies
    because: list[str]
    """The rules that switch it off or delay it."""


class Body(Part):
    """A minister, supervisor or CSIRT. `unknown`: not yet settled."""

    code: str
    name: Text


class ContactPoint(Part):
    """Who is competent, who supervises, and which CSIRT helps, for some types of entity."""

    entity_types: list[str]
    sector: Text
    authority: Body
    supervisor: Body
    csirt: Body
    interim_csirt: Body | None = None
    """The CSIRT that does it for the time being."""
    note: Text
    source: str
    checked_on: date
    mark: Mark


class OpenQuestion(Part):
    """A fact that is not known and would narrow the answer."""

    fact: str
    question: Text
    hint: Text


class Remark(Part):
    """Something that was assumed, or that is not settled."""

    code: str
    text: Text
    source: str
    mark: Mark


class Deadline(Part):
    """A duty with a date."""

    on: date
    duty: str
    name: Text
    passed: bool
    """The date lies before the day asked: do it at once."""


class Assessment(Part):
    """What the law makes of an organisation, why, and what follows."""

    version: str = VERSION
    name: str
    as_of: date
    klass: Class = Field(validation_alias="klass", serialization_alias="class")
    possible_classes: list[str]
    headline: Text
    answer: str
    """Which headline: a class, or representative, elsewhere."""
    rules: list[FiredRule]
    entity_types: list[TypeAnswer]
    size: SizeAnswer
    duties: list[DutyAnswer]
    authority: list[str]
    supervisor: list[str]
    csirt: list[str]
    contact_points: list[ContactPoint]
    deadlines: list[Deadline]
    open_questions: list[OpenQuestion]
    assumptions: list[Remark]
    unsettled: list[Remark]
    query: str
    """The same facts as a query: after /assess/result? it is a permanent link."""
