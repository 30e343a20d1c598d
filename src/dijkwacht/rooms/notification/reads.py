"""The only way to the rows of this room. Row-level security stands under it; these say who may ask."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from dijkwacht import feeds
from dijkwacht.kernel.actor import Actor, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import allows, where
from dijkwacht.rooms.notification.errors import NotAllowed, NotFound
from dijkwacht.rooms.notification.models import (
    Batch,
    Call,
    Decision,
    Event,
    Feedback,
    Finding,
    Notice,
    NoticeItem,
    SetAsideLine,
)

READER = system("notification:reads")
LIVE = (Finding.State.OPEN, Finding.State.ACKNOWLEDGED, Finding.State.DISPUTED, Finding.State.REOPENED)
HIDDEN = (Notice.State.HELD, Notice.State.COLLECTING, Notice.State.CANCELLED)  # not let go: the receiver has it not
UNDISCLOSED = (Event.Outcome.PENDING, Event.Outcome.REFUSED, Event.Outcome.HELD, Event.Outcome.CANCELLED)


def _need(actor: Actor, permission: str) -> None:
    if not allows(actor, permission):
        raise NotAllowed


def batches_for(actor: Actor) -> QuerySet[Batch]:
    _need(actor, "batches:read")
    return Batch.objects.all()


def access_batch(actor: Actor, batch: UUID) -> Batch:
    """One batch. Raises NotAllowed, NotFound."""
    found = batches_for(actor).filter(pk=batch).first()
    if found is None:
        raise NotFound
    return found


def set_aside_for(actor: Actor, batch: UUID) -> QuerySet[SetAsideLine]:
    return SetAsideLine.objects.filter(batch=access_batch(actor, batch)).order_by("line", "id")


def findings_for(actor: Actor, *, members: bool = False) -> QuerySet[Finding]:
    """The findings an actor may see: the centre all, an organisation its own; with `members` a relay its members'."""
    if members:
        _need(actor, "relay:read")
        rows = Finding.objects.filter(organisation_id__in=actor.readable)  # a member that left is not among them
        return rows.filter(id__in=_told_to(actor.relays)).select_related("organisation")
    _need(actor, "findings:read")
    rows = Finding.objects.select_related("organisation")
    own = where(actor, "findings:read")
    return rows if actor.is_centre else _disclosed(rows.filter(organisation_id__in=own), own)


def _disclosed(rows: QuerySet[Finding], receivers: Iterable[UUID]) -> QuerySet[Finding]:
    """Leave out what its own organisation may not hear (yet): refused by the law, held, not decided."""
    waiting = Event.objects.filter(finding=OuterRef("pk"), outcome__in=UNDISCLOSED)
    return rows.filter(Q(id__in=_told_to(receivers)) | ~Exists(waiting))


def told(actor: Actor) -> frozenset[UUID]:
    """The receivers for whom the actor may know what they were told: by a role there, or as a relay about members."""
    return where(actor, "findings:read") | where(actor, "notices:read") | actor.relays


def _told_to(receivers: Iterable[UUID]) -> QuerySet[NoticeItem, Any]:
    """A relay sees what the law let us tell it, and nothing else of its members."""
    told = NoticeItem.objects.filter(organisation_id__in=list(receivers)).exclude(notice__state__in=HIDDEN)
    return told.values("finding_id")


def access_finding(actor: Actor, finding: UUID) -> Finding:
    """One finding. Raises NotAllowed, NotFound: another's is not there."""
    found = None
    if allows(actor, "findings:read"):
        found = findings_for(actor).filter(pk=finding).first()
    if found is None and allows(actor, "relay:read"):
        found = findings_for(actor, members=True).filter(pk=finding).first()
    if found is None:
        raise NotFound
    return found


def notices_for(actor: Actor) -> QuerySet[Notice]:
    """The notices an actor may see: the centre all, a receiver its own once they were let go."""
    _need(actor, "notices:read")
    rows = Notice.objects.select_related("organisation")
    if actor.is_centre:
        return rows
    return rows.filter(organisation_id__in=where(actor, "notices:read")).exclude(state__in=HIDDEN)


def access_notice(actor: Actor, notice: UUID) -> Notice:
    """One notice. Raises NotAllowed, NotFound."""
    found = notices_for(actor).filter(pk=notice).first()
    if found is None:
        raise NotFound
    return found


def findings_of_notice(actor: Actor, notice: UUID) -> QuerySet[Finding]:
    """What one notice tells. Raises NotAllowed, NotFound."""
    items = NoticeItem.objects.filter(notice=access_notice(actor, notice)).values("finding_id")
    return Finding.objects.filter(id__in=items).select_related("organisation").order_by("-severity", "kind", "id")


def decisions_for(actor: Actor) -> QuerySet[Decision]:
    _need(actor, "decisions:read")
    return Decision.objects.all()


def access_decision(actor: Actor, decision: int) -> Decision:
    found = decisions_for(actor).filter(pk=decision).first()
    if found is None:
        raise NotFound
    return found


def history_of(actor: Actor, finding: UUID) -> QuerySet[Event]:
    """Every change of a finding; for a receiver without what the law refused it or an officer still holds."""
    rows = Event.objects.filter(finding=access_finding(actor, finding)).order_by("id")
    return rows.select_related("decision") if actor.is_centre else rows.exclude(outcome__in=UNDISCLOSED)


def why_of(actor: Actor, finding: UUID) -> Decision | None:
    """The decision on which this actor was told of a finding, or, for the centre, the newest about it."""
    found = access_finding(actor, finding)
    items = NoticeItem.objects.filter(finding_id=found.id)
    if not actor.is_centre:
        items = items.filter(organisation_id__in=told(actor)).exclude(notice__state__in=HIDDEN)
    item = items.order_by("-id").first()
    if item is not None:
        with tenancy.acting(READER):  # decisions are the centre's, but who was told may read on which ground
            return Decision.objects.get(pk=item.decision_id)
    event = (
        Event.objects.filter(finding=found, decision__isnull=False).select_related("decision").order_by("-id").first()
    )
    return event.decision if event is not None and actor.is_centre else None


def calls_for(actor: Actor) -> QuerySet[Call]:
    _need(actor, "notices:release")
    return Call.objects.select_related("organisation", "notice").order_by("done_at", "since")


def feedback_for(actor: Actor) -> QuerySet[Feedback]:
    _need(actor, "notices:read")
    rows = Feedback.objects.select_related("notice", "notice__organisation")
    return rows if actor.is_centre else rows.filter(organisation_id__in=where(actor, "notices:read"))


def feed_health(actor: Actor) -> list[dict[str, Any]]:
    """Each feed with what came in: newest batch, rows of the last day against what is expected, silence, problems."""
    _need(actor, "feeds:read")
    day_ago = timezone.now() - timedelta(days=1)
    seen: dict[str, dict[str, Any]] = {
        row["feed"]: {**row}
        for row in Batch.objects.exclude(feed="")
        .values("feed")
        .annotate(
            newest=Max("received_at"),
            rows_today=Sum("read", filter=Q(received_at__gt=day_ago)),
            batches_today=Count("id", filter=Q(received_at__gt=day_ago)),
            set_aside_today=Sum("set_aside", filter=Q(received_at__gt=day_ago)),
            quarantined=Count("id", filter=Q(state=Batch.State.QUARANTINED)),
            refused=Count("id", filter=Q(state=Batch.State.REFUSED, received_at__gt=day_ago)),
        )
    }
    return [{"feed": feed, **_health(feed, seen.get(slug, {}))} for slug, feed in sorted(feeds.catalogue().items())]


def _health(feed: feeds.Feed, row: dict[str, Any]) -> dict[str, Any]:
    newest: datetime | None = row.get("newest")
    rows = row.get("rows_today") or 0
    alarm = timedelta(hours=feed.silence_alarm_hours)  # none for a feed that comes on demand
    silent = bool(alarm) and newest is not None and timezone.now() - newest > alarm
    state = "never" if newest is None else "silent" if silent else "ok"
    if state == "ok" and rows and not feed.expected_rows[0] <= rows <= feed.expected_rows[1]:
        state = "unusual"
    if row.get("quarantined") or row.get("refused"):
        state = "problem"
    return {
        "state": state,
        "newest": newest,
        "rows_today": rows,
        "batches_today": row.get("batches_today") or 0,
        "set_aside_today": row.get("set_aside_today") or 0,
        "quarantined": row.get("quarantined") or 0,
        "refused": row.get("refused") or 0,
    }


def products_shown_to(organisation: UUID) -> Iterator[tuple[dict[str, str], datetime]]:
    """Yield the evidence that names a product, as an organisation was shown it, of findings that it does not dispute,
    with when it was seen last.

    Runs as the centre, for an organisation that said yes to it.
    """
    from dijkwacht.rooms.notification.rendering import kinds

    told = NoticeItem.objects.filter(organisation_id=organisation, about_id=organisation)
    grounds = dict(told.exclude(notice__state__in=HIDDEN).order_by("id").values_list("finding_id", "decision_id"))
    decisions = Decision.objects.in_bulk(set(grounds.values()))
    rows = Finding.objects.filter(id__in=grounds).exclude(state=Finding.State.DISPUTED).order_by("id")
    for row in rows.iterator():
        shown = kinds.evidence(row, decisions.get(grounds[row.id]))
        if shown.get("product"):
            yield shown, row.last_seen
