"""The recent past, attributed to assets that have just been verified.

The first thing a newly registered organisation sees is what is already known about it.
"""

import hashlib
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.conf import settings
from django.utils import timezone

from dijkwacht import feeds
from dijkwacht.data.retro import attribute_partitions
from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.notification import reading, registry_index
from dijkwacht.rooms.notification.models import Batch

RETRO: Final = system("notification:retro")


def on_asset_verified(*, asset: Any, **_: Any) -> None:
    """Ask for the look back in the transaction that verified the asset, so that it is never missed."""
    ask([asset.organisation_id])


def on_assets_imported(*, organisations: list[UUID], **_: Any) -> None:
    ask(organisations)


def ask(organisations: list[UUID]) -> None:
    from dijkwacht.rooms.notification.tasks import look_back

    if organisations and any((settings.HOME / "observations").glob("day=*")):
        look_back.defer(organisations=[str(one) for one in organisations])


def look_back(organisations: list[UUID]) -> Batch | None:
    """Fold what the kept observations say of these organisations' assets, as a batch of its own; None when nothing.

    Only findings that are not known yet are folded: what a batch counted before is not counted again.
    """
    from dijkwacht.rooms.notification import pipeline
    from dijkwacht.rooms.notification.models import Finding

    with tenancy.acting(RETRO):
        index = registry_index.current()
    mine = index.registry.with_row_index("row").filter(
        pl.col("organisation_id").is_in([str(one) for one in organisations])
    )
    longest = max(feed.retention_days for feed in feeds.catalogue().values())
    paths = reading.observations().paths(first=timezone.now().date() - timedelta(days=longest))
    found = attribute_partitions(paths, index, only_assets=mine["row"].to_list(), salt=reading.secret())
    if found.is_empty():
        return None
    with tenancy.acting(RETRO):
        batch = _batch(organisations, paths[-1].stem)
        rows = reading.rows_to_fold(found, index, _reports(found, paths), batch.received_at)
        known = {str(one) for one in Finding.objects.filter(id__in=rows["id"].to_list()).values_list("id", flat=True)}
        fresh = rows.filter(
            ~pl.col("id").str.replace(r"(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5").is_in(known)
        )
        pipeline.fold_rows(batch, fresh)
    pipeline.process(batch.id)
    with tenancy.acting(RETRO):
        batch.refresh_from_db()
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
