"""The only way to rows of those who leave. What an actor may not see is not there."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.identifiers import NORMALISERS
from dijkwacht.rooms.registry.leaving.models import Deregistration
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.registry.reach import one, own_registrations
from dijkwacht.rooms.registry.vocabulary import LeaveState


def deregistrations_for(actor: Actor, *, organisation: UUID | None = None) -> QuerySet[Deregistration]:
    """Return the deregistrations of the actor's own organisations, for the centre all; the first day first."""
    rows = Deregistration.objects.select_related("organisation")
    rows = rows if actor.is_centre else rows.filter(organisation_id__in=own_registrations(actor))
    return rows.filter(organisation=organisation) if organisation else rows


def access_deregistration(actor: Actor, identifier: UUID) -> Deregistration:
    """Return a deregistration. Raises NotFound."""
    return one(deregistrations_for(actor), "deregistration", "uitschrijving", id=identifier)


def due(on: date) -> list[UUID]:
    """Return the confirmed deregistrations whose day has come, the oldest first. In the scope of the centre."""
    rows = Deregistration.objects.filter(state=LeaveState.CONFIRMED, effective_on__lte=on)
    return list(rows.order_by("effective_on", "id").values_list("id", flat=True))


def left_with(numbers: Mapping[str, str]) -> Organisation | None:
    """Return the organisation that left the register and had one of these numbers; None when none or several did.

    In the scope of the centre: it is for whoever registers again, after its number was proven.
    """
    wanted = Q()
    for kind in NORMALISERS:
        if numbers.get(kind):
            wanted |= Q(**{kind: numbers[kind]})
    if not wanted:
        return None
    rows = Organisation.objects.filter(wanted, active=False, deregistrations__state=LeaveState.DONE).distinct()[:2]
    return rows[0] if len(rows) == 1 else None
