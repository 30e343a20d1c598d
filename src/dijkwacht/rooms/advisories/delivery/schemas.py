"""What programs send and get about the advisories that concern an organisation."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema

from dijkwacht.rooms.advisories.delivery.letters import ran_as_json
from dijkwacht.rooms.advisories.delivery.models import Concern, Telling
from dijkwacht.rooms.advisories.delivery.published import Published
from dijkwacht.rooms.advisories.delivery.reads import Matter


class RanOut(Schema):
    """A line of an inventory that an advisory meets, with the evidence in words."""

    line: UUID
    product: str
    verdict: str
    sure: bool
    evidence: str
    remedy: str
    vulnerabilities: list[str]


class AnswerOut(Schema):
    answer: str
    note: str
    version: int
    at: datetime
    how: str


class ConcernOut(Schema):
    """One advisory as it stands for one organisation."""

    advisory: UUID
    version: int
    number: str
    title: dict[str, str]
    tlp: str
    severity: int = Field(description="0 to 4.")
    urgent: bool
    withdrawn: bool
    address: str
    organisation: UUID
    ground: Literal["match", "named", "subscription"]
    verdict: Literal["affected", "unknown", "not_affected"]
    since: datetime
    read_at: datetime | None
    answer: str = Field(description="What was answered last; empty: nothing.")


class ConcernFullOut(ConcernOut):
    lines: list[RanOut]
    answers: list[AnswerOut]


class AnswerIn(Schema):
    answer: Literal["received", "working", "mitigated", "patched", "not_affected"]
    note: str = Field("", max_length=2000)


class MarkIn(Schema):
    status: Literal["not_remediated", "in_progress", "done", "not_affected"]
    matches: list[UUID] = Field(min_length=1, max_length=5000)


class MarkedOut(Schema):
    changed: int


class MatchOut(Schema):
    """One line and one vulnerability, with how far it is (CSAF 2.0 9.1.13 and 9.1.17)."""

    id: UUID
    line: UUID = Field(alias="line_id")
    vulnerability: str
    verdict: str
    status: str
    status_at: datetime | None


class MemberOut(Schema):
    """What a relay was told of one of its members."""

    organisation: UUID
    name: str
    advisory: UUID
    version: int
    number: str
    verdict: str
    answer: str
    told_at: datetime


class ReachOut(Schema):
    """Who was told of an advisory, why, and what came back."""

    organisation: UUID
    name: str
    version: int
    ground: str
    verdict: str
    lines: int
    states: str
    answer: str
    answered_at: str
    note: str


class MetListOut(Schema):
    """A list of what an organisation runs that an advisory meets."""

    id: UUID
    organisation: UUID = Field(alias="organisation_id")
    name: str
    matched: int = Field(description="How many of its lines.")


class MetLineOut(Schema):
    """A line of an inventory that an advisory meets."""

    id: UUID
    organisation: UUID = Field(alias="organisation_id")
    inventory: UUID = Field(alias="inventory_id")
    vendor: str
    product: str
    version: str
    verdict: str
    statuses: list[str]
    vulnerabilities: list[str]


class ProductRunOut(Schema):
    """A product that an organisation runs."""

    vendor: str
    product: str
    lines: int
    advisories: list[str] = Field(description="Their numbers.")


def concern(one: Matter) -> dict[str, Any]:
    """Return an advisory as ConcernOut has it."""
    advisory, row = one.advisory, one.concern
    return {
        "advisory": advisory.advisory,
        "version": advisory.version,
        "number": advisory.number,
        "title": dict(advisory.title),
        "tlp": advisory.tlp,
        "severity": advisory.severity,
        "urgent": row.urgent,
        "withdrawn": advisory.withdrawn,
        "address": advisory.address,
        "organisation": row.organisation_id,
        "ground": row.ground,
        "verdict": row.verdict,
        "since": row.created_at,
        "read_at": row.read_at,
        "answer": one.answer,
    }


def full(one: Matter, language: str) -> dict[str, Any]:
    """Return an advisory as ConcernFullOut has it."""
    answers = [{name: getattr(row, name) for name in ("answer", "note", "version", "at", "how")} for row in one.answers]
    return {**concern(one), "lines": [ran_as_json(ran, language) for ran in one.ran], "answers": answers}


def member(told: tuple[Telling, Concern, Published, str, str]) -> dict[str, Any]:
    """Return what a relay was told as MemberOut has it."""
    telling, row, advisory, name, answer = told
    return {
        "organisation": telling.about_id,
        "name": name,
        "advisory": telling.advisory,
        "version": telling.version,
        "number": advisory.number,
        "verdict": row.verdict,
        "answer": answer,
        "told_at": telling.created_at,
    }
