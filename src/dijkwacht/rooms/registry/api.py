"""The registry's routes under /api/v1."""

import io
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Field, Query, Router
from ninja.responses import Status

from dijkwacht.api.doors import requires
from dijkwacht.api.errors import BodyTooLarge
from dijkwacht.api.idempotency import idempotent
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.registry import actions, reads, rules, schemas

router = Router(tags=["registry"])
LARGEST_FILE = 1 << 26  # bytes; larger files go through the command line


class OrganisationQuery(PageQuery):
    words: str = Field("", max_length=200, description="Part of a name, a number, or an exact asset.")
    kind: str = Field("", max_length=20)
    classification: str = Field("", max_length=20)
    sector: str = Field("", max_length=10)


class AssetQuery(PageQuery):
    status: str = Field("", max_length=10)


@router.get("/organisations", auth=requires("organisations:read"), response=Page[schemas.OrganisationOut])
def list_organisations(request: HttpRequest, query: Query[OrganisationQuery]) -> dict[str, Any]:
    """List the organisations that you may read."""
    wanted = query.dict(include={"words", "kind", "classification", "sector"})
    rows = reads.organisations_for(actor_of(request), **wanted)
    return paginate(request, rows, query, order=["name", "id"])


@router.post("/organisations", auth=requires("registry:write"), response={201: schemas.OrganisationOut})
@idempotent
def create_organisation(request: HttpRequest, body: schemas.OrganisationIn) -> Any:
    """Add an organisation."""
    return Status(201, actions.create_organisation(actor=actor_of(request), source="api", **body.given()))


@router.get("/organisations/{organisation}", auth=requires("organisations:read"), response=schemas.OrganisationOut)
def read_organisation(request: HttpRequest, organisation: UUID) -> Any:
    """Read one organisation."""
    return reads.access_organisation(actor_of(request), organisation)


@router.patch("/organisations/{organisation}", auth=requires("registry:write"), response=schemas.OrganisationOut)
def update_organisation(request: HttpRequest, organisation: UUID, body: schemas.OrganisationChange) -> Any:
    """Change what the body holds."""
    return actions.update_organisation(actor=actor_of(request), organisation=organisation, **body.given())


@router.get(
    "/organisations/{organisation}/contacts",
    auth=requires("organisations:read"),
    response=Page[schemas.ContactOut],
)
def list_contacts(request: HttpRequest, organisation: UUID, query: Query[PageQuery]) -> dict[str, Any]:
    """List an organisation's contacts."""
    actor = actor_of(request)
    reads.access_organisation(actor, organisation)
    return paginate(request, reads.contacts_of(actor, organisation), query, order=["role", "order", "id"])


@router.post(
    "/organisations/{organisation}/contacts",
    auth=requires("organisations:write"),
    response={201: schemas.NewContact},
)
@idempotent
def add_contact(request: HttpRequest, organisation: UUID, body: schemas.ContactIn) -> Any:
    """Add a contact; a webhook's secret is shown in this answer only."""
    return Status(201, actions.add_contact(actor=actor_of(request), organisation=organisation, **body.given()))


@router.patch("/contacts/{contact}", auth=requires("organisations:write"), response=schemas.ContactOut)
def update_contact(request: HttpRequest, contact: UUID, body: schemas.ContactIn) -> Any:
    """Change what the body holds."""
    return actions.update_contact(actor=actor_of(request), contact=contact, **body.given())


@router.delete("/contacts/{contact}", auth=requires("organisations:write"), response={204: None})
def remove_contact(request: HttpRequest, contact: UUID) -> Any:
    """Remove a contact."""
    actions.remove_contact(actor=actor_of(request), contact=contact)
    return Status(204, None)


@router.get(
    "/organisations/{organisation}/assets", auth=requires("organisations:read"), response=Page[schemas.AssetOut]
)
def list_assets(request: HttpRequest, organisation: UUID, query: Query[AssetQuery]) -> dict[str, Any]:
    """List an organisation's assets, with their status."""
    actor = actor_of(request)
    reads.access_organisation(actor, organisation)
    rows = reads.assets_of(actor, organisation)
    rows = reads.assets_shown_as(actor, organisation, query.status) if query.status else rows
    return paginate(request, rows, query, order=["kind", "value", "id"])


@router.post(
    "/organisations/{organisation}/assets",
    auth=requires("assets:write"),
    response={201: list[schemas.AssetOut]},
)
@idempotent
def claim_asset(request: HttpRequest, organisation: UUID, body: schemas.AssetIn) -> Any:
    """Claim a prefix, ASN or domain; a range of addresses gives several assets."""
    return Status(201, actions.claim_asset(actor=actor_of(request), organisation=organisation, **body.given()))


@router.get(
    "/organisations/{organisation}/change-notices",
    auth=requires("changes:write"),
    response=Page[schemas.ChangeNoticeOut],
)
def list_change_notices(request: HttpRequest, organisation: UUID, query: Query[PageQuery]) -> dict[str, Any]:
    """List what the organisation told of changes, and what it is asked."""
    actor = actor_of(request)
    rules.require(rules.may_tell(actor, reads.access_organisation(actor, organisation).id))
    return paginate(request, reads.change_notices_for(actor, organisation=organisation), query, order=["due_on", "id"])


@router.post(
    "/organisations/{organisation}/change-notices",
    auth=requires("changes:write"),
    response={201: schemas.ChangeNoticeOut, 204: None},
)
@idempotent
def tell_change(request: HttpRequest, organisation: UUID, body: schemas.ChangeNoticeIn) -> Any:
    """Tell what changed and since when (Cbw 44(2), 47(5)); it is stored at once. 204: nothing was different."""
    given = body.given()
    notice = actions.tell_change(actor=actor_of(request), organisation=organisation, **given)
    return Status(201, notice) if notice else Status(204, None)


@router.post("/assets/{asset}/verification", auth=requires("registry:write"), response=schemas.AssetOut)
@idempotent
def verify_asset(request: HttpRequest, asset: UUID, body: schemas.Verification) -> Any:
    """Verify an asset on an officer's word, with its evidence."""
    return actions.verify_asset(actor=actor_of(request), asset=asset, **body.given())


@router.post("/assets/{asset}/dispute", auth=requires("registry:write"), response=schemas.AssetOut)
@idempotent
def dispute_asset(request: HttpRequest, asset: UUID, body: schemas.Reason) -> Any:
    """Say that it is doubtful whose it is."""
    return actions.dispute_asset(actor=actor_of(request), asset=asset, reason=body.reason)


@router.post("/assets/{asset}/expiry", auth=requires("assets:write"), response=schemas.AssetOut)
@idempotent
def expire_asset(request: HttpRequest, asset: UUID, body: schemas.Reason) -> Any:
    """Say that it is no longer theirs."""
    return actions.expire_asset(actor=actor_of(request), asset=asset, reason=body.reason)


@router.delete("/assets/{asset}", auth=requires("assets:write"), response={204: None})
def remove_asset(request: HttpRequest, asset: UUID) -> Any:
    """Remove a claim that never was verified."""
    actions.remove_asset(actor=actor_of(request), asset=asset)
    return Status(204, None)


@router.get("/mandates", auth=requires("organisations:read"), response=Page[schemas.MandateOut])
def list_mandates(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """List the mandates in which you are the relay or the member; the centre sees all."""
    return paginate(request, reads.mandates_for(actor_of(request)), query, order=["valid_from", "id"])


@router.post("/mandates", auth=requires("registry:write"), response={201: schemas.MandateOut})
@idempotent
def add_mandate(request: HttpRequest, body: schemas.MandateIn) -> Any:
    """Let a relay receive for a member."""
    return Status(201, actions.add_mandate(actor=actor_of(request), **body.given()))


@router.post("/mandates/{mandate}/{step}", auth=requires("registry:write"), response=schemas.MandateOut)
@idempotent
def step_mandate(
    request: HttpRequest, mandate: UUID, step: Literal["suspension", "resumption", "withdrawal"], body: schemas.Reason
) -> Any:
    """Suspend, resume or withdraw a mandate."""
    take = {
        "suspension": actions.suspend_mandate,
        "resumption": actions.resume_mandate,
        "withdrawal": actions.withdraw_mandate,
    }[step]
    return take(actor=actor_of(request), mandate=mandate, reason=body.reason)


@router.get("/asset-conflicts", auth=requires("registry:write"), response=Page[schemas.ConflictOut])
def list_conflicts(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """List the conflicts over assets that wait for a decision, oldest first."""
    return paginate(request, reads.conflicts_for(actor_of(request)), query, order=["created_at", "id"])


@router.post("/asset-conflicts/{conflict}/decision", auth=requires("registry:write"), response={204: None})
@idempotent
def decide_conflict(request: HttpRequest, conflict: UUID, body: schemas.DecisionIn) -> Any:
    """Decide a conflict: keep-both, first or second."""
    actions.decide_conflict(actor=actor_of(request), conflict=conflict, **body.given())
    return Status(204, None)


@router.post("/registry-imports/{name}", auth=requires("registry:write"), response=schemas.ReportOut)
def import_registry(
    request: HttpRequest, name: Literal["registry.csv", "registry.json"], try_only: bool = False
) -> Any:
    """Bring in a CSV or JSON file, the body of the request as it is. A repeat changes nothing."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FILE:
        raise BodyTooLarge(bytes=LARGEST_FILE)
    content = request.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise BodyTooLarge(bytes=LARGEST_FILE)
    return actions.import_file(
        actor=actor_of(request), file=io.BytesIO(content), name=name, try_only=try_only
    ).as_dict()


TABLE = {"responses": {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}}


@router.get("/registry-exports/{name}", auth=requires("registry:export"), response={200: Any}, openapi_extra=TABLE)
def export_registry(request: HttpRequest, name: Literal["registry.csv", "registry.json"]) -> StreamingHttpResponse:
    """Take the registry out, as CSV or JSON."""
    kind = "text/csv; charset=utf-8" if name.endswith(".csv") else "application/json"
    answer = StreamingHttpResponse(actions.export_file(actor=actor_of(request), name=name), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
