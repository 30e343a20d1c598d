"""The routes that belong to no room: who am I, and what a kind of problem means."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema

from dijkwacht.api import errors, problems
from dijkwacht.api.doors import public, requires
from dijkwacht.platform.accounts.permissions import PERMISSIONS, actor_of, allows

router = Router(tags=["api"])


class Membership(Schema):
    organisation: UUID
    role: str


class ActsBy(Schema):
    """A mandate in force, and the roles that the caller has by it."""

    mandate: UUID
    organisation: UUID
    roles: list[str]


class Me(Schema):
    """The caller as the API sees it, with the permissions it has."""

    kind: str
    id: str
    name: str
    roles: list[str]
    memberships: list[Membership]
    mandates: list[ActsBy]
    relays: list[UUID]
    permissions: list[str]


class ProblemKind(Schema):
    """A kind of problem in both languages; words in braces are filled in each time."""

    type: str
    title: str
    status: int
    nl: str
    en: str


@router.get("/me", auth=requires("me:read"), response=Me)
def who_am_i(request: HttpRequest) -> dict[str, Any]:
    """Say who the token or session is, and what it may do."""
    actor = actor_of(request)
    return {
        "kind": actor.kind.value,
        "id": actor.id,
        "name": actor.name,
        "roles": sorted(actor.roles),
        "memberships": [{"organisation": owner, "role": role} for owner, role in actor.memberships.items()],
        "mandates": [
            {"mandate": one.id, "organisation": owner, "roles": sorted(one.roles)}
            for owner, held in actor.mandates.items()
            for one in held
        ],
        "relays": sorted(actor.relays),
        "permissions": sorted(name for name in PERMISSIONS if allows(actor, name)),
    }


@router.get("/problems/{slug}", auth=public("explains our own error texts"), response=ProblemKind)
def explain_problem(request: HttpRequest, slug: str) -> dict[str, Any]:  # noqa: ARG001
    """Explain the kind of problem that an answer's `type` names."""
    for kind in problems.kinds():
        if kind.type == slug:
            return {
                "type": problems.type_uri(slug),
                "title": problems.title(slug),
                "status": kind.status,
                "nl": kind.nl,
                "en": " ".join((kind.__doc__ or "").split()),
            }
    raise errors.NotFound
