"""What waits for its hour is not sent when its asset is no longer proven: only a verified asset receives.

A digest gathers for up to a week, and an officer may hold a notice for days; the asset may be lost meanwhile.
"""

from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from dijkwacht.kernel.actor import system
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.notification import rendering
from dijkwacht.rooms.notification.models import Event, Finding, Notice, NoticeItem
from dijkwacht.rooms.registry.models import Asset
from dijkwacht.rooms.registry.vocabulary import AssetStatus

GUARD: Final = system("notification:lost-assets")


def lost(findings: Iterable[UUID]) -> set[UUID]:
    """Return which of these findings are about an asset that is not verified now. Read as the centre."""
    rows = dict(Finding.objects.filter(id__in=list(findings)).values_list("id", "asset_id"))
    gone = Asset.objects.filter(id__in=set(rows.values())).exclude(status=AssetStatus.VERIFIED)
    numbers = set(gone.values_list("id", flat=True))
    return {finding for finding, asset in rows.items() if asset in numbers}


def leave_out(notices: Collection[Notice]) -> list[Notice]:
    """Take out of waiting notices what is about lost assets; return those that have something left to tell."""
    items = list(NoticeItem.objects.filter(notice__in=notices))
    gone = lost(item.finding_id for item in items)
    touched = {item.notice_id for item in items if item.finding_id in gone}
    for notice in notices:
        if notice.id in touched:
            _shrink(notice, [item for item in items if item.notice_id == notice.id], gone)
    return [notice for notice in notices if notice.state != Notice.State.CANCELLED]


def _shrink(notice: Notice, items: list[NoticeItem], gone: set[UUID]) -> None:
    dropped = [item for item in items if item.finding_id in gone]
    Event.objects.filter(id__in=[item.event_id for item in dropped]).update(outcome=Event.Outcome.CANCELLED)
    NoticeItem.objects.filter(id__in=[item.id for item in dropped]).delete()
    kept = list(Finding.objects.filter(id__in=[item.finding_id for item in items if item.finding_id not in gone]))
    if kept:
        notice.findings, notice.severity = len(kept), max(row.severity for row in kept)
        notice.kinds = sorted({row.kind for row in kept})
        notice.subject = rendering.subject(notice)
    else:
        notice.state = Notice.State.CANCELLED
    notice.save()
    record(
        actor=GUARD,
        action="notification:notice:leave-out",
        target=("notice", notice.id),
        organisation=notice.organisation_id,
        detail={"left_out": len(dropped), "kept": len(kept)},
    )
