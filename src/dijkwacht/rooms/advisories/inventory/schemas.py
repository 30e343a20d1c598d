"""What programs send and get about inventories."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Field, Schema

from dijkwacht.rooms.advisories.inventory import rules
from dijkwacht.rooms.advisories.inventory.models import Intake


class InventoryIn(Schema):
    name: str = Field(min_length=1, max_length=100)


class InventoryOut(Schema):
    id: UUID
    organisation: UUID = Field(alias="organisation_id")
    name: str
    size: int = Field(0, description="Lines in use.")
    created_at: datetime


class LineIn(Schema):
    """One product. `product`, `purl` or `cpe` must be there; what is not valid is named in the answer."""

    product: str = Field("", max_length=1000)
    version: str = Field("", max_length=1000)
    vendor: str = Field("", max_length=1000)
    cpe: str = Field("", max_length=1000)
    purl: str = Field("", max_length=1000)


class LinesIn(Schema):
    lines: list[LineIn] = Field(min_length=1, max_length=5000)
    replace: bool = Field(default=False, description="This is everything: what is not in it is not in use any more.")


class LineOut(Schema):
    id: UUID
    vendor: str
    product: str
    version: str
    cpe: str
    purl: str
    source: str
    added_at: datetime
    seen_at: datetime


class RefusedOut(Schema):
    """What was not taken over, and where it stood. `left_out`: the whole line; else the value alone."""

    code: str
    line: int | None
    column: int | None
    place: str
    value: str
    left_out: bool
    nl: str
    en: str


class IntakeOut(Schema):
    id: UUID
    at: datetime
    source: str
    added: int
    kept: int
    removed: int
    refused: int
    refusals: list[RefusedOut] = Field(description="At most 200; `refused` counts them all.")
    passed_over: dict[str, int] = Field(description="Parts of an SBOM that are no product, by kind.")


def intake(row: Intake, reading: rules.Reading) -> dict[str, Any]:
    """Return what came of lines that were told."""
    names = ("id", "at", "source", "added", "kept", "removed", "refused")
    values = {name: getattr(row, name) for name in names}
    return {**values, "refusals": [one.as_json() for one in reading.refused], "passed_over": reading.left_out}
