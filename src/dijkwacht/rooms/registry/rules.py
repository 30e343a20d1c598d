"""Who may do what in the registry, which status follows which, and when two claims collide. Pure: no Django."""

from collections.abc import Mapping
from typing import Final, TypeVar
from uuid import UUID

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, OrganisationRole
from dijkwacht.rooms.registry.errors import NotAllowed, WrongState
from dijkwacht.rooms.registry.vocabulary import AssetStatus, MandateStatus

Status = TypeVar("Status", AssetStatus, MandateStatus)
MANAGE: Final = "registry:write"  # names of platform.accounts.permissions; a token needs one as its scope
KEEP: Final = "organisations:write"
HOLD: Final = "assets:write"
TELL: Final = "changes:write"
EXPORT: Final = "registry:export"
# Which roles hold them; tests/registry/test_roles.py holds this in step with the table of permissions.
BY: Final = {
    KEEP: frozenset({OrganisationRole.ADMINISTRATOR}),
    HOLD: frozenset({OrganisationRole.ADMINISTRATOR, OrganisationRole.SECURITY}),
    TELL: frozenset({OrganisationRole.ADMINISTRATOR, OrganisationRole.REPORTER}),
}
MOST_OPEN_CLAIMS: Final = 500  # claims without proof that one organisation may have at a time
FIGURES: Final = "figures:read"

ASSET_STEPS: Final = {
    AssetStatus.VERIFIED: frozenset(AssetStatus),  # verifying again renews it
    AssetStatus.DISPUTED: frozenset({AssetStatus.CLAIMED, AssetStatus.VERIFIED}),
    AssetStatus.EXPIRED: frozenset({AssetStatus.CLAIMED, AssetStatus.VERIFIED, AssetStatus.DISPUTED}),
    AssetStatus.CLAIMED: frozenset({AssetStatus.EXPIRED, AssetStatus.DISPUTED}),
}
MANDATE_STEPS: Final = {
    MandateStatus.ACTIVE: frozenset({MandateStatus.SUSPENDED}),
    MandateStatus.SUSPENDED: frozenset({MandateStatus.ACTIVE}),
    MandateStatus.WITHDRAWN: frozenset({MandateStatus.ACTIVE, MandateStatus.SUSPENDED}),
}


def in_scope(actor: Actor, permission: str) -> bool:
    """Tell whether a token carries a permission; people and our own jobs need none, their roles decide."""
    return actor.kind is not Kind.TOKEN or permission in actor.scopes


def may_manage(actor: Actor) -> bool:
    """Officers run the registry: organisations, verification, conflicts, mandates, import."""
    return actor.has(CentreRole.OFFICER) and in_scope(actor, MANAGE)


def may_export(actor: Actor) -> bool:
    """Officers and analysts take the registry out of the building; who watches over sectors, their entities."""
    known = actor.has(CentreRole.OFFICER, CentreRole.ANALYST) or bool(actor.sectors)
    return known and in_scope(actor, EXPORT)


def may_count(actor: Actor) -> bool:
    """Everybody at the centre may know how many entities there are."""
    return actor.is_centre and in_scope(actor, FIGURES)


def may_keep(actor: Actor, organisation: UUID) -> bool:
    """An organisation's administrator keeps its contacts, as an officer can for all."""
    return may_manage(actor) or _acts(actor, organisation, KEEP)


def may_hold(actor: Actor, organisation: UUID) -> bool:
    """An administrator or a security contact claims assets for the organisation and shows that they are its own."""
    return may_manage(actor) or _acts(actor, organisation, HOLD)


def may_tell(actor: Actor, organisation: UUID) -> bool:
    """An administrator or a reporter tells what changed in the registration, and that the rest is still right."""
    return may_manage(actor) or _acts(actor, organisation, TELL)


def _acts(actor: Actor, organisation: UUID, permission: str) -> bool:
    """Judge for this organisation: a role for another one does not count."""
    return bool(actor.roles_for(organisation) & BY[permission]) and in_scope(actor, permission)


def shown_status(actor: Actor, status: str) -> str:
    """Return an asset's status as the actor may read it.

    That it is disputed tells that somebody else claims it too, so who is not of the centre reads "claimed": it has not
    been proven, and receives nothing.
    """
    return AssetStatus.CLAIMED if status == AssetStatus.DISPUTED and not actor.is_centre else status


def require(allowed: bool) -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed:
        raise NotAllowed


def require_step(now: str, to: Status, steps: Mapping[Status, frozenset[Status]]) -> None:
    """Raise WrongState unless status `to` may follow `now`."""
    if now not in steps[to]:
        raise WrongState(status_now=now)
