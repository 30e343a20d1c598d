"""What was kept long enough goes: observations, raw files and set-aside lines, after the days their feed declares."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils import timezone

from dijkwacht import feeds
from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.notification import intake
from dijkwacht.rooms.notification.models import Batch, SetAsideLine

KEEPER: Final = system("notification:retention")


def forget(today: dt.date | None = None) -> int:
    """Remove what is older than its feed's retention; a batch itself stays, with its counts. Return how many went."""
    today = today or timezone.now().date()
    removed = 0
    for feed in feeds.catalogue().values():
        before = today - dt.timedelta(days=feed.retention_days)
        removed += _observations(feed.slug, before) + _raw(feed.slug, before)
    longest = max(feed.retention_days for feed in feeds.catalogue().values())
    return removed + _raw("", today - dt.timedelta(days=longest))  # what was never recognised


def _observations(feed: str, before: dt.date) -> int:
    old = [
        folder
        for folder in (Path(settings.HOME) / "observations").glob(f"day=*/feed={feed}")
        if dt.date.fromisoformat(folder.parent.name.removeprefix("day=")) < before
    ]
    for folder in old:
        shutil.rmtree(folder)
    if old:
        with tenancy.acting(KEEPER):
            detail = {"before": before.isoformat(), "days": len(old)}
            record(actor=KEEPER, action="notification:observation:forget", target=("feed", feed), detail=detail)
    return len(old)


def _raw(feed: str, before: dt.date) -> int:
    """Remove the bytes of old batches of a feed, and the lines of them that were set aside."""
    with tenancy.acting(KEEPER):
        old = Batch.objects.filter(feed=feed, received_at__date__lt=before, raw_kept=True).exclude(channel="retro")
        batches = list(old.values_list("id", "sha256"))
        SetAsideLine.objects.filter(batch_id__in=[batch for batch, _ in batches]).update(sealed=b"")
        for batch, sha256 in batches:
            intake.raw_store().path(sha256).unlink(missing_ok=True)
            record(actor=KEEPER, action="notification:batch:forget", target=("batch", batch))
        Batch.objects.filter(id__in=[batch for batch, _ in batches]).update(raw_kept=False)
    return len(batches)
