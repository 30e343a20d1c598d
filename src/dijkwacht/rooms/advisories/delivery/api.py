"""The routes under /api/v1 of what advisories mean for an organisation, and of who was told."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from dijkwacht.api.doors import requires
from dijkwacht.api.idempotency import idempotent
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.platform.refusals import language
from dijkwacht.rooms.advisories.delivery import actions, reads, reads_centre, reads_matching, schemas
from dijkwacht.rooms.advisories.delivery.web_centre import values
from dijkwacht.rooms.advisories.inventory import reads as inventory

router = Router(tags=["advisories"])


@router.get(
    "/organisations/{organisation}/advisories", auth=requires("inventory:read"), response=Page[schemas.ConcernOut]
)
def list_own_advisories(request: HttpRequest, organisation: UUID, query: Query[PageQuery]) -> dict[str, Any]:
    """List the advisories that concern an organisation, the newest first, each in its newest version."""
    actor = actor_of(request)
    row = inventory.access_organisation(actor, organisation)
    found = paginate(request, reads.concerns_for(actor, organisation=row.id), query, order=["-created_at", "-id"])
    return {**found, "items": [schemas.concern(one) for one in reads.matters(found["items"])]}


@router.get(
    "/organisations/{organisation}/advisories/{told}",
    auth=requires("inventory:read"),
    response=schemas.ConcernFullOut,
)
def read_own_advisory(request: HttpRequest, organisation: UUID, told: UUID) -> Any:
    """Read what one advisory means for an organisation: the lines that it meets, the evidence, the answers."""
    actor = actor_of(request)
    row = inventory.access_organisation(actor, organisation)
    found = reads.access_matter(actor, row.id, told)
    if row.id in actor.acts_for:
        actions.note_read(actor=actor, organisation=row.id, advisory=told)
    return schemas.full(found, language())


@router.post(
    "/organisations/{organisation}/advisories/{told}/answers",
    auth=requires("inventory:write"),
    response=schemas.AnswerOut,
)
@idempotent
def answer_advisory(request: HttpRequest, organisation: UUID, told: UUID, body: schemas.AnswerIn) -> Any:
    """Answer an advisory; its lines follow. The same answer again changes nothing, another one is kept beside it."""
    return actions.answer(
        actor=actor_of(request), organisation=organisation, advisory=told, answer=body.answer, note=body.note
    )


@router.get(
    "/organisations/{organisation}/advisories/{told}/matches",
    auth=requires("inventory:read"),
    response=Page[schemas.MatchOut],
)
def list_advisory_matches(
    request: HttpRequest, organisation: UUID, told: UUID, query: Query[PageQuery]
) -> dict[str, Any]:
    """List each line and vulnerability of an advisory with how far it is."""
    actor = actor_of(request)
    row = inventory.access_organisation(actor, organisation)
    return paginate(request, reads.matches_of(actor, row.id, told), query, order=["found_at", "id"])


@router.post(
    "/organisations/{organisation}/advisories/{told}/marks",
    auth=requires("inventory:write"),
    response=schemas.MarkedOut,
)
@idempotent
def mark_advisory_matches(request: HttpRequest, organisation: UUID, told: UUID, body: schemas.MarkIn) -> Any:
    """Mark single matches as not remediated, in progress or done."""
    changed = actions.mark(
        actor=actor_of(request),
        organisation=organisation,
        advisory=told,
        matches=body.matches,
        status=body.status,
    )
    return {"changed": changed}


@router.get("/members/advisories", auth=requires("relay:read"), response=list[schemas.MemberOut])
def list_member_advisories(request: HttpRequest) -> Any:
    """List what the law let us tell a relay about what its members run, the newest 1,000 first."""
    return [schemas.member(one) for one in reads.told_of_members(actor_of(request))]


@router.get("/advisories/{told}/reach", auth=requires("inventory:read"), response=list[schemas.ReachOut])
def read_reach(request: HttpRequest, told: UUID) -> Any:
    """Read who was told of an advisory, why, and what each answered; for the centre."""
    return [values(one) for one in reads_centre.reach_of(actor_of(request), told)]


@router.get("/advisories/{told}/inventories", auth=requires("inventory:read"), response=Page[schemas.MetListOut])
def list_met_inventories(
    request: HttpRequest, told: UUID, query: Query[PageQuery], sbom: bool = False
) -> dict[str, Any]:
    """List the inventories, with `sbom` the SBOMs, that an advisory meets (CSAF 2.0 9.1.13, 9.1.17); for the centre."""
    rows = reads_matching.inventories_of(actor_of(request), told, sbom=sbom)
    return paginate(request, rows, query, order=["created_at", "id"])


@router.get("/advisories/{told}/lines", auth=requires("inventory:read"), response=Page[schemas.MetLineOut])
def list_met_lines(request: HttpRequest, told: UUID, query: Query[PageQuery], sbom: bool = False) -> dict[str, Any]:
    """List the lines, with `sbom` the components of SBOMs, that an advisory meets; for the centre."""
    rows = reads_matching.lines_of(actor_of(request), told, sbom=sbom)
    return paginate(request, rows, query, order=["added_at", "id"])


@router.get(
    "/organisations/{organisation}/products", auth=requires("inventory:read"), response=list[schemas.ProductRunOut]
)
def list_own_products(request: HttpRequest, organisation: UUID) -> Any:
    """List the products that an organisation runs, each with the numbers of the advisories about it; 5,000 at most."""
    return reads_matching.products_run(actor_of(request), organisation)
