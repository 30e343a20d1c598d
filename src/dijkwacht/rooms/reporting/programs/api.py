"""Messages and files of an incident under /api/v1, and the JSON Schema of a report."""

from typing import Annotated, Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from ninja.responses import Status

from dijkwacht.api.doors import public, requires
from dijkwacht.api.errors import Forbidden
from dijkwacht.api.idempotency import idempotent
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import actor_of, allows
from dijkwacht.rooms.reporting import actions, reads
from dijkwacht.rooms.reporting.programs import schemas
from dijkwacht.rooms.reporting.schemas import ReportIn

router = Router(tags=["incidents"])
HANDLE: Final = "incidents:handle"
BYTES: Final = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
FILE_IN: Final = {"requestBody": {"required": True, "content": BYTES}}
FILE_OUT: Final = {"responses": {200: {"content": BYTES}}}
SCHEMA_OUT: Final = {"responses": {200: {"content": {"application/schema+json": {"schema": {"type": "object"}}}}}}


@router.get(
    "/incidents/reports/schema",
    auth=public("says what a report looks like, and nothing of any report"),
    response={200: Any},
    openapi_extra=SCHEMA_OUT,
)
def read_report_schema(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Take the JSON Schema (2020-12) of the body of a report, to check one with before it is sent."""
    import json

    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **ReportIn.model_json_schema()}
    return HttpResponse(json.dumps(schema).encode(), content_type="application/schema+json")


@router.get("/incidents/{incident}/messages", auth=requires("reports:read"), response=Page[schemas.MessageOut])
def list_incident_messages(request: HttpRequest, incident: UUID, query: Query[PageQuery]) -> dict[str, Any]:
    """List what reporter and centre wrote each other, oldest first; an authority gets none of it."""
    actor = actor_of(request)
    rows = reads.messages(actor, reads.access_any(actor, incident))
    return paginate(request, rows, query, order=["at", "id"])


@router.post("/incidents/{incident}/messages", auth=requires("reports:write"), response={201: schemas.MessageOut})
@idempotent
def send_incident_message(request: HttpRequest, incident: UUID, body: schemas.MessageIn) -> Any:
    """Write to the other side; the first answer of the centre ends its term of 24 hours (Cbw 36)."""
    actor = speaker(request)
    return Status(201, actions.send_message(actor=actor, incident=incident, text=body.text))


@router.get("/incidents/{incident}/attachments", auth=requires("reports:read"), response=list[schemas.AttachmentOut])
def list_incident_attachments(request: HttpRequest, incident: UUID) -> Any:
    """List the files of an incident, at most twenty."""
    return reads.attachments_of(reads.access_any(actor_of(request), incident))


@router.post(
    "/incidents/{incident}/attachments",
    auth=requires("reports:write"),
    response={201: schemas.AttachmentOut},
    openapi_extra=FILE_IN,
)
def attach_to_incident(
    request: HttpRequest, incident: UUID, name: Annotated[str, Query(min_length=1, max_length=200)]
) -> Any:
    """Add a file to a report that was filed, as the body of the request, of at most 10 MB.

    Small files can go with the report itself (`attachments`). The same bytes under the same name are kept once: after a
    lost answer send it again, and you get the file that is there.
    """
    actor = speaker(request)
    content = request.read(actions.LARGEST + 1)
    return Status(201, actions.attach_once(actor=actor, incident=incident, name=name, content=content))


@router.get(
    "/incidents/attachments/{attachment}/content",
    auth=requires("reports:read"),
    response={200: Any},
    openapi_extra=FILE_OUT,
)
def read_attachment_content(request: HttpRequest, attachment: UUID) -> HttpResponse:
    """Take a file, to the byte. What a stranger sent may be malware: it is not looked into."""
    row = reads.access_attachment(actor_of(request), attachment)
    return row.as_download()


def speaker(request: HttpRequest) -> Actor:
    """Return who speaks; for the centre only whoever may handle incidents. Raises Forbidden."""
    actor = actor_of(request)
    if actor.is_centre and not allows(actor, HANDLE):
        raise Forbidden(permission=HANDLE)
    return actor
