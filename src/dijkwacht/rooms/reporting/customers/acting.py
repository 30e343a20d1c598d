"""Who reports for the customers of a submission, kept with it: a job files in the name of whoever told it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from dijkwacht.kernel.actor import Actor, Kind, Mandated, OrganisationRole
from dijkwacht.rooms.registry.models import Organisation

REPORTS = frozenset({OrganisationRole.REPORTER})


def kept(actor: Actor, customers: list[Organisation]) -> dict[str, Any]:
    """Return who reports, as JSON: with the mandates by which, and as little more as filing needs."""
    mandates = {
        str(one.id): [str(held.id) for held in actor.mandates.get(one.id, ()) if held.roles - {OrganisationRole.READER}]
        for one in customers
    }
    return {"kind": actor.kind, "id": actor.id, "name": actor.name, "origin": actor.origin, "mandates": mandates}


def again(who: dict[str, Any]) -> Actor:
    """Return the actor that was kept: a reporter of exactly those customers, as judged when it was accepted."""
    by_mandate = {
        UUID(customer): tuple(Mandated(UUID(one), REPORTS) for one in mandates)
        for customer, mandates in who["mandates"].items()
        if mandates
    }
    own = {UUID(one): OrganisationRole.REPORTER for one, mandates in who["mandates"].items() if not mandates}
    token = who["kind"] == Kind.TOKEN
    return Actor(
        kind=Kind(who["kind"]),
        id=who["id"],
        name=who["name"],
        origin=who["origin"],
        memberships=own,
        mandates=by_mandate,
        scopes=frozenset({"reports:write", "reports:read", "organisations:read"} if token else ()),
    )


def for_one(who: Actor, customer: UUID) -> Actor:
    """Return the same actor, as it acts for one customer: it sees no other, and a short scope costs little."""
    return replace(
        who,
        memberships={one: role for one, role in who.memberships.items() if one == customer},
        mandates={customer: who.mandates[customer]} if customer in who.mandates else {},
    )
