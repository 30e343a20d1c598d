"""The one thing that is done on the desk about an organisation that left: say how it goes on."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST

from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.reporting.leaving import reads
from dijkwacht.rooms.reporting.leaving.actions import settle_departure
from dijkwacht.rooms.reporting.web import door
from dijkwacht.rooms.reporting.web_desk import done


@door("incidents:handle")
@require_POST
def settle(request: HttpRequest, departure: UUID) -> HttpResponseBase:
    """Keep how it goes on with an incident of an organisation that left."""
    actor, note = actor_of(request), request.POST.get("note", "")
    row = reads.access_departure(actor, departure)
    return done(request, row.incident_id, lambda: settle_departure(actor=actor, departure=departure, note=note))
