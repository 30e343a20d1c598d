"""The only way to the rows of people."""

from dataclasses import dataclass
from uuid import UUID

from dijkwacht.kernel.actor import Actor, CentreRole
from dijkwacht.platform.accounts.models import CentreMembership, OrganisationMembership, User


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds, as an administrator sees it."""

    user: UUID
    email: str
    name: str
    active: bool
    role: str
    organisation: UUID | None


def people_for(actor: Actor) -> list[Held]:
    """The roles that `actor` administers: of its organisations, and for an administrator of the centre all of these."""
    administered = [organisation for organisation in actor.memberships if actor.administers(organisation)]
    rows = OrganisationMembership.objects.filter(organisation_id__in=administered).select_related("user")
    found = [_held(row.user, row.role, row.organisation_id) for row in rows.order_by("user__email")]
    if actor.has(CentreRole.ADMINISTRATOR):
        centre = CentreMembership.objects.select_related("user").order_by("user__email", "role")
        found += [_held(row.user, row.role, None) for row in centre]
    return found


def _held(user: User, role: str, organisation: UUID | None) -> Held:
    return Held(user.id, user.email, user.name, user.is_active, role, organisation)
