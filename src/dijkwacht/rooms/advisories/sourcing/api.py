"""Matters and items for programs of the centre, under /api/v1."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from dijkwacht.api.doors import requires
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.advisories.assessing import reads as assessing
from dijkwacht.rooms.advisories.sourcing import reads

router = Router(tags=["advisories"])
MOST_STATEMENTS = 5_000


class MatterQuery(PageQuery):
    """A filter of the list."""

    q: str = Field("", max_length=200, description="A CVE id, or words of title, vendor and product.")
    state: Literal["new", "settled", "all"] = "all"
    exploited: bool = False
    source: str = Field("", max_length=60, description="Slug of a source that says something of it.")


class MatterOut(Schema):
    """A matter, in a line."""

    id: UUID
    title: str
    name: str = Field(description="The first of its vulnerabilities.")
    names: int
    items: int
    state: Literal["new", "settled", "joined"]
    joined: UUID | None = Field(description="The matter that this one is part of now.")
    exploited_on: date | None
    ransomware: bool
    epss: float | None
    cvss: float | None
    organisations: int
    weight: float
    first_seen: datetime
    last_changed: datetime


class ItemOut(Schema):
    """What one source says once."""

    id: UUID
    source: str
    key: str
    kind: str
    title: str
    url: str
    publisher: str
    tlp: str
    version: str
    withdrawn: bool
    published_at: datetime | None
    updated_at: datetime | None
    seen_at: datetime


class StatementOut(Schema):
    """One statement about a product, as its source writes it."""

    vulnerability: str
    vendor: str
    product: str
    version: str
    notation: str
    status: str
    cpe: str
    purl: str
    models: list[str]
    remedy: str


class AssessmentOut(Schema):
    """The judgement that stands; `shown`: what the public reads."""

    likelihood: str
    impact: str
    label: str
    reason: str
    at: datetime
    shown: dict[str, str]


class MatterWhole(MatterOut):
    """A matter with all that is said of it."""

    vulnerabilities: list[str]
    said: list[ItemOut]
    statements: list[StatementOut] = Field(description=f"At most {MOST_STATEMENTS}.")
    assessment: AssessmentOut | None


@router.get("/matters", auth=requires("advisories:read"), response=Page[MatterOut])
def list_matters(request: HttpRequest, query: Query[MatterQuery]) -> dict[str, Any]:
    """List matters, those that matter most first."""
    wanted = reads.Wanted(query.q, query.state, query.exploited, query.source)
    return paginate(request, reads.matters(actor_of(request), wanted), query, order=["-weight", "-id"])


@router.get("/matters/{uuid:matter}", auth=requires("advisories:read"), response=MatterWhole)
def read_matter(request: HttpRequest, matter: UUID) -> dict[str, Any]:
    """Give one matter with its items, statements and judgement."""
    actor = actor_of(request)
    row = reads.access_matter(actor, matter)
    fields = {name: getattr(row, name) for name in MatterOut.model_fields}
    return fields | {
        "vulnerabilities": reads.names_of(row.id),
        "said": [_item(one.item) for one in reads.told(actor, row.id)],
        "statements": reads.statements(actor, row.id, MOST_STATEMENTS),
        "assessment": assessing.assessment(actor, row.id),
    }


@router.get("/items/{uuid:source_item}", auth=requires("advisories:read"), response=ItemOut)
def read_source_item(request: HttpRequest, source_item: UUID) -> dict[str, Any]:
    """Give one item of a source."""
    return _item(reads.access_item(actor_of(request), source_item))


def _item(row: Any) -> dict[str, Any]:
    names = set(ItemOut.model_fields) - {"version"}
    return {name: getattr(row, name) for name in names} | {"version": row.label}
