"""What the API takes and gives."""

from base64 import b64decode
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict, field_validator

from dijkwacht.law.incidents import IncidentRecord
from dijkwacht.rooms.reporting import reads, terms
from dijkwacht.rooms.reporting.customers.models import ProviderCustomer
from dijkwacht.rooms.reporting.delivering.reached import clocks
from dijkwacht.rooms.reporting.enclosing.rules import MOST
from dijkwacht.rooms.reporting.models import Incident, Report
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.showing import still_open

OPEN: Final = "Facts of which it was said (null) that they are not known yet, and that no report told since."


class EnclosedIn(Schema):
    """A file that goes with a report, in base64 (RFC 4648, section 4); a larger one follows by `/attachments`."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    content: str = Field(min_length=4, json_schema_extra={"contentEncoding": "base64"})

    @field_validator("content")
    @classmethod
    def _is_base64(cls, value: str) -> str:
        b64decode(value, validate=True)  # binascii.Error is a ValueError
        return value


class ReportIn(Schema):
    """One stage of one incident. A key of `facts` with null says that it is not known."""

    model_config = ConfigDict(extra="forbid")

    organisation: UUID | None = Field(
        None, description="Who reports; the centre may leave it out for somebody unknown."
    )
    incident: UUID | None = Field(None, description="The incident that it belongs to; without it, a new one.")
    stage: Stage
    language: Literal["nl", "en"] = "nl"
    facts: IncidentRecord
    attachments: list[EnclosedIn] = Field(
        [],
        max_length=MOST,
        description="Files that go with it, as far as the body has room; the receipt stands for their hashes too.",
    )


class EventIn(Schema):
    """One stage of an event at a provider, for many customers; `facts` as in a report."""

    model_config = ConfigDict(extra="forbid")

    organisations: list[UUID] = Field(
        [], max_length=2000, description="The customers of a new event; with `event` it stays empty: all of them."
    )
    event: UUID | None = Field(None, description="The event that is corrected or goes on; without it, a new one.")
    provider: UUID | None = Field(None, description="Which of your own organisations reports, when you have several.")
    stage: Stage
    language: Literal["nl", "en"] = "nl"
    facts: IncidentRecord
    attachments: list[EnclosedIn] = Field(
        [],
        max_length=MOST,
        description="Files that go to each customer's report: let nothing in them name another customer.",
    )


class CustomerOut(Schema):
    """A customer of an event, and its incident once it is filed."""

    organisation: UUID = Field(alias="organisation_id")
    name: str
    incident: UUID | None = Field(alias="incident_id")
    receipts: list[dict[str, Any]] = Field(description="Signed receipts, as JSON.")
    left_out: bool

    @staticmethod
    def resolve_receipts(row: ProviderCustomer) -> list[dict[str, Any]]:
        import json

        return [json.loads(one) for one in row.receipts]

    @staticmethod
    def resolve_left_out(row: ProviderCustomer) -> bool:
        return row.left_at is not None


class EventOut(Schema):
    """An event. `filed`: for how many of its customers (`of`) the last submission was filed; all or none in the end."""

    id: UUID
    number: str
    accepted_at: datetime | None
    filed: int
    of: int
    problem: dict[str, str] | None
    not_known_yet: list[str] = Field(description=OPEN)
    customers: list[CustomerOut]


class MadeOut(Schema):
    """A report that was made, with its receipt."""

    id: UUID
    number: str
    regime: str
    stage: str
    version: int
    submitted_at: datetime
    sha256: str
    dpv: str = Field(description="The W3C DPV term for this kind of report, as an IRI; empty where there is none.")
    receipt: dict[str, Any] = Field(description="The signed receipt; `GET` it to have it to the byte.")

    @staticmethod
    def resolve_dpv(row: Report) -> str:
        return str((row.content or {}).get("dpv", ""))

    @staticmethod
    def resolve_receipt(row: Report) -> dict[str, Any]:
        import json

        found: dict[str, Any] = json.loads(row.receipt)
        return found


class WouldBe(Schema):
    """A report that would be made."""

    regime: str
    stage: str


class AsksOut(Schema):
    """What a law still asks for its next report: keys of the facts."""

    regime: str
    applies: str
    stage: str
    missing: list[str]
    undecided: list[str]


class FiledOut(Schema):
    """The incident, its reports, and what the laws still ask."""

    incident: UUID
    number: str
    reports: list[MadeOut]
    asks: list[AsksOut]


class CheckedOut(Schema):
    """Nothing was stored: which reports would be made, and what the laws would still ask."""

    valid: bool
    reports: list[WouldBe]
    asks: list[AsksOut]


class ClockOut(Schema):
    """A term that runs, or has been met."""

    regime: str
    stage: str
    due: datetime
    article: str
    done: bool
    ours: bool = Field(description="It is a term of the centre.")
    delivered: bool = Field(description="Whoever must have it by this law can read it, or it is not filed yet.")
    replaced: bool = Field(description="A progress report took its place; the final report comes after the end.")


class IncidentOut(Schema):
    """An incident as it stands in a list."""

    id: UUID
    number: str
    organisation: UUID | None = Field(alias="organisation_id")
    title: Annotated[str, Field(max_length=300)]
    matter: str
    state: str
    significant: bool | None
    cross_border: bool
    regimes: list[str]
    received_at: datetime
    next_due_at: datetime | None
    next_stage: str


class WholeIncidentOut(IncidentOut):
    """An incident with its facts, terms and reports."""

    facts: dict[str, Any]
    not_known_yet: list[str] = Field(description=OPEN)
    clocks: list[ClockOut]
    reports: list[MadeOut]

    @staticmethod
    def resolve_not_known_yet(row: Incident) -> list[str]:
        return sorted(still_open([one.content for one in reads.reports_of(row)], row.facts or {}))

    @staticmethod
    def resolve_clocks(row: Incident) -> Any:
        return clocks(row, terms.filed_of(reads.reports_of(row)))

    @staticmethod
    def resolve_reports(row: Incident) -> Any:
        return reads.reports_of(row)
