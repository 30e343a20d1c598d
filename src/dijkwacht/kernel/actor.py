"""Who acts. Every action takes an Actor first; a read or a change without one cannot be written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class CentreRole(StrEnum):
    """What a person of the centre may do."""

    OFFICER = "officer"  # runs the day: batches, notices, registry
    ANALYST = "analyst"  # reads findings, feeds, decisions
    AUDITOR = "auditor"  # reads the audit log and figures, changes nothing
    ADMINISTRATOR = "administrator"  # accounts, settings


class OrganisationRole(StrEnum):
    """What a person may do for an organisation; what each role may exactly: platform/accounts/README.md."""

    ADMINISTRATOR = "administrator"  # everything, people, contacts and tokens among it
    SECURITY = "security-contact"  # findings and their answers, assets and proofs
    REPORTER = "reporter"  # incident reports and changes of the registration; no victim data
    READER = "reader"  # reads findings, nothing else


class Kind(StrEnum):
    PERSON = "person"
    TOKEN = "token"  # noqa: S105 - an API token's holder, not a secret
    LINK = "link"  # the holder of a signed feedback link
    SYSTEM = "system"  # a job of ours
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Mandated:
    """One mandate in force: by which somebody acts for an organisation that is not the own one, and in which roles."""

    id: UUID
    roles: frozenset[OrganisationRole]


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody or something that acts, with all it may.

    `memberships`: its own role per organisation. `mandates`: those in force now, per organisation that gave them.
    `members`: the organisations it may only read as their relay.
    `sectors`: codes of the law of which it reads the entities, as their competent authority or CSIRT.
    `scopes`: what a token may do, such as "findings:read"; empty for people, whose roles decide.
    """

    kind: Kind
    id: str
    name: str = ""
    roles: frozenset[CentreRole] = frozenset()
    memberships: Mapping[UUID, OrganisationRole] = field(default_factory=dict)
    mandates: Mapping[UUID, tuple[Mandated, ...]] = field(default_factory=dict)
    relays: frozenset[UUID] = frozenset()
    members: frozenset[UUID] = frozenset()
    sectors: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    chosen: UUID | None = None  # the one organisation it works for now, when it acts for many
    origin: str = ""  # address or machine it acts from, for the audit log
    second_factor: bool = False

    @property
    def is_centre(self) -> bool:
        """True for people of the centre and our own jobs: row-level security lets them see every organisation."""
        return self.kind is Kind.SYSTEM or bool(self.roles)

    @property
    def acts_for(self) -> frozenset[UUID]:
        """The organisations for which it has a role, of its own or by mandate."""
        return frozenset(self.memberships) | frozenset(self.mandates)

    @property
    def writable(self) -> frozenset[UUID]:
        """The organisations of which it may change rows: where it is more than a reader. What: its permissions say."""
        return self.acting_as(frozenset(OrganisationRole) - {OrganisationRole.READER})

    @property
    def account(self) -> frozenset[UUID]:
        """A person's own account, as the owner of what is nobody else's yet, such as a draft of a registration."""
        try:
            return frozenset({UUID(self.id)} if self.kind is Kind.PERSON else ())
        except ValueError:
            return frozenset()

    @property
    def readable(self) -> frozenset[UUID]:
        return self.acts_for | self.members

    def acting_as(self, roles: frozenset[OrganisationRole]) -> frozenset[UUID]:
        """The organisations for which it has one of these roles. A provider acts for thousands: one pass."""
        own = (organisation for organisation, role in self.memberships.items() if role in roles)
        mandated = (
            organisation
            for organisation, held in self.mandates.items()
            if any(not roles.isdisjoint(one.roles) for one in held)
        )
        return frozenset(own) | frozenset(mandated)

    def roles_for(self, organisation: UUID) -> frozenset[OrganisationRole]:
        """Every role it has for one organisation."""
        own = self.memberships.get(organisation)
        mandated = (one.roles for one in self.mandates.get(organisation, ()))
        return frozenset({own} if own else ()).union(*mandated)

    def has(self, *roles: CentreRole) -> bool:
        return self.kind is Kind.SYSTEM or bool(self.roles.intersection(roles))

    def administers(self, organisation: UUID) -> bool:
        return self.memberships.get(organisation) is OrganisationRole.ADMINISTRATOR


ANONYMOUS = Actor(kind=Kind.ANONYMOUS, id="anonymous")


def system(name: str) -> Actor:
    """One of our own jobs, named as it will stand in the audit log."""
    return Actor(kind=Kind.SYSTEM, id=f"system:{name}", name=name)
