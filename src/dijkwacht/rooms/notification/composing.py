"""From decided events to notices: one per receiver and run, or a place in the receiver's digest.

Works through the pending events of a batch, some hundreds of organisations at a time, each chunk one transaction: what
was composed has an outcome and its outbox rows, what was not is still pending. Organisations that may have a receiver
in common stay together, so that it gets one notice. A large batch is composed in parts, side by side in two processes.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification import deciding, receivers, sending
from dijkwacht.rooms.notification.deciding import Matter, Outcome
from dijkwacht.rooms.notification.drafts import Pending, draft
from dijkwacht.rooms.notification.models import Event, Notice
from dijkwacht.rooms.notification.releasing import TextBrake
from dijkwacht.rooms.notification.writing import COMPOSER, Writer

ORGANISATIONS_AT_ONCE: Final = 500
WORTH_PARTS: Final = 200  # organisations; fewer are composed sooner than a second process picks its part up


class Part(NamedTuple):
    """One of `of` parts of a batch, from 0: the organisations whose group falls to it."""

    number: int = 0
    of: int = 1


WHOLE: Final = Part()


def parts(batch: UUID, *, hold: str) -> list[Part]:
    """The parts in which a batch can be composed side by side: two where it is large and nothing is held.

    Near a ceiling of the storm brake it stays whole, because each part counts what left before it began.
    """
    with tenancy.acting(COMPOSER):
        organisations = len(_waiting(batch))
        told = Event.objects.filter(batch_id=batch, outcome=Event.Outcome.PENDING).order_by()
        room = TextBrake().room({*told.values_list("finding__kind", flat=True).distinct()})
    return [Part(0, 2), Part(1, 2)] if not hold and WORTH_PARTS <= organisations < room else [WHOLE]


def compose(batch: UUID, *, hold: str = "", part: Part = WHOLE) -> int:
    """Compose every pending event of a batch, or of one part of it; `hold` says why an officer must release all.

    Return how many notices.
    """
    notices = 0
    for organisations in _chunks(batch, part):
        with tenancy.acting(
            COMPOSER
        ):  # by itself: another part that decides the same would wait for the notices of this
            decided = _decide(batch, organisations)
        with tenancy.acting(COMPOSER):
            notices += _compose_chunk(batch, organisations, decided, hold)
    return notices


def _waiting(batch: UUID) -> list[UUID]:
    waiting = Event.objects.filter(batch_id=batch, outcome=Event.Outcome.PENDING)
    return list(waiting.order_by().values_list("organisation_id", flat=True).distinct())


def _chunks(batch: UUID, part: Part) -> Iterator[list[UUID]]:
    """The organisations of a part, group by group, in chunks of some ORGANISATIONS_AT_ONCE."""
    with tenancy.acting(COMPOSER):
        group_of = receivers.groups(_waiting(batch))
    groups: dict[UUID, list[UUID]] = defaultdict(list)
    for organisation, group in group_of.items():
        if group.int % part.of == part.number:
            groups[group].append(organisation)
    chunk: list[UUID] = []
    for organisations in groups.values():
        chunk += organisations
        if len(chunk) >= ORGANISATIONS_AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _decide(batch: UUID, organisations: list[UUID]) -> dict[Matter, Outcome]:
    today = timezone.localdate()
    matters = {Pending(*row).matter for row in _events(batch, organisations)}
    return deciding.decide(matters, receivers.load(organisations, today), today)


def _compose_chunk(batch: UUID, organisations: list[UUID], decided: Mapping[Matter, Outcome], hold: str) -> int:
    pending = [Pending(*row) for row in _events(batch, organisations).select_for_update(of=("self",))]
    if late := {event.matter for event in pending} - decided.keys():  # a merge moved an event here meanwhile
        today = timezone.localdate()
        decided = {**decided, **deciding.decide(late, receivers.load(organisations, today), today)}
    contacts = receivers.contacts_of({way.receiver for outcome in decided.values() for way in outcome.ways})
    drafted = draft(pending, decided, contacts)
    writer = Writer(batch, hold, TextBrake(), timezone.localtime())
    outcomes = {**drafted.outcomes, **writer.write(drafted.drafts)}
    _close(outcomes, {event.event: decided[event.matter].decision for event in pending})
    sending.send([notice for notice in writer.notices if notice.state == Notice.State.QUEUED])
    return len(writer.notices)


def _events(batch: UUID, organisations: list[UUID]) -> QuerySet[Event, tuple[Any, ...]]:
    """The pending events of a batch about these organisations, with the fields of Pending in its order."""
    return (
        Event.objects.filter(batch_id=batch, outcome=Event.Outcome.PENDING, organisation_id__in=organisations)
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


def _close(outcomes: Mapping[int, str], decisions: Mapping[int, int]) -> None:
    """Write each event's outcome and decision, one update per distinct pair."""
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for event, outcome in outcomes.items():
        groups[outcome, decisions[event]].append(event)
    for (outcome, decision), events in groups.items():
        Event.objects.filter(id__in=events).update(outcome=outcome, decision_id=decision)
