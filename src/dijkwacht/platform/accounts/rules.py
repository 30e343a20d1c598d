"""Who may give and take roles, tokens and mandates. Pure: no Django."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, OrganisationRole


@dataclass(frozen=True, slots=True)
class Role:
    """A role at the centre, or for one organisation."""

    name: CentreRole | OrganisationRole
    organisation: UUID | None = None

    def __post_init__(self) -> None:
        """Refuse a role that stands in the wrong place."""
        if (self.organisation is None) != isinstance(self.name, CentreRole):
            raise ValueError(f"{self.name!r} does not fit organisation {self.organisation}")


# What somebody in a role may do in another: a security contact reads as a reader does. Nobody but an administrator
# stands in for all.
COVERS: Final[Mapping[OrganisationRole, frozenset[OrganisationRole]]] = {
    OrganisationRole.ADMINISTRATOR: frozenset(OrganisationRole),
    OrganisationRole.SECURITY: frozenset({OrganisationRole.SECURITY, OrganisationRole.READER}),
    OrganisationRole.REPORTER: frozenset({OrganisationRole.REPORTER}),
    OrganisationRole.READER: frozenset({OrganisationRole.READER}),
}
# A mandate never makes an administrator: people, tokens and mandates that such a one made would outlive it.
MANDATED: Final = (OrganisationRole.SECURITY, OrganisationRole.REPORTER, OrganisationRole.READER)
LONGEST_MANDATE: Final = timedelta(days=366)
MOST_PENDING: Final = 100  # people that an organisation invited lately and who have not come yet
INVITED_LATELY: Final = timedelta(days=30)
MOST_ASKED: Final = 200  # mandates that an organisation may have asked for and not been answered

MOST_ASKED_A_DAY: Final = 3  # times that one organisation is asked by the same one


def delegated(scope: Collection[OrganisationRole], own: OrganisationRole | None) -> frozenset[OrganisationRole]:
    """The roles that a mandate with `scope` gives; of one to an organisation, what somebody's `own` role there covers.

    So a mandate to an organisation gives its readers no more than reading, whatever it gives its security contacts.
    """
    given = frozenset().union(*(COVERS[role] for role in scope if role in MANDATED))
    return given if own is None else given & COVERS[own]


def leading(roles: Collection[OrganisationRole]) -> list[OrganisationRole]:
    """The roles without those that another of them covers, as people say them."""
    return [
        role for role in OrganisationRole if role in roles and not any(role in COVERS[one] - {one} for one in roles)
    ]


def may_mandate(actor: Actor, organisation: UUID) -> bool:
    """An organisation's own administrator gives its mandates, and asks others for theirs: no token, no mandate."""
    return actor.kind is Kind.SYSTEM or (actor.kind is Kind.PERSON and actor.administers(organisation))


def may_manage(actor: Actor, organisation: UUID | None) -> bool:
    """Administrators of the centre manage everybody; those of an organisation its own people. A token nobody."""
    if actor.kind not in {Kind.PERSON, Kind.SYSTEM}:
        return False
    return actor.has(CentreRole.ADMINISTRATOR) or (organisation is not None and actor.administers(organisation))
