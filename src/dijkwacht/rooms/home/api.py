"""The routes of home under /api/v1: the same as the pages, for a program."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from dijkwacht.api.doors import requires
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.home import reads, schemas

router = Router(tags=["home"])


@router.get("/organisations/{organisation}/home", auth=requires("home:read"), response=schemas.HomeOut)
def read_home(request: HttpRequest, organisation: UUID) -> Any:
    """Read what is known of your organisation, what is due, what the law asks and which services fit, each with why."""
    actor = actor_of(request)
    return schemas.home(reads.home_of(actor, reads.access_own(actor, organisation)))


@router.get("/relays/{organisation}/members", auth=requires("relay:read"), response=schemas.MembersOut)
def read_members(request: HttpRequest, organisation: UUID) -> Any:
    """Read who your members are: who is covered, who cannot be reached and why, and what waits."""
    return schemas.members(organisation, reads.access_relay(actor_of(request), organisation))
