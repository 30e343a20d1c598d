"""What crosses a border under /api/v1: reports of other states in, versions that were shared out."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from ninja.responses import Status

from dijkwacht.api.doors import requires
from dijkwacht.api.idempotency import idempotent
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.reporting.crossing import actions, inbound_file, reads, schemas
from dijkwacht.rooms.reporting.crossing.rules import Way

router = Router(tags=["incidents"])


@router.post("/spoc/inbound", auth=requires("spoc:write"), response={201: schemas.InboundOut})
@idempotent
def receive_inbound_report(request: HttpRequest, body: schemas.InboundIn) -> Any:
    """Hand in what the single point of contact of another state told; it is relayed to CSIRT and authority."""
    made = actions.receive_inbound(
        actor=actor_of(request),
        country=body.country,
        reference=body.reference,
        facts=inbound_file.facts(body),
        way=Way.API,
    )
    return Status(201, made)


@router.get("/spoc/inbound/{inbound}", auth=requires("spoc:write"), response=schemas.InboundOut)
def read_inbound_report(request: HttpRequest, inbound: UUID) -> Any:
    """Read one report of another state, and whether it was relayed."""
    return reads.access_inbound(actor_of(request), inbound)


@router.get("/shared", auth=requires("reports:read"), response=Page[schemas.DisclosureOut])
def list_shared(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """List the redacted versions that were shared with you, newest first."""
    return paginate(request, reads.shared_with(actor_of(request)), query, order=["-at", "-id"])


@router.get("/shared/{disclosure}", auth=requires("reports:read"), response=schemas.DisclosureOut)
def read_shared(request: HttpRequest, disclosure: UUID) -> Any:
    """Read one redacted version that was shared with you."""
    return reads.access_shared(actor_of(request), disclosure)
