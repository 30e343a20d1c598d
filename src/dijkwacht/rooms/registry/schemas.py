"""What the API takes and gives. Values are cleaned by the actions; here stand shapes and bounds only."""

from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.registry import reads, rules
from dijkwacht.rooms.registry.models import Asset, Organisation

Short = Annotated[str, Field(max_length=260)]
Long = Annotated[str, Field(max_length=70_000)]
Words = Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=500)]


class Strict(Schema):
    """A body in which every member is known."""

    model_config = ConfigDict(extra="forbid")

    def given(self) -> dict[str, Any]:
        """Return the members that the request holds."""
        return self.dict(exclude_unset=True)


class Address(Strict):
    """Of an organisation: `main`, an `establishment` elsewhere in the Union, or its `representative` there."""

    kind: Short
    name: Annotated[str, Field(max_length=200)] = ""
    street: Annotated[str, Field(max_length=200)]
    postcode: Annotated[str, Field(max_length=200)] = ""
    city: Annotated[str, Field(max_length=200)]
    country: Short = "NL"


class Arrangement(Strict):
    """An arrangement to share information, joined and perhaps left (ISO 8601 dates)."""

    name: Annotated[str, Field(max_length=200)]
    joined: Short = ""
    left: Short = ""


class OrganisationOut(Schema):
    id: UUID
    name: str
    country: str
    kind: str
    classification: str
    sectors: list[str]
    kvk: str | None
    rsin: str | None
    oin: str | None
    roo: str | None
    lei: str | None
    foreign_register: str
    foreign_number: str
    declaration: str
    entity_types: list[str]
    member_states: list[str]
    arrangements: list[Arrangement]
    emails: list[str] = Field(description="Empty for a relay that reads about its member, as are the next two.")
    phones: list[str]
    addresses: list[Address]
    identified_by: list[str]
    legal_form: str
    activities: list[str]
    staff: int | None
    language: str
    active: bool
    created_at: datetime

    @staticmethod
    def resolve_emails(row: Organisation, context: dict[str, Any]) -> list[str]:
        return _reach(row, context, "emails")

    @staticmethod
    def resolve_phones(row: Organisation, context: dict[str, Any]) -> list[str]:
        return _reach(row, context, "phones")

    @staticmethod
    def resolve_addresses(row: Organisation, context: dict[str, Any]) -> list[dict[str, str]]:
        return _reach(row, context, "addresses")


def _reach(row: Organisation, context: dict[str, Any], field: str) -> list[Any]:
    found: list[Any] = getattr(row, field) if reads.may_reach(actor_of(context["request"]), row.id) else []
    return found


class OrganisationChange(Strict):
    name: Short = ""
    country: Short = "NL"
    kind: Short = "organisation"
    classification: Short = "other"
    sectors: Words = []
    kvk: Short | None = None
    rsin: Short | None = None
    oin: Short | None = None
    roo: Short | None = None
    lei: Short | None = None
    foreign_register: Short = ""
    foreign_number: Short = ""
    declaration: Short = "none"
    entity_types: Words = []
    member_states: Words = []
    arrangements: Annotated[list[Arrangement], Field(max_length=100)] = []
    emails: Annotated[list[Short], Field(max_length=50)] = []
    phones: Words = []
    addresses: Annotated[list[Address], Field(max_length=100)] = []
    identified_by: Words = []
    legal_form: Short = ""
    activities: Words = []
    staff: int | None = None
    language: Short = "nl"


class OrganisationIn(OrganisationChange):
    name: Short
    kind: Short
    classification: Short


class ContactOut(Schema):
    """A contact; its webhook secret is shown once, when it is made."""

    id: UUID
    role: str
    name: str
    email: str
    phone: str
    order: int
    language: str
    channel: str
    webhook_url: str
    openpgp_key: str
    smime_certificate: str
    minimum_severity: int
    rhythm: str
    quiet_from: time | None
    quiet_to: time | None
    status: str
    optional_kinds: list[str]


class ContactIn(Strict):
    role: Short = "security"
    name: Short = ""
    email: Short = ""
    phone: Short = ""
    order: int = Field(0, ge=0, le=999)
    language: Short = "nl"
    channel: Short = "mail"
    webhook_url: Annotated[str, Field(max_length=500)] = ""
    openpgp_key: Long = ""
    smime_certificate: Long = ""
    minimum_severity: int = Field(0, ge=0, le=4)
    rhythm: Short = "run"
    quiet_from: Short | None = None
    quiet_to: Short | None = None
    optional_kinds: Words = []


class NewContact(ContactOut):
    webhook_secret: str


class AssetOut(Schema):
    """An asset; whoever is not of the centre reads a disputed one as claimed."""

    id: UUID = Field(alias="uid")
    kind: str
    value: str
    fallback: bool
    status: str
    method: str
    claimed_at: datetime
    verified_at: datetime | None
    expires_at: datetime | None

    @staticmethod
    def resolve_status(row: Asset, context: dict[str, Any]) -> str:
        """Return the status as the asker may read it."""
        return rules.shown_status(actor_of(context["request"]), row.status)


class AssetIn(Strict):
    kind: Short
    value: Short
    evidence: Annotated[str, Field(max_length=5000)] = ""
    fallback: bool = False


class Verification(Strict):
    evidence: Annotated[str, Field(max_length=5000)]
    method: Short = "officer"
    expires_at: datetime | None = None


class Reason(Strict):
    reason: Annotated[str, Field(max_length=500)]


class MandateOut(Schema):
    id: UUID
    relay: UUID = Field(alias="relay_id")
    member: UUID = Field(alias="member_id")
    status: str
    informations: list[str]
    confidentiality: bool
    mandatory: bool
    valid_from: date
    valid_to: date | None


class MandateIn(Strict):
    relay: UUID
    member: UUID
    informations: Words = ["victim", "target", "vulnerability"]
    confidentiality: bool = False
    mandatory: bool = False
    valid_from: date | None = None
    valid_to: date | None = None


class ConflictOut(Schema):
    id: UUID
    created_at: datetime
    first: AssetOut
    first_organisation: UUID = Field(alias="first.organisation_id")
    second: AssetOut
    second_organisation: UUID = Field(alias="second.organisation_id")


class DecisionIn(Strict):
    decision: Short
    reason: Annotated[str, Field(max_length=500)]


class RefusalOut(Schema):
    line: int
    record: str
    column: str
    value: str
    reason_nl: str
    reason_en: str


class ReportOut(Schema):
    """What became of an import."""

    sha256: str
    rows: int
    stored: dict[str, int]
    organisations_left_out: int
    refused: int
    refusals: list[RefusalOut]
    notes: list[RefusalOut]
    conflicts: int
    tried_only: bool


class ChangeNoticeOut(Schema):
    """A change that was told, or is asked about."""

    id: UUID
    state: str
    fields: list[str]
    proposed: dict[str, str]
    source: str
    effective_on: date | None
    due_on: date
    ground: str
    late: bool


class ChangeNoticeIn(Strict):
    """`changes`: the fields of an organisation that it registered itself, as in PATCH of an organisation."""

    effective_on: date
    changes: Annotated[dict[Annotated[str, Field(max_length=40)], Any], Field(max_length=30)]
