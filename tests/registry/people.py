"""The actors of these tests."""

from uuid import UUID

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, OrganisationRole

OFFICER = Actor(kind=Kind.PERSON, id="officer", roles=frozenset({CentreRole.OFFICER}))
ANALYST = Actor(kind=Kind.PERSON, id="analyst", roles=frozenset({CentreRole.ANALYST}))


def administrator(organisation: UUID) -> Actor:
    return Actor(
        kind=Kind.PERSON, id=f"admin-{organisation}", memberships={organisation: OrganisationRole.ADMINISTRATOR}
    )


def member(organisation: UUID) -> Actor:
    return Actor(kind=Kind.PERSON, id=f"member-{organisation}", memberships={organisation: OrganisationRole.SECURITY})


def relay(organisation: UUID, *members: UUID) -> Actor:
    return Actor(
        kind=Kind.PERSON,
        id=f"relay-{organisation}",
        memberships={organisation: OrganisationRole.SECURITY},
        relays=frozenset({organisation}),
        members=frozenset(members),
    )


def token(organisation: UUID, *scopes: str) -> Actor:
    return Actor(
        kind=Kind.TOKEN,
        id="token",
        memberships={organisation: OrganisationRole.ADMINISTRATOR},
        scopes=frozenset(scopes),
    )
