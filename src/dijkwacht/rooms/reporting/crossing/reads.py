"""The only way to rows of what goes to others and what comes in from other states."""

from uuid import UUID

from django.db.models import QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import where
from dijkwacht.rooms.reporting import rules
from dijkwacht.rooms.reporting.crossing.models import Crossing, Disclosure, ForeignPoint, Inbound, Settled
from dijkwacht.rooms.reporting.crossing.rules import Audience
from dijkwacht.rooms.reporting.errors import NotAllowed, NotFound
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.reads import READ
from dijkwacht.rooms.reporting.rules import State


def _require(actor: Actor) -> None:
    if not rules.may_handle(actor):
        raise NotAllowed


def points(actor: Actor) -> QuerySet[ForeignPoint]:
    """Return the contacts abroad, for an officer. Raises NotAllowed."""
    _require(actor)
    return ForeignPoint.objects.order_by("country", "kind", "name", "id")


def access_point(actor: Actor, identifier: UUID) -> ForeignPoint:
    """Return one contact abroad. Raises NotAllowed, NotFound."""
    found = points(actor).filter(id=identifier).first()
    if found is None:
        raise NotFound
    return found


def open_crossings(actor: Actor) -> list[Crossing]:
    """Return what waits for the single point of contact, the oldest first: neither sent nor settled. For an officer."""
    _require(actor)
    rows = list(Crossing.objects.select_related("incident").exclude(incident__state=State.CLOSED))
    met = countries_met([row.incident_id for row in rows])
    return [row for row in rows if (row.incident_id, row.country) not in met]


def countries_met(incidents: list[UUID]) -> set[tuple[UUID, str]]:
    """Return (incident, country) of every state that was told, or of which a person decided that it is not."""
    found: set[tuple[UUID, str]] = set()
    for model in (Disclosure, Settled):
        rows = model.objects.filter(incident_id__in=incidents, audience=Audience.STATE)
        found |= set(rows.values_list("incident_id", "country"))
    return found


def disclosures_of(actor: Actor, incident: Incident) -> list[Disclosure]:
    """Return what of an incident went to others; the centre's alone."""
    return list(Disclosure.objects.filter(incident=incident)) if actor.is_centre else []


def settled_of(actor: Actor, incident: Incident) -> list[Settled]:
    """Return of whom a person decided that they are not told; the centre's alone."""
    return list(Settled.objects.filter(incident=incident)) if actor.is_centre else []


def sent(actor: Actor) -> QuerySet[Disclosure]:
    """Return what went to others, newest first, for an officer. Raises NotAllowed."""
    _require(actor)
    return Disclosure.objects.select_related("incident").order_by("-at", "id")


def shared_with(actor: Actor) -> QuerySet[Disclosure]:
    """Return what was shared with the organisations that the actor acts for, newest first."""
    return Disclosure.objects.filter(reader_id__in=where(actor, READ)).order_by("-at", "id")


def access_shared(actor: Actor, identifier: UUID) -> Disclosure:
    """Return what was shared with an organisation of the actor; the centre reads all. Raises NotFound."""
    rows = Disclosure.objects.all() if rules.may_see_desk(actor) and actor.is_centre else shared_with(actor)
    found = rows.filter(id=identifier).first()
    if found is None:
        raise NotFound
    return found


def access_abroad(actor: Actor, identifier: UUID) -> Disclosure:
    """Return what went abroad, for a job of ours that holds its link. Raises NotAllowed, NotFound."""
    found = sent(actor).filter(id=identifier, reader_id=None).first()
    if found is None:
        raise NotFound
    return found


def inbound(actor: Actor) -> QuerySet[Inbound]:
    """Return what other states told, newest first, for an officer. Raises NotAllowed."""
    _require(actor)
    return Inbound.objects.select_related("incident", "point").order_by("-incident__received_at", "id")


def access_inbound(actor: Actor, identifier: UUID) -> Inbound:
    """Return one report of another state. Raises NotAllowed, NotFound."""
    found = inbound(actor).filter(id=identifier).first()
    if found is None:
        raise NotFound
    return found
