"""What the API of the upkeep takes and gives: reviews, change notices, histories, deregistrations."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema

from dijkwacht.rooms.registry.leaving.models import Deregistration
from dijkwacht.rooms.registry.schemas import ChangeNoticeOut, Short, Strict
from dijkwacht.rooms.registry.upkeep.groups import GROUPS
from dijkwacht.rooms.registry.upkeep.models import Review


class OwnedNotice(ChangeNoticeOut):
    organisation: UUID = Field(alias="organisation_id")


class QuestionIn(Strict):
    """`proposed`: fields of the organisation, as the source has them."""

    source: Annotated[str, Field(max_length=100)]
    proposed: Annotated[dict[Annotated[str, Field(max_length=40)], Any], Field(max_length=30)]


class DismissalIn(Strict):
    reason: Annotated[str, Field(max_length=500)]


class ReviewOut(Schema):
    """A review of one organisation: which groups of fields it confirmed and when, and which are open."""

    id: UUID
    organisation: UUID = Field(alias="organisation_id")
    campaign: UUID = Field(alias="campaign_id")
    due_on: date
    confirmed: dict[str, datetime]
    open: list[str]
    confirmed_at: datetime | None

    @staticmethod
    def resolve_open(row: Review) -> list[str]:
        return [group for group in GROUPS if group not in row.confirmed]


class ConfirmationIn(Strict):
    """One of identity, activities, reach, contacts and assets."""

    group: Short


class CampaignOut(Schema):
    id: UUID
    title: str
    classification: str
    sector: str
    due_on: date
    started_at: datetime
    asked: int = 0
    done: int = 0


class CampaignIn(Strict):
    title: Annotated[str, Field(max_length=200)]
    due_on: date
    classification: Short = ""
    sector: Short = ""


class LineOut(Schema):
    """A field and what it became; `erased`: its value was taken out, because its term was over."""

    field: str
    value: Any = None
    erased: bool = False


class ChangeOut(Schema):
    """What became of one row at one moment. `actor` is shown to the centre; to others only whether it was they."""

    id: int
    at: datetime
    record: str
    row: UUID
    verb: str
    source: str
    ground: str
    actor: str
    lines: list[LineOut]


class VersionOut(Schema):
    """A row as it stood; what was empty or erased is not among the values."""

    record: str
    row: UUID
    values: dict[str, Any]


class StoodOut(Schema):
    """What the register held of an organisation. `complete` is false for a day that is not over."""

    as_of: str
    complete: bool
    more: bool = Field(description="There are more rows than are shown; the export gives all.")
    rows: list[VersionOut]


class DeregistrationOut(Schema):
    """`obstacles`: why an officer of the centre must confirm; empty when it takes effect by itself."""

    id: UUID
    organisation: UUID = Field(alias="organisation_id")
    state: str
    reason: str
    explanation: str
    successor: str
    effective_on: date
    obstacles: list[str]
    decision: str
    asked_at: datetime
    done_at: datetime | None

    @staticmethod
    def resolve_decision(row: Deregistration) -> str:
        """Say why it was refused; why it was confirmed is the centre's own note."""
        return row.decision if row.state == "refused" else ""


class DeregistrationIn(Strict):
    reason: Short
    effective_on: date
    explanation: Annotated[str, Field(max_length=1000)] = ""
    successor: Annotated[str, Field(max_length=200)] = ""


class DecisionReason(Strict):
    reason: Annotated[str, Field(max_length=500)] = ""
