"""Events of a provider under /api/v1/provider-events."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.responses import Status

from dijkwacht.api import problems
from dijkwacht.api.doors import requires
from dijkwacht.api.idempotency import idempotent
from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.reporting import handing_in, schemas
from dijkwacht.rooms.reporting.customers import actions, reads
from dijkwacht.rooms.reporting.customers.choosing import MOST
from dijkwacht.rooms.reporting.customers.errors import NoCustomers
from dijkwacht.rooms.reporting.customers.models import ProviderFiling
from dijkwacht.rooms.reporting.errors import NotComplete
from dijkwacht.rooms.reporting.rules import Channel

router = Router(tags=["incidents"])


@router.post("", auth=requires("customers:report"), response={201: schemas.EventOut, 202: schemas.EventOut})
@idempotent
def tell_event(request: HttpRequest, body: schemas.EventIn) -> Any:
    """Report one event for many customers: an incident for each, or nothing. 202: received, and being filed."""
    actor = actor_of(request)
    try:
        filing = _told(actor, body)
    except NotComplete as problem:
        wrong = problem.fields["errors"].items()
        fields = [{"location": "body", "field": f"facts.{name}", "message": why} for name, why in wrong]
        return problems.respond(request, problem, fields)
    return Status(201 if filing.filed_at else 202, _shown(actor, filing.event_id))


def _told(actor: Actor, body: schemas.EventIn) -> ProviderFiling:
    facts, files = handing_in.check(body), handing_in.enclosed(body)
    if body.event is not None:
        if body.organisations:
            raise NoCustomers(most=MOST)
        return actions.tell_more(
            actor=actor, event=body.event, stage=body.stage, facts=facts, channel=Channel.API, files=files
        )
    return actions.tell_event(
        actor=actor,
        stage=body.stage,
        facts=facts,
        customers=body.organisations,
        provider=body.provider,
        channel=Channel.API,
        language=body.language,
        files=files,
    )


def _shown(actor: Actor, event: UUID) -> dict[str, Any]:
    row = reads.access_event(actor, event)
    filing = reads.latest_filing(row)
    return {
        "id": row.id,
        "number": row.number,
        "accepted_at": filing.at if filing else None,
        "filed": reads.progress_of(filing) if filing else 0,
        "of": filing.customers if filing else 0,
        "problem": filing.problem if filing else None,
        "not_known_yet": row.not_known_yet,
        "customers": reads.customers_of(row),
    }


@router.get("/{event}", auth=requires("reports:read"), response=schemas.EventOut)
def read_event(request: HttpRequest, event: UUID) -> Any:
    """Read an event of your own: each customer with its incident and receipts."""
    return _shown(actor_of(request), event)


ZIP = {"responses": {200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}}}


@router.get("/{event}/receipts", auth=requires("reports:read"), response={200: Any}, openapi_extra=ZIP)
def read_receipts(request: HttpRequest, event: UUID) -> HttpResponse:
    """Take all receipts of an event, in one ZIP file."""
    made = actions.export_receipts(actor=actor_of(request), event=event)
    return HttpResponse(made, content_type="application/zip")
