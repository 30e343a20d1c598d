"""From a signed-in request to an Actor. What somebody may do is asked anew each time: a revoked role ends at once."""

from uuid import UUID

from django.db.models import CharField, UUIDField, Value
from django.db.models.functions import Cast
from django.http import HttpRequest

from dijkwacht.kernel.actor import ANONYMOUS, Actor, CentreRole, Kind, OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import origins, relays
from dijkwacht.platform.accounts.models import CentreMembership, OrganisationMembership, User
from dijkwacht.platform.accounts.second_factor import proven

RESOLVER = system("accounts:resolve")


def _roles(user: User) -> list[tuple[str, UUID | None]]:
    """Every role of `user` with its organisation, empty at the centre, in one query. Needs the scope of the centre."""
    role = Cast("role", CharField())
    centre = CentreMembership.objects.filter(user=user).values_list(
        role.copy(), Cast(Value(None), UUIDField(null=True)), named=False
    )
    organisations = OrganisationMembership.objects.filter(user=user).values_list(role, "organisation_id")
    return list(centre.union(organisations, all=True))


def _resolve(user: User, *, origin: str, second_factor: bool) -> Actor:
    roles = _roles(user)
    memberships = {owner: OrganisationRole(role) for role, owner in roles if owner is not None}
    relayed = relays.resolve(frozenset(memberships))
    return Actor(
        kind=Kind.PERSON,
        id=str(user.id),
        name=str(user),
        roles=frozenset(CentreRole(role) for role, owner in roles if owner is None),
        memberships=memberships,
        relays=relayed.relays,
        members=relayed.members,
        sectors=relayed.sectors,
        origin=origin,
        second_factor=second_factor,
    )


def of_user(user: User, *, origin: str = "", second_factor: bool = False) -> Actor:
    """Everything `user` may do now."""
    with tenancy.acting(RESOLVER):
        return _resolve(user, origin=origin, second_factor=second_factor)


def of_request(request: HttpRequest) -> Actor:
    """The actor behind a request's session. Leaves the transaction in the scope of the centre: enter the actor next."""
    user = request.user
    origin = origins.address(request)
    if not isinstance(user, User) or not user.is_active:
        return Actor(kind=Kind.ANONYMOUS, id=ANONYMOUS.id, origin=origin)
    tenancy.enter(RESOLVER)
    return _resolve(user, origin=origin, second_factor=proven(request, user))
