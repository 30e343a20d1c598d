"""What an organisation receives under a law, by program: list, read what that law asks, say that it was received."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.responses import Status

from dijkwacht.api.doors import requires
from dijkwacht.api.idempotency import idempotent
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.platform.attachments import attached
from dijkwacht.platform.receipts import canonical
from dijkwacht.rooms.reporting.delivering import actions, reads, schemas

router = Router(tags=["incidents"])
CONTENT: Final = {"responses": {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}}


class ForUsQuery(PageQuery):
    """Which reports: under one law, or only those that still wait for an acknowledgement."""

    regime: str = ""
    waiting: bool = False


@router.get("", auth=requires("reports:read"), response=Page[schemas.ForUsOut])
def list_reports_for_us(request: HttpRequest, query: Query[ForUsQuery]) -> dict[str, Any]:
    """List the reports that your organisations receive under the laws they are designated for, oldest first.

    Keep the last `next` and ask it again: what came in meanwhile follows.
    """
    actor = actor_of(request)
    rows = reads.reports_for_us(actor)
    if query.regime:
        rows = rows.filter(regime=query.regime)
    if query.waiting:
        rows = reads.unacknowledged(actor, rows)
    return paginate(request, rows, query, order=["submitted_at", "id"], show=lambda row: schemas.for_us(actor, row))


@router.get("/{for_us}", auth=requires("reports:read"), response=schemas.WholeForUsOut)
def read_report_for_us(request: HttpRequest, for_us: UUID) -> Any:
    """Read one report as its law asks it: these facts, its receipt, and nothing else of the incident."""
    actor = actor_of(request)
    return schemas.whole(actor, reads.access_for_us(actor, for_us))


@router.get("/{for_us}/content", auth=requires("reports:read"), response={200: Any}, openapi_extra=CONTENT)
def read_content_for_us(request: HttpRequest, for_us: UUID) -> HttpResponse:
    """Take the report to the byte as its hash stands in the receipt."""
    row = reads.access_for_us(actor_of(request), for_us)
    return attached(canonical(row.content), "application/json", f"report-{row.number}.json")


@router.post("/{for_us}/acknowledge", auth=requires("handovers:acknowledge"), response={201: list[schemas.ReceivedOut]})
@idempotent
def acknowledge_report_for_us(request: HttpRequest, for_us: UUID) -> Any:
    """Say that a report was received, for each of your organisations that receives it; once."""
    return Status(201, actions.acknowledge_report(actor=actor_of(request), report=for_us))
