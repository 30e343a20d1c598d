"""The end of an incident under /api/v1."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router
from pydantic import AwareDatetime

from dijkwacht.api.doors import requires
from dijkwacht.api.idempotency import idempotent
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.reporting.ending.actions import say_handled
from dijkwacht.rooms.reporting.programs.schemas import Given
from dijkwacht.rooms.reporting.schemas import WholeIncidentOut

router = Router(tags=["incidents"])


class HandledIn(Given):
    """Since when an incident is over."""

    since: AwareDatetime = Field(description="RFC 3339 with an offset; said once, and later words move no term.")


@router.post("/incidents/{incident}/handled", auth=requires("reports:write"), response=WholeIncidentOut)
@idempotent
def say_incident_handled(request: HttpRequest, incident: UUID, body: HandledIn) -> Any:
    """Say since when the incident is over: the month of the final report after progress runs from then (Cbw 29(2))."""
    return say_handled(actor=actor_of(request), incident=incident, since=body.since)
