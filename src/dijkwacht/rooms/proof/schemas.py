"""What the API of proof takes and gives."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from dijkwacht.rooms.proof import rules, words
from dijkwacht.rooms.proof.models import Challenge, Check
from dijkwacht.rooms.proof.vocabulary import Method


class ChallengeIn(Schema):
    """How an asset is to be shown."""

    model_config = ConfigDict(extra="forbid")
    method: Annotated[
        str, Field(max_length=10, description="dns, file, mail or parent of a domain; whois or mail else.")
    ]
    recipient: Annotated[str, Field(max_length=254, description="Of mail: one of the addresses offered.")] = ""


class Publish(Schema):
    """What to publish, and where."""

    where: str
    content: str


class CheckOut(Schema):
    """One look: what it means, and exactly what was seen."""

    at: datetime
    outcome: str
    code: str
    facts: dict[str, Any]
    nl: str
    en: str

    @staticmethod
    def resolve_nl(row: Check) -> str:
        """Return the finding in Dutch."""
        return words.sentence(row, "nl")

    @staticmethod
    def resolve_en(row: Check) -> str:
        """Return the finding in English."""
        return words.sentence(row, "en")


class ChallengeOut(Schema):
    """A challenge: what to publish, how it stands, and the latest look. The link of a mail is in the mail alone."""

    id: UUID
    asset: UUID = Field(alias="asset.uid")
    method: str
    recipient: str
    state: str
    publish: Publish | None
    created_at: datetime
    expires_at: datetime
    next_at: datetime | None
    wanted_at: datetime | None
    proven_at: datetime | None
    failures: int
    latest: CheckOut | None

    @staticmethod
    def resolve_publish(row: Challenge) -> dict[str, str] | None:
        """Return the record or file of a method that has one."""
        if not row.token:
            return None
        where = rules.record_name(row.asset.value)
        if row.method == Method.FILE:
            where = f"https://{row.asset.value}{rules.PATH}"
        return {"where": where, "content": rules.line(row.token)}

    @staticmethod
    def resolve_latest(row: Challenge) -> Check | None:
        """Return the latest look."""
        return row.checks.first()
