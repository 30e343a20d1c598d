"""The registry as the data path wants it: one frame of what may be attributed, and a number that tells of changes."""

import io
from dataclasses import dataclass
from typing import Final

import polars as pl
from django.db import connection

from dijkwacht.data.schema import REGISTRY
from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry.models import ChangedAsset, RegistryVersion

CHANGES_AT_MOST: Final = 10_000  # an index of them is made for one batch
_MOMENT: Final = "%Y%m%dT%H%M%S%f"
# REGISTRY, in its order, and what the database needs to join the answer back.
FRAME: Final = pl.Schema(
    [*REGISTRY.items(), ("asset", pl.Int64), ("organisation_id", pl.String), ("status", pl.String)]
)
# COPY takes no parameters; there are none. COPY honours no row-level security on a table, so it copies a query.
_COPY: Final = """
copy (select a.organisation_id::text, a.kind, a.value, a.fallback::int, a.id, a.status
        from registry_asset a join registry_organisation o on o.id = a.organisation_id
       where a.status = 'verified' and (a.expires_at is null or a.expires_at > now()) and o.active{those}
       order by a.id) to stdout (format csv)
"""
_CHANGED: Final = " and a.id in (select asset_id from registry_changedasset where number > {number})"
_COLUMNS: Final = {
    "organisation": pl.String,
    "kind": pl.String,
    "value": pl.String,
    "fallback": pl.Int8,
    "asset": pl.Int64,
    "status": pl.String,
}


def registry_version() -> str:
    """Return a text that changes with every change of what may be attributed; equal texts, equal frames.

    The moment is part of it, so that a database restored from a backup does not repeat a version it had before. Time
    itself is not counted: an asset whose date passes changes the frame when `expire_due_assets` runs.
    """
    number, changed = RegistryVersion.objects.values_list("number", "changed_at").get(id=1)
    return f"{number}-{changed:{_MOMENT}}"


@dataclass(frozen=True)
class Changes:
    """What changed since a version: the ids of the assets, and those that count now as a frame of schema FRAME."""

    assets: frozenset[int]
    now: pl.DataFrame


def changes_since(version: str) -> Changes | None:
    """Return what changed since `version`, or None when that is too much, or not known. Runs for the centre."""
    number, _, moment = version.partition("-")
    its_own = ChangedAsset.objects.filter(number=number).first()
    later = [*ChangedAsset.objects.filter(number__gt=number).values_list("asset_id", flat=True)[: CHANGES_AT_MOST + 1]]
    changed = [asset for asset in later if asset is not None]
    if its_own is None or f"{its_own.changed_at:{_MOMENT}}" != moment:
        return None
    if len(changed) < len(later) or len(changed) > CHANGES_AT_MOST:
        return None
    return Changes(frozenset(changed), _read(_CHANGED.format(number=int(number))))


def forget_changes(version: str) -> None:
    """Remove the changes before `version`, which every index knows from now on."""
    ChangedAsset.objects.filter(number__lt=version.partition("-")[0]).delete()


def registry_frame() -> pl.DataFrame:
    """Return every verified, unexpired asset of an active organisation, in the order of its id, of schema FRAME."""
    return _read("")


def _read(those: str) -> pl.DataFrame:
    with tenancy.acting(system("registry:frame")):
        connection.ensure_connection()
        buffer = io.BytesIO()
        with connection.connection.cursor() as cursor, cursor.copy(_COPY.format(those=those)) as rows:
            for chunk in rows:
                buffer.write(chunk)
    if not buffer.tell():
        return pl.DataFrame(schema=FRAME)
    buffer.seek(0)
    found = pl.read_csv(buffer, has_header=False, schema=_COLUMNS)
    return found.with_columns(pl.col("fallback").cast(pl.Boolean), organisation_id="organisation").select(FRAME.names())
