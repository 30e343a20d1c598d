"""From drafts to rows: the notices and what is in them, with a few statements for all of a chunk."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from dijkwacht import feeds
from dijkwacht.kernel.actor import system
from dijkwacht.platform.audit.record import Fact, record_many
from dijkwacht.platform.database.inserting import insert
from dijkwacht.rooms.notification import rules, sending
from dijkwacht.rooms.notification.drafts import Draft, Pending
from dijkwacht.rooms.notification.models import Notice, NoticeItem
from dijkwacht.rooms.notification.releasing import TextBrake

COMPOSER: Final = system("notification:compose")
DIGEST_HOUR: Final = 7  # local time of the centre
TLP_ORDER: Final = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
OUTCOME: Final = {"queued": "told", "delivered": "told", "held": "held", "collecting": "digest"}


class Writer:
    """Writes the drafts of one chunk. `hold` says why an officer must release all of them, or nothing."""

    def __init__(self, batch: UUID, hold: str, brake: TextBrake, now: dt.datetime) -> None:
        self.batch, self.hold, self.brake, self.now = batch, hold, brake, now
        self.notices: list[Notice] = []
        self.items: list[NoticeItem] = []

    def write(self, drafts: Sequence[Draft]) -> dict[int, str]:
        """Make the notices and their items; give what became of each event. What its contact had already is told."""
        told, today = _told(drafts), _today(drafts)
        outcomes: dict[int, str] = {}
        for draft in drafts:
            items = [item for item in draft.items if (*_receiver(draft), item[0].finding, item[0].version) not in told]
            notice = self._notice(draft, items, today[draft.way.receiver]) if items else None
            outcome = OUTCOME[notice.state] if notice else "told"
            for event, _ in draft.items:
                outcomes[event.event] = rules.better_outcome(outcomes.get(event.event, "pending"), outcome)
        insert([notice for notice in self.notices if notice._state.adding])  # noqa: SLF001
        insert(self.items)
        record_many(_composed(notice) for notice in self.notices)
        return outcomes

    def _notice(self, draft: Draft, items: list[tuple[Pending, int]], today: int) -> Notice:
        if draft.digest:
            notice = self._digest(draft)
        else:
            hold = self.hold or too_much(draft, today) or self.brake.pull({event.kind for event, _ in items})
            key = f"{self.batch}:{draft.way.route}:{draft.way.receiver}:{draft.contact.id}:{items[0][0].event}"
            notice = _new(draft, key)
            notice.batch_id, notice.held_because = self.batch, hold
            notice.state = Notice.State.HELD if hold else Notice.State.QUEUED
        _describe(notice, items)
        if draft.digest:
            notice.save()
        self.notices.append(notice)
        self.items += [_item(draft, notice, event, decision) for event, decision in items]
        return notice

    def _digest(self, draft: Draft) -> Notice:
        due = next_digest(draft.contact.rhythm, self.now)
        notice = _new(draft, f"digest:{draft.way.route}:{draft.contact.id}:{due.isoformat()}")
        notice.state, notice.due_at = Notice.State.COLLECTING, due
        Notice.objects.bulk_create([notice], ignore_conflicts=True)
        return Notice.objects.select_for_update().get(dedupe_key=notice.dedupe_key)


def _receiver(draft: Draft) -> tuple[UUID, UUID]:
    return draft.way.receiver, draft.contact.id


def _told(drafts: Sequence[Draft]) -> set[tuple[UUID, UUID | None, UUID, int]]:
    """Every version that one of these contacts was told already."""
    findings = {event.finding for draft in drafts for event, _ in draft.items}
    receivers = {draft.way.receiver for draft in drafts}
    rows = NoticeItem.objects.filter(finding_id__in=findings, organisation_id__in=receivers)
    return set(rows.values_list("organisation_id", "contact_id", "finding_id", "version"))


def _today(drafts: Sequence[Draft]) -> Counter[UUID]:
    """How many notices each receiver got in the last day."""
    since = timezone.now() - dt.timedelta(days=1)
    rows = Notice.objects.filter(organisation_id__in={draft.way.receiver for draft in drafts}, created_at__gt=since)
    return Counter(dict(rows.order_by().values_list("organisation_id").annotate(count=Count("id"))))


def too_much(draft: Draft, today: int) -> str:
    """Why this one notice must wait for an officer, or nothing. `today`: what its receiver got in the last day."""
    ceilings = rules.Ceilings()
    if len(draft.items) > ceilings.findings_per_notice:
        return f"more than {ceilings.findings_per_notice} findings in one notice"
    if today >= ceilings.notices_per_receiver_and_day:
        return f"more than {ceilings.notices_per_receiver_and_day} notices to one receiver in a day"
    return ""


def _new(draft: Draft, key: str) -> Notice:
    return Notice(
        organisation_id=draft.way.receiver,
        contact_id=draft.contact.id,
        route=draft.way.route,
        channel=draft.contact.channel,
        language=draft.contact.language,
        severity=0,
        findings=0,
        tlp=TLP_ORDER[0],
        subject="",
        dedupe_key=hashlib.sha256(key.encode()).hexdigest(),
    )


def _item(draft: Draft, notice: Notice, event: Pending, decision: int) -> NoticeItem:
    return NoticeItem(
        notice=notice,
        organisation_id=draft.way.receiver,
        about_id=event.organisation,
        contact_id=draft.contact.id,
        finding_id=event.finding,
        event_id=event.event,
        version=event.version,
        decision_id=decision,
    )


def next_digest(rhythm: str, now: dt.datetime) -> dt.datetime:
    """The next morning (daily) or Monday morning (weekly), at DIGEST_HOUR local time; `now` is local and aware."""
    day = now.date() if now.hour < DIGEST_HOUR else now.date() + dt.timedelta(days=1)
    if rhythm == "weekly":
        day += dt.timedelta(days=-day.weekday() % 7)
    return dt.datetime.combine(day, dt.time(DIGEST_HOUR), tzinfo=now.tzinfo)


def _describe(notice: Notice, items: Iterable[tuple[Pending, int]]) -> None:
    """Bring the notice's summary up to what is in it now."""
    events = [event for event, _ in items]
    labels = {feeds.catalogue()[event.feed].tlp for event in events} | {notice.tlp}
    notice.severity = max(notice.severity, *(event.severity for event in events))
    notice.findings += len(events)
    notice.kinds = sorted({*notice.kinds, *(event.kind for event in events)})
    notice.tlp = max(labels, key=TLP_ORDER.index)
    notice.subject = sending.subject(notice)


def _composed(notice: Notice) -> Fact:
    return Fact(
        actor=COMPOSER,
        action="notification:notice:compose",
        target=("notice", notice.id),
        organisation=notice.organisation_id,
        detail={"route": notice.route, "findings": notice.findings, "state": str(notice.state)},
    )
