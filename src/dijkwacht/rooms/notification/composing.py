"""From decided events to notices: one per receiver and run, or a place in the receiver's digest.

Works through the pending events of a batch, some hundreds of organisations at a time, each chunk one transaction: what was
composed has an outcome and its outbox rows, what was not is still pending.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht import feeds
from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.notification import deciding, receivers, releasing, rules, sending
from dijkwacht.rooms.notification.models import Event, Notice, NoticeItem
from dijkwacht.rooms.registry.models import Contact

COMPOSER: Final = system("notification:compose")
ORGANISATIONS_AT_ONCE: Final = 200
DIGEST_HOUR: Final = 7  # local time of the centre
TLP_ORDER: Final = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")


class Pending(NamedTuple):
    """One event that waits to be told, with what is needed of its finding."""

    event: int
    finding: UUID
    organisation: UUID
    feed: str
    kind: str
    how: str
    severity: int
    version: int

    @property
    def matter(self) -> deciding.Matter:
        return deciding.Matter(self.organisation, self.feed, self.kind, self.how)


@dataclass
class Draft:
    """A notice in the making: the receiver, its contact, and what goes in."""

    way: deciding.Way
    contact: Contact
    digest: bool
    items: list[tuple[Pending, int]] = field(default_factory=list)  # with the decision that allows it


@dataclass
class Composed:
    """What became of a chunk."""

    outcomes: dict[int, str] = field(default_factory=dict)  # event -> outcome
    decisions: dict[int, int] = field(default_factory=dict)  # event -> decision
    notices: int = 0
    brake: releasing.TextBrake = field(default_factory=releasing.TextBrake)


_RANK: Final = {"pending": 0, "refused": 1, "no-contact": 2, "below-threshold": 3, "digest": 4, "held": 5, "told": 6}


def compose(batch: UUID, *, hold: str = "") -> int:
    """Compose every pending event of a batch; `hold` says why an officer must release the notices. Return their number."""
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
    outcomes = deciding.decide({event.matter for event in pending}, known, now.date())
    contacts = receivers.contacts_of({way.receiver for outcome in outcomes.values() for way in outcome.ways})
    composed = Composed()
    drafts = _drafts(pending, outcomes, contacts, composed, now)
    ready = [notice for draft in drafts if (notice := _write(draft, batch, hold, composed, now))]
    _close(composed)
    sending.send([notice for notice in ready if notice.state == Notice.State.QUEUED])
    return len(ready)


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


def _drafts(
    pending: Iterable[Pending],
    outcomes: dict[deciding.Matter, deciding.Outcome],
    contacts: dict[UUID, list[Contact]],
    composed: Composed,
    now: dt.datetime,
) -> list[Draft]:
    drafts: dict[tuple[object, ...], Draft] = {}
    for event in pending:
        outcome = outcomes[event.matter]
        composed.decisions[event.event] = outcome.decision
        _outcome(composed, event, "refused")
        for way in outcome.ways:
            choices = contacts.get(way.receiver)
            if not choices:
                _outcome(composed, event, "no-contact")
                continue
            contact = choices[0]
            preference = preference_of(contact)
            urgent = feeds.catalogue()[event.feed].kinds[event.kind].urgent
            if not rules.worth_telling(preference, severity=event.severity, urgent=urgent, kind=event.kind):
                _outcome(composed, event, "below-threshold")
                continue
            digest = rules.waits_for_digest(preference, severity=event.severity, urgent=urgent)
            key = (way.route, way.receiver, digest)
            draft = drafts.setdefault(key, Draft(way, contact, digest))
            draft.items.append((event, way.decision))
    return list(drafts.values())


def preference_of(contact: Contact) -> rules.Preference:
    return rules.Preference(
        minimum_severity=contact.minimum_severity,
        rhythm=contact.rhythm,
        quiet_from=contact.quiet_from,
        quiet_to=contact.quiet_to,
        unsubscribed=frozenset(contact.optional_kinds),
    )


def _outcome(composed: Composed, event: Pending, outcome: str) -> None:
    """Keep the best that happened to an event: told to one receiver outweighs refused for another."""
    if _RANK[outcome] > _RANK[composed.outcomes.get(event.event, "pending")]:
        composed.outcomes[event.event] = outcome


def _write(draft: Draft, batch: UUID, hold: str, composed: Composed, now: dt.datetime) -> Notice | None:
    """Make the notice with its items, or add them to the contact's digest. None when its contact had all of it already."""
    items = _not_yet_told(draft)
    if not items:
        for event, _ in draft.items:
            _outcome(composed, event, "told")
        return None
    if draft.digest:
        notice = _digest(draft, now)
    else:
        notice = _notice(draft, batch, hold or _too_much(draft) or _too_alike(draft, composed), items)
    NoticeItem.objects.bulk_create(
        NoticeItem(
            notice=notice,
            organisation_id=draft.way.receiver,
            about_id=event.organisation,
            contact_id=draft.contact.id,
            finding_id=event.finding,
            event_id=event.event,
            version=event.version,
            decision_id=decision,
        )
        for event, decision in items
    )
    outcome = {"queued": "told", "delivered": "told", "held": "held", "collecting": "digest"}[notice.state]
    for event, _ in draft.items:
        _outcome(composed, event, outcome)
    _describe(notice, items)
    return notice


def _not_yet_told(draft: Draft) -> list[tuple[Pending, int]]:
    told = set(
        NoticeItem.objects.filter(
            organisation_id=draft.way.receiver,
            contact_id=draft.contact.id,
            finding_id__in=[event.finding for event, _ in draft.items],
        ).values_list("finding_id", "version")
    )
    return [(event, decision) for event, decision in draft.items if (event.finding, event.version) not in told]


def _too_much(draft: Draft) -> str:
    """Why this one notice must wait for an officer, or nothing."""
    ceilings = rules.Ceilings()
    if len(draft.items) > ceilings.findings_per_notice:
        return f"more than {ceilings.findings_per_notice} findings in one notice"
    since = timezone.now() - dt.timedelta(days=1)
    if (
        Notice.objects.filter(organisation_id=draft.way.receiver, created_at__gt=since).count()
        >= ceilings.notices_per_receiver_and_day
    ):
        return f"more than {ceilings.notices_per_receiver_and_day} notices to one receiver in a day"
    return ""


def _too_alike(draft: Draft, composed: Composed) -> str:
    """Why a notice with this text must wait: as many as may leave in an hour have left."""
    return composed.brake.pull({event.kind for event, _ in draft.items})


def _notice(draft: Draft, batch: UUID, hold: str, items: list[tuple[Pending, int]]) -> Notice:
    key = f"{batch}:{draft.way.route}:{draft.way.receiver}:{draft.contact.id}:{items[0][0].event}"
    return Notice.objects.create(
        **_common(draft, key),
        batch_id=batch,
        state=Notice.State.HELD if hold else Notice.State.QUEUED,
        held_because=hold,
    )


def _digest(draft: Draft, now: dt.datetime) -> Notice:
    due = next_digest(draft.contact.rhythm, now)
    values = _common(draft, f"digest:{draft.way.route}:{draft.contact.id}:{due.isoformat()}")
    notice, _ = Notice.objects.get_or_create(
        dedupe_key=values.pop("dedupe_key"), defaults={**values, "state": Notice.State.COLLECTING, "due_at": due}
    )
    return notice


def next_digest(rhythm: str, now: dt.datetime) -> dt.datetime:
    """The next morning (daily) or Monday morning (weekly), at DIGEST_HOUR local time; `now` is local and aware."""
    day = now.date() if now.hour < DIGEST_HOUR else now.date() + dt.timedelta(days=1)
    if rhythm == "weekly":
        day += dt.timedelta(days=-day.weekday() % 7)
    return dt.datetime.combine(day, dt.time(DIGEST_HOUR), tzinfo=now.tzinfo)


def _common(draft: Draft, key: str) -> dict[str, object]:
    return {
        "organisation_id": draft.way.receiver,
        "contact_id": draft.contact.id,
        "route": draft.way.route,
        "channel": draft.contact.channel,
        "language": draft.contact.language,
        "severity": 0,
        "findings": 0,
        "tlp": TLP_ORDER[0],
        "subject": "",
        "dedupe_key": hashlib.sha256(key.encode()).hexdigest(),
    }


def _describe(notice: Notice, items: list[tuple[Pending, int]]) -> None:
    """Bring the notice's summary up to what is in it now."""
    labels = {feeds.catalogue()[event.feed].tlp for event, _ in items} | {notice.tlp}
    notice.severity = max(notice.severity, *(event.severity for event, _ in items))
    notice.findings += len(items)
    notice.kinds = sorted({*notice.kinds, *(event.kind for event, _ in items)})
    notice.tlp = max(labels, key=TLP_ORDER.index)
    notice.subject = sending.subject(notice)
    notice.save()
    record(
        actor=COMPOSER,
        action="notification:notice:compose",
        target=("notice", notice.id),
        organisation=notice.organisation_id,
        detail={
            "route": notice.route,
            "findings": len(items),
            "state": notice.state,
            "decisions": sorted({d for _, d in items}),
        },
    )


def _close(composed: Composed) -> None:
    """Write each event's outcome and decision, one update per distinct pair."""
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for event, outcome in composed.outcomes.items():
        groups[outcome, composed.decisions[event]].append(event)
    with transaction.atomic():
        for (outcome, decision), events in groups.items():
            Event.objects.filter(id__in=events).update(outcome=outcome, decision_id=decision)
