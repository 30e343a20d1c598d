"""The only way to the rows of people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from dijkwacht.kernel.actor import Actor, CentreRole, OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import words
from dijkwacht.platform.accounts.models import ActingMandate, CentreMembership, OrganisationMembership, User

Row = CentreMembership | OrganisationMembership
READER: Final = system("accounts:reads")


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds, as an administrator sees it. Who was not seen since it was given is only invited."""

    user: UUID
    email: str
    name: str
    active: bool
    seen: datetime | None  # the latest sign-in since the role was given; before it that is nobody's business here
    accepted: bool  # False: an invitation that waits for an answer
    role: str
    called: str  # the role, in the language of the reader
    organisation: UUID | None


def people_for(actor: Actor) -> list[Held]:
    """The roles that `actor` administers: of its organisations, and for an administrator of the centre all of these."""
    administered = [organisation for organisation in actor.memberships if actor.administers(organisation)]
    rows = list(OrganisationMembership.objects.filter(organisation_id__in=administered).select_related("user"))
    strangers = _known_elsewhere({row.user_id for row in rows}, administered)
    found = [
        _held(row.user, row, row.organisation_id, name="" if row.user_id in strangers else row.user.name)
        for row in sorted(rows, key=lambda row: row.user.email)
    ]
    if actor.has(CentreRole.ADMINISTRATOR):
        centre = CentreMembership.objects.select_related("user").order_by("user__email", "role")
        found += [_held(row.user, row, None, name=row.user.name) for row in centre]
    return found


def invitations_of(actor: Actor) -> list[OrganisationMembership]:
    """The invitations that wait for an answer of the actor, the oldest first. Asked by a job: no row is its own yet."""
    with tenancy.acting(READER):
        rows = OrganisationMembership.objects.filter(user__in=actor.account, accepted_at=None)
        return list(rows.order_by("since", "pk"))


def _known_elsewhere(users: Collection[UUID], administered: Collection[UUID]) -> set[UUID]:
    """Who of these people also belongs to another organisation or to the centre, or was ever asked to act for one.

    Inviting an address must not tell the name that its holder gave to somebody else.
    """
    with tenancy.acting(READER):
        others = OrganisationMembership.objects.filter(user__in=users).exclude(organisation_id__in=administered)
        centre = CentreMembership.objects.filter(user__in=users)
        mandated = ActingMandate.objects.filter(holder_id__in=users)
        found = [others.values_list("user_id", flat=True), centre.values_list("user_id", flat=True)]
        return set().union(*found, mandated.values_list("holder_id", flat=True))


def _held(user: User, row: Row, organisation: UUID | None, *, name: str) -> Held:
    called = words.role(CentreRole(row.role) if organisation is None else OrganisationRole(row.role))
    since = row.since if isinstance(row, OrganisationMembership) else user.date_joined
    accepted = not isinstance(row, OrganisationMembership) or row.accepted_at is not None
    seen = user.last_login if accepted and user.last_login and user.last_login >= since else None
    active = user.is_active or seen is None  # that an account was closed is told to those who saw it open
    return Held(user.id, user.email, name, active, seen, accepted, row.role, called, organisation)
