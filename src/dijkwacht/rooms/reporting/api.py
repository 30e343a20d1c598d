"""Incident reports under /api/v1."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.responses import Status

from dijkwacht.api import problems
from dijkwacht.api.doors import requires
from dijkwacht.api.idempotency import idempotent
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.reporting import handing_in, reads, schemas
from dijkwacht.rooms.reporting.customers.api import router as customers
from dijkwacht.rooms.reporting.delivering.api import router as for_us
from dijkwacht.rooms.reporting.errors import NotComplete

router = Router(tags=["incidents"])
router.add_router("/provider-events", customers)
router.add_router("/incidents/reports/for-us", for_us)


@router.post(
    "/incidents/reports",
    auth=requires("reports:write"),
    response={201: schemas.FiledOut, 200: schemas.CheckedOut},
)
@idempotent
def file_incident_report(request: HttpRequest, body: schemas.ReportIn, validate_only: bool = False) -> Any:
    """File one stage of an incident, under every law that is complete with it. `validate_only`: nothing is stored."""
    actor = actor_of(request)
    try:
        if validate_only:
            made, asks = handing_in.try_only(actor, body)
            return Status(200, {"valid": True, "reports": made.reports, "asks": asks})
        made = handing_in.file(actor, body)
    except NotComplete as problem:
        wrong = problem.fields["errors"].items()
        fields = [{"location": "body", "field": f"facts.{name}", "message": why} for name, why in wrong]
        return problems.respond(request, problem, fields)
    told = {"incident": made.incident.id, "number": made.incident.number, "reports": made.reports}
    return Status(201, {**told, "asks": handing_in.asks(made.incident)})


@router.get("/incidents", auth=requires("reports:read"), response=Page[schemas.IncidentOut])
def list_incidents(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """List the incidents that you may read, newest first."""
    actor = actor_of(request)
    rows = reads.incidents_of(actor) | reads.incidents_for(actor)
    return paginate(request, rows, query, order=["-received_at", "-id"])


@router.get("/incidents/{incident}", auth=requires("reports:read"), response=schemas.WholeIncidentOut)
def read_incident(request: HttpRequest, incident: UUID) -> Any:
    """Read one incident: its facts, terms and reports."""
    return reads.access_any(actor_of(request), incident)


RECEIPT = {"responses": {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}}


@router.get(
    "/incidents/reports/{report}/receipt", auth=requires("reports:read"), response={200: Any}, openapi_extra=RECEIPT
)
def read_receipt(request: HttpRequest, report: UUID) -> HttpResponse:
    """Take the receipt of a report, to the byte as it was signed."""
    row = reads.access_report(actor_of(request), report)
    return HttpResponse(row.receipt.encode(), content_type="application/json")
