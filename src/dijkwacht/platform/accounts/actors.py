"""From a signed-in request to an Actor."""

from django.http import HttpRequest

from dijkwacht.kernel.actor import ANONYMOUS, Actor, CentreRole, Kind, OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.models import OrganisationMembership, User


def of_user(user: User, *, origin: str = "", second_factor: bool = False) -> Actor:
    """Everything `user` may do now."""
    roles = frozenset(CentreRole(membership.role) for membership in user.centre_memberships.all())
    with tenancy.acting(system("accounts:resolve")):
        memberships = {
            row.organisation_id: OrganisationRole(row.role) for row in OrganisationMembership.objects.filter(user=user)
        }
    return Actor(
        kind=Kind.PERSON,
        id=str(user.id),
        name=str(user),
        roles=roles,
        memberships=memberships,
        origin=origin,
        second_factor=second_factor,
    )


def of_request(request: HttpRequest) -> Actor:
    user = request.user
    if not isinstance(user, User) or not user.is_active:
        return ANONYMOUS
    return of_user(user, origin=request.META.get("REMOTE_ADDR", ""))
