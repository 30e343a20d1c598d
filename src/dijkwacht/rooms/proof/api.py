"""The routes of proof under /api/v1."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from ninja.responses import Status

from dijkwacht.api.doors import requires
from dijkwacht.api.idempotency import idempotent
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.platform.accounts.permissions import actor_of, allows_for
from dijkwacht.rooms.proof import actions, reads, schemas
from dijkwacht.rooms.proof.errors import NotFound
from dijkwacht.rooms.registry import reads as registry

router = Router(tags=["proof"])


@router.get("/assets/{asset}/challenges", auth=requires("assets:write"), response=Page[schemas.ChallengeOut])
def list_challenges(request: HttpRequest, asset: UUID, query: Query[PageQuery]) -> dict[str, Any]:
    """List what was asked to show that an asset is yours, with the latest look at each."""
    actor = actor_of(request)
    row = registry.access_asset(actor, asset)
    if not allows_for(actor, "assets:write", row.organisation_id):  # what is to be published is for who may ask for it
        raise NotFound(what="asset", what_nl="bezit")
    return paginate(request, reads.challenges_of(actor, row), query, order=["created_at", "id"])


@router.post("/assets/{asset}/challenges", auth=requires("assets:write"), response={201: schemas.ChallengeOut})
@idempotent
def start_challenge(request: HttpRequest, asset: UUID, body: schemas.ChallengeIn) -> Any:
    """Begin to show that an asset is yours; a challenge of the method that still counts is given again."""
    made = actions.start_challenge(actor=actor_of(request), asset=asset, method=body.method, recipient=body.recipient)
    return Status(201, made)


@router.get("/challenges/{challenge}", auth=requires("assets:write"), response=schemas.ChallengeOut)
def read_challenge(request: HttpRequest, challenge: UUID) -> Any:
    """Read one challenge, with the latest look."""
    actor = actor_of(request)
    row = reads.access_challenge(actor, challenge)
    if not allows_for(actor, "assets:write", row.organisation_id):
        raise NotFound(what="challenge", what_nl="bewijsopdracht")
    return row


@router.post("/challenges/{challenge}/check", auth=requires("assets:write"), response={202: schemas.ChallengeOut})
@idempotent
def check_challenge(request: HttpRequest, challenge: UUID) -> Any:
    """Ask for a look now; a worker takes it within a minute, and `wanted_at` is null again."""
    return Status(202, actions.ask_check(actor=actor_of(request), challenge=challenge))
