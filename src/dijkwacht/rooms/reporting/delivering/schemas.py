"""What a program of a receiver gets."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.reporting.delivering import reads
from dijkwacht.rooms.reporting.models import Report


class ForUsOut(Schema):
    """A report under a law, as it stands in the list of whoever receives it."""

    id: UUID
    number: str
    incident: str = Field(description="The number of the incident: the same for each report of it.")
    regime: str
    stage: str
    version: int
    entity_name: str
    submitted_at: datetime
    sha256: str
    acknowledged_at: datetime | None = Field(description="When your organisation said that it received it.")


class WholeForUsOut(ForUsOut):
    """The report with what its law asks."""

    facts: dict[str, Any]
    not_known_yet: list[str] = Field(description="What this law asks and of which it was said: not known yet.")
    receipt: dict[str, Any] = Field(description="The signed receipt, as JSON.")


class ReceivedOut(Schema):
    """That an organisation received a report."""

    report: UUID = Field(alias="report_id")
    reader: UUID = Field(alias="reader_id")
    at: datetime


def for_us(actor: Actor, row: Report) -> dict[str, Any]:
    """Return a report for the list."""
    content: dict[str, Any] = row.content or {}
    said = reads.own_received(actor, row)
    return {
        "id": row.id,
        "number": row.number,
        "incident": str(content.get("incident", "")),
        "regime": row.regime,
        "stage": row.stage,
        "version": row.version,
        "entity_name": str((content.get("facts") or {}).get("entity_name", "")),
        "submitted_at": row.submitted_at,
        "sha256": row.sha256,
        "acknowledged_at": said.at if said else None,
    }


def whole(actor: Actor, row: Report) -> dict[str, Any]:
    """Return a report with its facts and receipt."""
    content: dict[str, Any] = row.content or {}
    facts, unknown = dict(content.get("facts") or {}), list(content.get("not_known_yet") or [])
    receipt = json.loads(row.receipt) if row.receipt else {}
    return {**for_us(actor, row), "facts": facts, "not_known_yet": unknown, "receipt": receipt}
