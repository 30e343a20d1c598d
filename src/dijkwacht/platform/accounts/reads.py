"""The only way to the rows of people."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from dijkwacht.kernel.actor import Actor, CentreRole, OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import words
from dijkwacht.platform.accounts.models import ActingMandate, CentreMembership, OrganisationMembership, Token, User

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


def names_for(actor: Actor, organisation: UUID, identifiers: Collection[str]) -> dict[str, str]:
    """Say by the id of an actor who did something of an organisation.

    The centre reads every name. An organisation reads those of its own people and tokens, and no other: of the centre
    only that it was the centre.
    """
    people = {UUID(one) for one in identifiers if _is_uuid(one)}
    with tenancy.acting(READER):
        members = OrganisationMembership.objects.filter(organisation_id=organisation).exclude(accepted_at=None)
        own = set(members.filter(user__in=people).values_list("user_id", flat=True))
        desk = set(CentreMembership.objects.filter(user__in=people).values_list("user_id", flat=True)) - own
        users = User.objects.filter(id__in=people if actor.is_centre else own)
        hidden = set() if actor.is_centre else _known_elsewhere(own, [organisation])
        found = {str(user.id): user.email if user.id in hidden else user.name or user.email for user in users}
        tokens = Token.objects.filter(organisation_id=organisation, id__in=_tokens(identifiers))
        found |= {f"token:{token.id}": token.name for token in tokens}
    centre, other = _("the centre"), _("somebody who acted for the organisation")
    for one in identifiers:
        ours = one.startswith("system:") or (_is_uuid(one) and UUID(one) in desk)
        found.setdefault(one, centre if ours else other)
    return found


def colleague(actor: Actor, identifier: str) -> str:
    """Name whoever did something at the centre, to who works there; a command or a job keeps its identifier."""
    if not actor.is_centre:
        return _("the centre")
    with tenancy.acting(READER):
        user = User.objects.filter(id=identifier).first() if _is_uuid(identifier) else None
    return user.name or user.email if user else identifier


def _tokens(identifiers: Collection[str]) -> list[str]:
    return [
        key for kind, _colon, key in (one.partition(":") for one in identifiers) if kind == "token" and _is_uuid(key)
    ]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


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
