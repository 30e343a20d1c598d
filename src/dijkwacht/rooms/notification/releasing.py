"""The storm brake: what holds a notice back, and the officer who lets it go or cancels it."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Max, Min, QuerySet, Sum
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.notification import rules
from dijkwacht.rooms.notification.errors import NotAllowed, NotFound, WrongState
from dijkwacht.rooms.notification.models import Event, Notice, NoticeItem

TEXT_WINDOW: Final = dt.timedelta(hours=1)
DIGEST_GRACE: Final = dt.timedelta(minutes=2)  # a run that began before the hour may still add to a digest


def _texts_of_the_hour() -> Counter[tuple[str, ...]]:
    """How many notices of each text left in the last hour. A text is known by the kinds it is about."""
    left = Notice.objects.filter(created_at__gt=timezone.now() - TEXT_WINDOW).exclude(
        state__in=[Notice.State.HELD, Notice.State.CANCELLED, Notice.State.COLLECTING]
    )
    return Counter({tuple(row["kinds"]): row["n"] for row in left.values("kinds").annotate(n=Count("id")).order_by()})


@dataclass
class TextBrake:
    """Counts notices of the same text over the whole installation, from what left in the last hour on."""

    ceiling: int = rules.Ceilings().same_text_per_hour
    counts: Counter[tuple[str, ...]] = field(default_factory=_texts_of_the_hour)

    def room(self, kinds: Collection[str]) -> int:
        """How many notices may still leave this hour, whichever text about some of these kinds they have."""
        return self.ceiling - max((count for text, count in self.counts.items() if {*text} <= {*kinds}), default=0)

    def pull(self, kinds: Collection[str]) -> str:
        """Count one more notice of this text; give why it must wait for an officer, or nothing."""
        text = tuple(sorted(set(kinds)))
        if self.counts[text] >= self.ceiling:
            return f"more than {self.ceiling} notices with the same text within an hour"
        self.counts[text] += 1
        return ""


def held_groups(actor: Actor) -> QuerySet[Notice, Any]:
    """What is held, by batch and reason, the oldest first: `batch_id`, `held_because`, numbers, worst severity."""
    if not allows(actor, "notices:release"):
        raise NotAllowed
    return (
        Notice.objects.filter(state=Notice.State.HELD)
        .values("batch_id", "held_because")
        .annotate(
            notices=Count("id"),
            receivers=Count("organisation_id", distinct=True),
            told=Sum(F("findings")),
            worst=Max("severity"),
            since=Min("created_at"),
        )
        .order_by("since")
    )


@transaction.atomic
def release(*, actor: Actor, notices: Sequence[UUID] = (), batch: UUID | None = None, reason: str = "") -> int:
    """Let held notices go, those named or a whole batch's; give their number.

    They leave as a digest whose hour has come, so that thousands do not hold up the officer's page. Raises NotAllowed,
    NotFound, WrongState when one of those named is not held.
    """
    chosen = _held(actor, notices, batch)
    Notice.objects.filter(id__in=chosen).update(
        state=Notice.State.COLLECTING, due_at=timezone.now() - DIGEST_GRACE, released_by=actor.id[:100]
    )
    _decided(actor, chosen, "release", Event.Outcome.TOLD, batch, reason)
    transaction.on_commit(_wake)
    return len(chosen)


@transaction.atomic
def cancel(*, actor: Actor, notices: Sequence[UUID] = (), batch: UUID | None = None, reason: str = "") -> int:
    """Throw held notices away, those named or a whole batch's; give their number. Raises as `release`."""
    chosen = _held(actor, notices, batch)
    Notice.objects.filter(id__in=chosen).update(state=Notice.State.CANCELLED)
    _decided(actor, chosen, "cancel", Event.Outcome.CANCELLED, batch, reason)
    return len(chosen)


def _held(actor: Actor, notices: Sequence[UUID], batch: UUID | None) -> list[UUID]:
    if not allows(actor, "notices:release"):
        raise NotAllowed
    rows = Notice.objects.select_for_update().order_by("id")
    if batch is not None:
        return list(rows.filter(batch_id=batch, state=Notice.State.HELD).values_list("id", flat=True))
    found = dict(rows.filter(id__in=list(notices)).values_list("id", "state"))
    if not found or set(found) != set(notices):
        raise NotFound
    if other := {state for state in found.values() if state != Notice.State.HELD}:
        raise WrongState(state=", ".join(sorted(other)))
    return list(found)


def _decided(
    actor: Actor, chosen: Sequence[UUID], verb: str, outcome: Event.Outcome, batch: UUID | None, reason: str
) -> None:
    """Close the events that waited in these notices, and record who decided, per notice and per batch."""
    waiting = NoticeItem.objects.filter(notice_id__in=chosen).values("event_id")
    Event.objects.filter(id__in=waiting, outcome=Event.Outcome.HELD).update(outcome=outcome)
    for notice, organisation in Notice.objects.filter(id__in=chosen).values_list("id", "organisation_id"):
        record(
            actor=actor,
            action=f"notification:notice:{verb}",
            target=("notice", notice),
            organisation=organisation,
            detail={"reason": reason[:500], **({"batch": str(batch)} if batch else {})},
        )


def _wake() -> None:
    from dijkwacht.rooms.notification.tasks import wake_dispatch

    wake_dispatch()
