"""Which rows an actor reads: of its own organisations, of a relay's members, of the sectors it watches over."""

from collections.abc import Collection
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform.accounts.permissions import where
from dijkwacht.rooms.registry.models import OrganisationSector

Row = TypeVar("Row", bound=Model)
FEW: Final = 10_000  # all entities under the law are about 8,100


def visible(actor: Actor, rows: QuerySet[Row], column: str) -> QuerySet[Row]:
    """Narrow rows to the organisations that the actor may read; row-level security does the same below.

    `column` holds the organisation's identifier. What a token may do is the question of the door; here it sees what its
    organisation sees.
    """
    if actor.is_centre:
        return rows
    own = Q(**{f"{column}__in": own_registrations(actor) | actor.members})
    if actor.sectors:
        own |= Q(**{f"{column}__in": within(actor.sectors)})
    return rows.filter(own)


def own_registrations(actor: Actor) -> frozenset[UUID]:
    """Return the organisations whose registration the actor reads by a role there; for a token the door decides."""
    return actor.acts_for if actor.kind is Kind.TOKEN else where(actor, "organisations:read")


def within(sectors: Collection[str]) -> list[UUID] | QuerySet[OrganisationSector, Any]:
    """Return the organisations of some sectors to look in: by name when they are few, else as a query.

    Under row-level security the planner cannot tell how few they are, and would walk two million names to find them.
    """
    rows = OrganisationSector.objects.filter(sector__in=sectors)
    few = list(rows.values_list("organisation_id", flat=True)[: FEW + 1])
    return few if len(few) <= FEW else rows.values("organisation_id")


def of_sectors(actor: Actor) -> QuerySet[OrganisationSector, Any]:
    """Return the organisations of the sectors that the actor is designated for, as a query to look in."""
    return OrganisationSector.objects.filter(sector__in=actor.sectors).values("organisation_id")
