"""The recent past, attributed to assets that have just been verified.

The first thing a newly registered organisation sees is what is already known about it.
"""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.conf import settings
from django.db import connection
from django.utils import timezone

from dijkwacht import feeds
from dijkwacht.data.index import Index
from dijkwacht.data.retro import attribute_partitions
from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.notification import reading, registry_index
from dijkwacht.rooms.notification.models import Batch, Finding

RETRO: Final = system("notification:retro")
LOCK: Final = 7_302_028_113  # of the database, held while a look back folds
WAIT: Final = 30  # seconds until a batch that is being read is looked at again
MOST_WAITS: Final = 2_880  # a day: what is not read by then is a matter for the operator, and looked at no more


def on_asset_verified(*, asset: Any, **_: Any) -> None:
    """Ask for the look back in the transaction that verified the asset, so that it is never missed."""
    ask([asset.organisation_id])


def on_assets_imported(*, organisations: list[UUID], **_: Any) -> None:
    ask(organisations)


def ask(organisations: list[UUID]) -> None:
    from dijkwacht.rooms.notification.tasks import look_back

    if organisations and any((settings.HOME / "observations").glob("day=*")):
        look_back.defer(organisations=[str(one) for one in organisations])


def look_back(organisations: list[UUID], after: list[UUID] | None = None, tries: int = 0) -> Batch | None:
    """Fold what the kept observations say of these organisations' assets, as a batch of its own; None when nothing.

    Only findings that are not known yet are folded, and a batch that is being read is left to itself: what a batch
    counts is not counted again. Such a batch may not know the new assets, so its file is looked at in a second look,
    `after` it.
    """
    from dijkwacht.rooms.notification import pipeline

    with tenancy.acting(RETRO):
        index = registry_index.current()
    longest = max(feed.retention_days for feed in feeds.catalogue().values())
    paths = reading.observations().paths(first=timezone.now().date() - timedelta(days=longest))
    with tenancy.acting(RETRO):  # after the files: what is read by now was folded before, and its findings are known
        unread = dict(Batch.objects.filter(state=Batch.State.RECEIVED).values_list("sha256", "id"))
    if _wait(organisations, after, set(unread.values()), tries):
        return None
    paths = [path for path in paths if path.stem.rpartition("-")[0] not in unread]
    mine = index.registry.with_row_index("row").filter(
        pl.col("organisation_id").is_in([str(one) for one in organisations])
    )
    found = attribute_partitions(paths, index, only_assets=mine["row"].to_list(), salt=reading.secret())
    if found.is_empty():
        return None
    batch = _fold(organisations, found, index, paths)
    pipeline.process(batch.id)
    with tenancy.acting(RETRO):
        batch.refresh_from_db()
    return batch


def _wait(organisations: list[UUID], after: list[UUID] | None, unread: set[UUID], tries: int) -> bool:
    """Ask for a second look after the batches that are being read; tells whether this one is to be left for it."""
    from dijkwacht.rooms.notification.tasks import look_back

    waiting = sorted(unread if after is None else unread & set(after))
    if not waiting or tries >= MOST_WAITS:
        return False
    later = look_back.configure(schedule_in={"seconds": WAIT})
    named: dict[str, Any] = {
        "organisations": [str(one) for one in organisations],
        "after": [str(one) for one in waiting],
    }
    later.defer(**named, tries=tries + 1)
    return after is not None


def _fold(organisations: list[UUID], found: pl.DataFrame, index: Index, paths: list[Path]) -> Batch:
    """Fold what is not known. One look at a time: two would each miss what the other is adding."""
    from dijkwacht.rooms.notification import pipeline

    with tenancy.acting(RETRO):
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        batch = _batch(organisations, paths[-1].stem)
        rows = reading.rows_to_fold(found, index, _reports(found, paths), batch.received_at)
        known = {str(one) for one in Finding.objects.filter(id__in=rows["id"].to_list()).values_list("id", flat=True)}
        fresh = rows.filter(
            ~pl.col("id").str.replace(r"(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5").is_in(known)
        )
        pipeline.fold_rows(batch, fresh)
    return batch


def _batch(organisations: list[UUID], newest: str) -> Batch:
    name = ",".join(sorted(map(str, organisations)))
    digest = hashlib.sha256(f"retro {name} {newest} {timezone.now().isoformat()}".encode()).hexdigest()
    batch = Batch.objects.create(
        sha256=digest,
        filename="retro-attribution",
        size=0,
        channel="retro",
        received_by=RETRO.id,
        started_at=timezone.now(),
    )
    record(
        actor=RETRO,
        action="notification:batch:look-back",
        target=("batch", batch.id),
        detail={"organisations": name[:2000]},
    )
    return batch


def _reports(found: pl.DataFrame, paths: list[Any]) -> dict[str, feeds.Feed]:
    """The feed of each source: the folder its observations are in."""
    feed_of = {path.stem: path.parent.name.removeprefix("feed=") for path in paths}
    return {source: feeds.catalogue()[feed_of[source]] for source in found["sample_source"].unique().to_list()}
