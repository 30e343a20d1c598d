"""What the API takes and gives of what crosses a border."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from dijkwacht.law.incidents import IncidentRecord
from dijkwacht.rooms.reporting.crossing.models import Disclosure, Inbound

Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2; EU is ENISA.")]


class InboundIn(Schema):
    """What the single point of contact of another state told."""

    model_config = ConfigDict(extra="forbid")

    country: Country
    reference: Annotated[str, Field(max_length=100, description="Theirs; the same twice is refused.")] = ""
    facts: IncidentRecord = Field(description="With at least a title and a description.")


class RouteOut(Schema):
    """Who takes it by law, for one type of entity."""

    entity_type: str
    csirt: str
    authority: str
    mark: str


class InboundOut(Schema):
    """A report of another state, and whether it was relayed."""

    id: UUID
    incident: UUID = Field(alias="incident_id")
    number: str
    country: str
    reference: str
    sha256: str
    routes: list[RouteOut]
    relayed_at: datetime | None

    @staticmethod
    def resolve_number(row: Inbound) -> str:
        return row.incident.number


class DisclosureOut(Schema):
    """A redacted version that was shared with you."""

    id: UUID
    number: str
    audience: str
    content: dict[str, Any]
    sha256: str
    removed: list[dict[str, Any]] = Field(description="What was taken out and why; never a value.")
    ground: str
    at: datetime
    acknowledged_at: datetime | None

    @staticmethod
    def resolve_content(row: Disclosure) -> Any:
        return row.content or {}  # its term may be over
