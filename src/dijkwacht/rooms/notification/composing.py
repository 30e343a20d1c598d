"""From decided events to notices: one per receiver and run, or a place in the receiver's digest.

Works through the pending events of a batch, some hundreds of organisations at a time, each chunk one transaction: what
was composed has an outcome and its outbox rows, what was not is still pending.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

from django.utils import timezone

from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification import deciding, receivers, sending
from dijkwacht.rooms.notification.drafts import Pending, draft
from dijkwacht.rooms.notification.models import Event, Notice
from dijkwacht.rooms.notification.releasing import TextBrake
from dijkwacht.rooms.notification.writing import COMPOSER, Writer

ORGANISATIONS_AT_ONCE: Final = 500


def compose(batch: UUID, *, hold: str = "") -> int:
    """Compose every pending event of a batch; `hold` says why an officer must release all. Return how many notices."""
    notices = 0
    for organisations in _chunks(batch):
        with tenancy.acting(COMPOSER):
            notices += _compose_chunk(batch, organisations, hold)
    return notices


def _chunks(batch: UUID) -> Iterator[list[UUID]]:
    with tenancy.acting(COMPOSER):
        waiting = Event.objects.filter(batch_id=batch, outcome=Event.Outcome.PENDING)
        organisations = list(waiting.order_by().values_list("organisation_id", flat=True).distinct())
    for start in range(0, len(organisations), ORGANISATIONS_AT_ONCE):
        yield organisations[start : start + ORGANISATIONS_AT_ONCE]


def _compose_chunk(batch: UUID, organisations: list[UUID], hold: str) -> int:
    pending = _pending(batch, organisations)
    now = timezone.localtime()
    known = receivers.load(organisations, now.date())
    decided = deciding.decide({event.matter for event in pending}, known, now.date())
    contacts = receivers.contacts_of({way.receiver for outcome in decided.values() for way in outcome.ways})
    drafted = draft(pending, decided, contacts)
    writer = Writer(batch, hold, TextBrake(), now)
    outcomes = {**drafted.outcomes, **writer.write(drafted.drafts)}
    _close(outcomes, {event.event: decided[event.matter].decision for event in pending})
    sending.send([notice for notice in writer.notices if notice.state == Notice.State.QUEUED])
    return len(writer.notices)


def _pending(batch: UUID, organisations: list[UUID]) -> list[Pending]:
    rows = (
        Event.objects.filter(batch_id=batch, outcome=Event.Outcome.PENDING, organisation_id__in=organisations)
        .select_for_update(of=("self",))
        .order_by("organisation_id", "id")
        .values_list(
            "id",
            "finding_id",
            "organisation_id",
            "finding__feed",
            "finding__kind",
            "finding__how",
            "severity",
            "version",
        )
    )
    return [Pending(*row) for row in rows]


def _close(outcomes: Mapping[int, str], decisions: Mapping[int, int]) -> None:
    """Write each event's outcome and decision, one update per distinct pair."""
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for event, outcome in outcomes.items():
        groups[outcome, decisions[event]].append(event)
    for (outcome, decision), events in groups.items():
        Event.objects.filter(id__in=events).update(outcome=outcome, decision_id=decision)
