"""The only way to the rows of inventories. The centre reads all, an organisation its own."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts import reads as people
from dijkwacht.platform.accounts.permissions import allows, allows_for, where
from dijkwacht.rooms.advisories.inventory.errors import NotAllowed, NotFound
from dijkwacht.rooms.advisories.inventory.models import Intake, Inventory, Line
from dijkwacht.rooms.registry.models import Organisation

READ = "inventory:read"
WRITE = "inventory:write"


def inventories_for(actor: Actor, *, organisation: UUID | None = None) -> QuerySet[Inventory]:
    """Return the inventories in use that the actor may read, each with `size`: its lines. Raises NotAllowed."""
    if not allows(actor, READ):
        raise NotAllowed
    rows = Inventory.objects.filter(removed_at=None).select_related("organisation")
    if organisation is not None:
        rows = rows.filter(organisation_id=organisation)
    if not actor.is_centre:
        rows = rows.filter(organisation_id__in=where(actor, READ))
    return rows.annotate(size=Count("lines", filter=Q(lines__removed_at=None)))


def access_inventory(actor: Actor, inventory: UUID, *, write: bool = False) -> Inventory:
    """Return one inventory. Raises NotFound; NotAllowed when it is to be changed and may only be read."""
    found = inventories_for(actor).filter(id=inventory).first()
    if found is None:
        raise NotFound
    if write and not may_write(actor, found.organisation_id):
        raise NotAllowed
    return found


def may_write(actor: Actor, organisation: UUID) -> bool:
    """Tell whether somebody keeps the inventories of an organisation: by a role there, the centre does not."""
    return organisation in where(actor, WRITE) and allows_for(actor, WRITE, organisation)


def organisations_of(actor: Actor, permission: str = READ) -> list[Organisation]:
    """Return the organisations whose inventories this actor reads, or keeps, by a role there."""
    return list(Organisation.objects.filter(id__in=where(actor, permission), active=True).order_by("name", "id"))


def access_organisation(actor: Actor, organisation: UUID, permission: str = READ) -> Organisation:
    """Return an organisation of the actor's own, for the centre any. Raises NotFound."""
    if not (actor.is_centre and allows(actor, permission)) and organisation not in where(actor, permission):
        raise NotFound
    found = Organisation.objects.filter(id=organisation).first()
    if found is None:
        raise NotFound
    return found


def lines_of(actor: Actor, inventory: UUID, *, gone: bool = False) -> QuerySet[Line]:
    """Return the lines of an inventory, with `gone` those that were removed. Raises NotFound."""
    rows = Line.objects.filter(inventory=access_inventory(actor, inventory)).select_related("added_in", "removed_in")
    return rows.exclude(removed_at=None).order_by("-removed_at", "id") if gone else rows.filter(removed_at=None)


def access_line(actor: Actor, line: UUID, *, write: bool = False) -> Line:
    """Return one line that is in use. Raises NotFound, NotAllowed."""
    found = Line.objects.filter(id=line, removed_at=None).select_related("inventory").first()
    if found is None:
        raise NotFound
    access_inventory(actor, found.inventory_id, write=write)
    return found


def history_of(actor: Actor, line: Line) -> list[dict[str, Any]]:
    """Return what happened to a line and to earlier ones of the same product, the newest first.

    Each with `who` as the actor may read it: see `names_for`.
    """
    access_inventory(actor, line.inventory_id)
    same = Line.objects.filter(inventory=line.inventory_id, vendor__iexact=line.vendor, product__iexact=line.product)
    found: list[dict[str, Any]] = []
    for row in same.select_related("added_in", "removed_in"):
        found.append({"at": row.added_at, "by": row.added_by, "what": "added", "line": row, "in": row.added_in})
        if row.removed_at:
            gone = {"at": row.removed_at, "by": row.removed_by, "what": "removed", "line": row, "in": row.removed_in}
            found.append(gone)
    names = people.names_for(actor, line.organisation_id, {one["by"] for one in found})
    named = [{**one, "who": names[one["by"]]} for one in found]
    return sorted(named, key=lambda one: one["at"], reverse=True)


def intakes_of(actor: Actor, inventory: UUID) -> QuerySet[Intake]:
    """Return each time that lines were told, the newest first. Raises NotFound."""
    return Intake.objects.filter(inventory=access_inventory(actor, inventory))
