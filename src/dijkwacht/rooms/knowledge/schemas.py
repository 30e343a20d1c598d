"""What the API of knowledge and plans takes and gives."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from dijkwacht.rooms.knowledge import frameworks
from dijkwacht.rooms.knowledge.published import Entry

Answer = Literal["yes", "partly", "no", "unknown"]
Size = Literal["micro", "small", "medium", "large"]
Status = Literal["open", "doing", "done", "dropped"]


class Words(Schema):
    """A text in two languages."""

    nl: str
    en: str


class EvidenceOut(Words):
    """What is known of the effect of a measure, and from where."""

    kind: Literal["study", "observed", "judgement"]
    source: str


class MeasureOut(Schema):
    """A measure. Texts are Markdown; `steps` by size of the organisation; `maps` by framework, where we are sure."""

    slug: str
    principle: int
    title: Words
    summary: Words
    body: Words
    steps: dict[Size, Words]
    effect: int = Field(description="1 some, 2 clear, 3 large.")
    effort: dict[Size, int] = Field(description="1 hours, 2 days, 3 weeks, 4 months.")
    evidence: list[EvidenceOut]
    maps: dict[str, list[str]]
    unverified: dict[str, list[str]]
    version: int = Field(description="0: as the installation ships it; else the number of the revision.")
    changed_at: datetime
    reviewed: date
    review_by: date


class StatementOut(Words):
    """A statement of a self-scan, and the measures that lack where the answer is no."""

    code: str
    group: str
    measures: list[str]


class InstrumentOut(Schema):
    """A self-scan."""

    slug: str
    version: int
    title: Words
    text: Words
    statements: list[StatementOut]


class HitOut(Schema):
    """A document that was found."""

    room: str
    key: str
    language: str
    title: str
    summary: str
    url: str
    published_at: datetime


class FoundOut(Schema):
    """What was found; `corrected`: by typed word what was looked for besides; `loose`: not all words together."""

    items: list[HitOut] = Field(alias="hits")
    corrected: dict[str, str]
    loose: bool


class ScanIn(Schema):
    """The answers to a self-scan."""

    model_config = ConfigDict(extra="forbid")
    size: Size
    answers: Annotated[dict[str, Answer], Field(min_length=1, max_length=200)]


class ScanOut(Schema):
    """A self-scan as it was filled in."""

    id: UUID
    organisation: UUID = Field(alias="organisation_id")
    instrument: str
    version: int
    size: str
    answers: dict[str, str]
    taken_at: datetime


class ItemIn(Schema):
    """What is decided about a measure. `version`: of the line as you read it, 0 where there is none yet."""

    model_config = ConfigDict(extra="forbid")
    version: Annotated[int, Field(ge=0, le=2**31 - 1)]
    status: Status
    owner: str = Field("", max_length=100)
    due: date | None = None
    note: str = Field("", max_length=4000)


class ItemOut(Schema):
    """A line of a plan."""

    id: UUID
    organisation: UUID = Field(alias="organisation_id")
    measure: str
    status: str
    owner: str
    due: date | None
    note: str
    version: int
    changed_at: datetime


class LineOut(Schema):
    """A measure in the order of a plan, with what made the order and what was decided."""

    measure: str
    title: Words
    status: str
    owner: str
    due: date | None
    note: str
    version: int
    effect: int
    gap: float
    effort: int | None
    happening: int = Field(description="In the sector, lately: 0 not told, 1 several organisations, 2 many.")
    score: float
    maps: dict[str, list[str]]


class PlanOut(Schema):
    """The plan of an organisation; `lines` in the order of what helps most for its effort."""

    organisation: UUID
    size: str
    on: date
    rule: str
    scans: dict[str, Any]
    lines: list[LineOut]


class BenchmarkOut(Schema):
    """How the sector answered: shares of "yes" in per cent, steps of five, 10 to 90; noised, of at least ten."""

    month: date
    group: str
    about: int
    shares: dict[str, int]


def measure(entry: Entry) -> dict[str, Any]:
    """Return a measure as MeasureOut has it."""
    one = entry.measure
    mapped = frameworks.mapped(one)
    return {
        "slug": one.slug,
        "principle": one.principle,
        **{name: {"nl": getattr(one.nl, name), "en": getattr(one.en, name)} for name in ("title", "summary", "body")},
        "steps": {size: {"nl": text, "en": one.en.steps[size]} for size, text in one.nl.steps.items()},
        "effect": one.effect,
        "effort": one.effort,
        "evidence": [{"kind": row.kind, "nl": row.nl, "en": row.en, "source": row.source} for row in one.evidence],
        "maps": {row.framework.code: list(row.points) for row in mapped if row.points},
        "unverified": {row.framework.code: list(row.unverified) for row in mapped if row.unverified},
        "version": entry.number,
        "changed_at": entry.changed,
        "reviewed": one.reviewed,
        "review_by": one.review_by,
    }
