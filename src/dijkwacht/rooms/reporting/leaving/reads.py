"""The only way to rows of departures: the centre's own."""

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.registry.vocabulary import LeaveState
from dijkwacht.rooms.reporting import rules
from dijkwacht.rooms.reporting.errors import NotFound
from dijkwacht.rooms.reporting.leaving.models import Departure
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.scheduling import CLERK


def waiting(actor: Actor) -> QuerySet[Departure]:
    """Return what waits for a person of the centre, the oldest first; for anybody else nothing."""
    rows = Departure.objects.filter(settled_at=None).select_related("incident")
    return rows if actor.is_centre and rules.may_see_desk(actor) else rows.none()


def of_incident(actor: Actor, incident: Incident) -> list[Departure]:
    """Return who left while an incident that was read was open; the centre's alone."""
    rows = Departure.objects.filter(incident=incident).order_by("left_at", "id")
    return list(rows if actor.is_centre else rows.none())


def access_departure(actor: Actor, identifier: UUID) -> Departure:
    """Return a departure, for an officer. Raises NotFound."""
    found = Departure.objects.filter(id=identifier).first() if rules.may_handle(actor) else None
    if found is None:
        raise NotFound
    return found


def held(organisation: UUID) -> datetime | None:
    """Hold an organisation until the transaction ends; gives when it left the register, None while it stands there.

    Whoever reports at the same moment comes before or after the leaving, never beside it.
    """
    with tenancy.acting(CLERK):
        row = Organisation.objects.select_for_update(no_key=True).get(id=organisation)
        if row.active:
            return None
        done = row.deregistrations.filter(state=LeaveState.DONE).order_by("-done_at").first()
        return done.done_at if done else row.updated_at


def unreachable(incident: Incident) -> bool:
    """Tell whether nobody of the organisation of an incident that was read can read or answer any more."""
    whose = incident.organisation_id
    with tenancy.acting(CLERK):
        return whose is not None and Organisation.objects.filter(id=whose, active=False).exists()
