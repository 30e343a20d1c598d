"""The last administrator stays: of an organisation, and of the centre."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, OrganisationRole
from dijkwacht.platform.accounts import errors
from dijkwacht.platform.accounts.models import CentreMembership, OrganisationMembership, User
from dijkwacht.platform.accounts.rules import Role

ADMINISTRATORS: Final = (CentreRole.ADMINISTRATOR, OrganisationRole.ADMINISTRATOR)


def holders(role: Role) -> QuerySet[CentreMembership] | QuerySet[OrganisationMembership]:
    """The rows of those who hold a role."""
    if role.organisation is None:
        return CentreMembership.objects.filter(role=role.name.value)
    return OrganisationMembership.objects.filter(role=role.name.value, organisation_id=role.organisation)


def keep_one(actor: Actor, role: Role, leaving: User) -> None:
    """Refuse to take the last administrator away. Raises LastAdministrator, NotAllowed.

    The rows are locked in one order, and read again with a statement of their own: it sees what those did that held the
    locks before. So an actor who was removed meanwhile removes nobody, and a closed account does not count.
    """
    if role.name not in ADMINISTRATORS:
        return
    rows = holders(role).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk"))
    left = dict(rows.values_list("user_id", "user__is_active"))
    for user in _invited(role):  # who has not said yes is no administrator yet
        left.pop(user, None)
    if _was_removed(actor, role.organisation, left.keys()):
        raise errors.NotAllowed
    if leaving.id in left and not any(active for user, active in left.items() if user != leaving.id):
        raise errors.LastAdministrator


def _invited(role: Role) -> list[UUID]:
    """Whose invitation to an organisation waits for an answer; a role at the centre is no invitation."""
    if role.organisation is None:
        return []
    rows = OrganisationMembership.objects.filter(organisation_id=role.organisation, accepted_at=None)
    return list(rows.values_list("user_id", flat=True))


def _was_removed(actor: Actor, organisation: UUID | None, administrators: Iterable[UUID]) -> bool:
    """Tell whether the actor acts as one of these administrators and is none any more."""
    if actor.kind is not Kind.PERSON:
        return False
    as_one_of_them = actor.has(CentreRole.ADMINISTRATOR) if organisation is None else actor.administers(organisation)
    return as_one_of_them and actor.account.isdisjoint(administrators)
