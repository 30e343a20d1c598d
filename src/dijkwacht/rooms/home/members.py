"""A relay's members: who is covered, who cannot be reached and why, and what waits."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.home import rules
from dijkwacht.rooms.home.rules import MANDATE_NEAR, Obstacle
from dijkwacht.rooms.notification import overview
from dijkwacht.rooms.notification.overview import Told
from dijkwacht.rooms.registry import coverage
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.coverage import Reach
from dijkwacht.rooms.registry.models import Mandate
from dijkwacht.rooms.registry.vocabulary import MandateStatus


@dataclass(frozen=True)
class Member:
    """One member whose mandate is in force."""

    mandate: Mandate
    reach: Reach
    told: Told
    obstacles: list[Obstacle]

    @property
    def reachable(self) -> bool:
        """Whether nothing blocks a warning."""
        return not any(one.blocks for one in self.obstacles)


@dataclass(frozen=True)
class Without:
    """A mandate that is not in force: `why` is suspended, ended or not-yet."""

    mandate: Mandate
    name: str
    why: str


@dataclass(frozen=True)
class Members:
    """All that a relay's home says of its members."""

    members: list[Member]
    without: list[Without]
    ending: list[Member]

    @property
    def unreachable(self) -> list[Member]:
        """Return who cannot be reached."""
        return [one for one in self.members if not one.reachable]

    @property
    def count(self) -> int:
        """Return how many members have a mandate in force."""
        return len(self.members)

    @property
    def with_asset(self) -> int:
        """Return how many members have shown that something is theirs."""
        return sum(one.reach.verified > 0 for one in self.members)

    @property
    def with_contact(self) -> int:
        """Return how many members have a contact that works."""
        return sum(one.reach.working > 0 for one in self.members)

    @property
    def told(self) -> int:
        """Return how many findings the relay was told of."""
        return sum(one.told.every for one in self.members)

    @property
    def fixed(self) -> int:
        """Return how many of those are over."""
        return sum(one.told.fixed for one in self.members)

    @property
    def unanswered(self) -> int:
        """Return how many of those wait for an answer."""
        return sum(one.told.unanswered for one in self.members)


def members_of(actor: Actor, relay: UUID, today: date) -> Members:
    """Return a relay's members as they stand today. The mandates are read as this actor; see registry.coverage."""
    rows = list(registry.mandates_for(actor, relay=relay).exclude(status=MandateStatus.WITHDRAWN))
    reached = coverage.reach_of(rows, today)
    told = overview.told_of_members(actor, reached.keys())
    members = [
        _member(row, reached[row.member_id], told.get(row.member_id, Told()))
        for row in rows
        if coverage.in_force(row, today) and row.member_id in reached
    ]
    names = registry.names_of(row for row in rows if not coverage.in_force(row, today))
    without = [
        Without(row, names.get(row.member_id, ""), _why(row, today)) for row in rows if row.member_id not in reached
    ]
    until = today + MANDATE_NEAR
    return Members(
        members=sorted(members, key=lambda one: (one.reachable, -one.told.unanswered, one.reach.name)),
        without=sorted(without, key=lambda one: one.name),
        ending=[one for one in members if one.mandate.valid_to is not None and one.mandate.valid_to <= until],
    )


def _member(row: Mandate, reach: Reach, told: Told) -> Member:
    found = rules.obstacles(
        active=reach.active,
        verified=reach.verified,
        contacts=reach.contacts,
        working=reach.working,
        confidentiality=row.confidentiality,
        informations=row.informations,
    )
    return Member(row, reach, told, found)


def _why(row: Mandate, today: date) -> str:
    if row.status == MandateStatus.SUSPENDED:
        return "suspended"
    return "not-yet" if row.valid_from > today else "ended"
