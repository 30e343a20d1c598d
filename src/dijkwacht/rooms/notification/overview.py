"""How the findings of an organisation, or of a relay's members, stand: counted by the database, one question each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.notification import reads
from dijkwacht.rooms.notification.models import Finding

UNANSWERED: Final = (Finding.State.OPEN, Finding.State.REOPENED)
URGENT: Final = 5  # findings shown
WORST: Final = 4  # the highest severity


@dataclass(frozen=True)
class Known:
    """What is known of one organisation. `by_severity`: live findings, from 4 (critical) to 0 (info)."""

    by_severity: dict[int, int]
    unanswered: int
    working: int
    new: int  # came, or came back, since the moment that was asked about
    before: int  # live, and first seen before the organisation was registered
    fixed: int
    gone: int
    unread: int  # notices
    urgent: list[Finding]

    @property
    def live(self) -> int:
        """Return how many findings are not over."""
        return sum(self.by_severity.values())


def known_of(actor: Actor, organisation: UUID, *, since: datetime | None, registered_at: datetime) -> Known:
    """Count the findings that the actor may see of one of its own organisations. Raises NotAllowed.

    `since`: the visit before this one; without it nothing is new. `registered_at`: what was first seen before it came
    from what the centre had kept.
    """
    rows = reads.findings_for(actor).filter(organisation_id=organisation)
    live = Q(state__in=reads.LIVE)
    back = Q(state=Finding.State.REOPENED, state_changed_at__gt=since)
    came = Q(created_at__gt=since) | back if since else Q(pk=None)
    counts = rows.order_by().aggregate(
        **{f"severity_{level}": Count("id", filter=live & Q(severity=level)) for level in range(WORST + 1)},
        unanswered=Count("id", filter=Q(state__in=UNANSWERED)),
        working=Count("id", filter=live & ~Q(state__in=UNANSWERED)),
        new=Count("id", filter=live & came),
        before=Count("id", filter=live & Q(first_seen__lt=registered_at)),
        fixed=Count("id", filter=Q(state=Finding.State.RESOLVED)),
        gone=Count("id", filter=Q(state=Finding.State.GONE)),
    )
    by_severity = {level: counts.pop(f"severity_{level}") for level in range(WORST, -1, -1)}
    waiting = rows.filter(state__in=UNANSWERED).order_by("-severity", "-last_seen", "id")
    unread = reads.notices_for(actor).filter(organisation_id=organisation, read_at=None).count()
    return Known(by_severity=by_severity, unread=unread, urgent=list(waiting[:URGENT]), **counts)


@dataclass(frozen=True)
class Told:
    """What a relay was told of one member: how many findings in all, how many wait, how many are solved."""

    every: int = 0
    unanswered: int = 0
    fixed: int = 0  # somebody said so, or it is no longer seen
    newest: datetime | None = None


def told_of_members(actor: Actor, members: Collection[UUID]) -> dict[UUID, Told]:
    """Count, for each member, what the law let us tell the actor's relay; of the rest it learns nothing.

    Raises NotAllowed.
    """
    over = (Finding.State.RESOLVED, Finding.State.GONE)
    rows = members_findings(actor).filter(organisation_id__in=list(members)).order_by().values("organisation_id")
    counted = rows.annotate(
        every=Count("id"),
        unanswered=Count("id", filter=Q(state__in=UNANSWERED)),
        fixed=Count("id", filter=Q(state__in=over)),
        newest=Max("last_seen"),
    )
    return {
        row["organisation_id"]: Told(row["every"], row["unanswered"], row["fixed"], row["newest"]) for row in counted
    }


def members_findings(actor: Actor) -> QuerySet[Finding]:
    """Return what a relay was told of its members; its own findings stand among its own. Raises NotAllowed."""
    return reads.findings_for(actor, members=True).exclude(organisation_id__in=actor.acts_for)
