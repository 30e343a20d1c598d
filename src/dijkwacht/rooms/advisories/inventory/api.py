"""The routes of inventories under /api/v1: what an organisation runs, told by its own programs."""

from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from ninja.responses import Status

from dijkwacht.api.doors import requires
from dijkwacht.api.idempotency import idempotent
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.advisories.inventory import actions, reads, rules, schemas
from dijkwacht.rooms.advisories.inventory.errors import TooLarge
from dijkwacht.rooms.advisories.inventory.reading import read

router = Router(tags=["inventory"])
BYTES: Final = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
FILE_IN: Final = {"requestBody": {"required": True, "content": BYTES}}


@router.get(
    "/organisations/{organisation}/inventories",
    auth=requires("inventory:read"),
    response=Page[schemas.InventoryOut],
)
def list_inventories(request: HttpRequest, organisation: UUID, query: Query[PageQuery]) -> dict[str, Any]:
    """List what an organisation runs: its lists, each with how many lines are in use."""
    actor = actor_of(request)
    row = reads.access_organisation(actor, organisation)
    return paginate(request, reads.inventories_for(actor, organisation=row.id), query, order=["created_at", "id"])


@router.post(
    "/organisations/{organisation}/inventories",
    auth=requires("inventory:write"),
    response={201: schemas.InventoryOut},
)
@idempotent
def create_inventory(request: HttpRequest, organisation: UUID, body: schemas.InventoryIn) -> Any:
    """Begin a list for a system, a site or the whole organisation."""
    return Status(201, actions.create_inventory(actor=actor_of(request), organisation=organisation, name=body.name))


@router.delete("/inventories/{inventory}", auth=requires("inventory:write"), response={204: None})
def remove_inventory(request: HttpRequest, inventory: UUID) -> Any:
    """Take a list out of use, with its lines; it stays on record."""
    actions.remove_inventory(actor=actor_of(request), inventory=inventory)
    return Status(204, None)


@router.get("/inventories/{inventory}/lines", auth=requires("inventory:read"), response=Page[schemas.LineOut])
def list_inventory_lines(request: HttpRequest, inventory: UUID, query: Query[PageQuery]) -> dict[str, Any]:
    """List the lines of a list that are in use, the oldest first."""
    return paginate(request, reads.lines_of(actor_of(request), inventory), query, order=["added_at", "id"])


@router.post("/inventories/{inventory}/lines", auth=requires("inventory:write"), response={200: schemas.IntakeOut})
@idempotent
def add_inventory_lines(request: HttpRequest, inventory: UUID, body: schemas.LinesIn) -> Any:
    """Add products to a list, or replace what is in it. A line that is there already is kept, not doubled."""
    reading = rules.Reading(rules.Source.API)
    for number, one in enumerate(body.lines):
        rules.take(reading, one.dict(), place=f"lines[{number}]")
    return _take(request, inventory, reading, replace=body.replace)


@router.post(
    "/inventories/{inventory}/files",
    auth=requires("inventory:write"),
    response={200: schemas.IntakeOut},
    openapi_extra=FILE_IN,
)
@idempotent
def add_inventory_file(
    request: HttpRequest,
    inventory: UUID,
    filename: Annotated[str, Query(max_length=200)] = "",
    replace: bool = False,
) -> Any:
    """Add a file to a list: CSV, CycloneDX 1.2 to 1.7 or SPDX 2.2 to 3.0 as the body, at most 32 MiB."""
    content = request.read(rules.LARGEST + 1)
    if len(content) > rules.LARGEST:
        raise TooLarge(most=rules.LARGEST >> 20)
    return _take(request, inventory, read(content), filename=filename, content=content, replace=replace)


def _take(request: HttpRequest, inventory: UUID, reading: rules.Reading, **how: Any) -> dict[str, Any]:
    done = actions.take_in(actor=actor_of(request), inventory=inventory, reading=reading, **how)
    return schemas.intake(done, reading)


@router.delete("/inventories/lines/{line}", auth=requires("inventory:write"), response={204: None})
def remove_inventory_line(request: HttpRequest, line: UUID) -> Any:
    """Take a product out that is not in use any more; it stays in the history."""
    actions.remove_line(actor=actor_of(request), line=line)
    return Status(204, None)
