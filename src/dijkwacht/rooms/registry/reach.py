"""Which rows an actor reads: of its own organisations, of a relay's members, of the sectors it watches over."""

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.registry.models import OrganisationSector

Row = TypeVar("Row", bound=Model)


def visible(actor: Actor, rows: QuerySet[Row], column: str) -> QuerySet[Row]:
    """Narrow rows to the organisations that the actor may read; row-level security does the same below.

    `column` holds the organisation's identifier. What a token may do is the question of the door; here it sees what its
    organisation sees.
    """
    if actor.is_centre:
        return rows
    own = Q(**{f"{column}__in": actor.readable})
    if actor.sectors:
        own |= Q(**{f"{column}__in": of_sectors(actor)})
    return rows.filter(own)


def of_sectors(actor: Actor) -> QuerySet[OrganisationSector, Any]:
    """Return the organisations of the sectors that the actor is designated for, as a query to look in."""
    return OrganisationSector.objects.filter(sector__in=actor.sectors).values("organisation_id")
