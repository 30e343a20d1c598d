"""Items into tables, set by set: a folder of tens of thousands is a few statements, not a row at a time."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
from django.db import connection
from django.utils import timezone

from dijkwacht.feeds.advisories.bounds import clean
from dijkwacht.feeds.advisories.model import Aside, Item
from dijkwacht.platform.database.inserting import insert
from dijkwacht.rooms.advisories.sourcing import models
from dijkwacht.rooms.advisories.sourcing.reading import NOT_VOUCHED

LOCK: Final = 7_302_006  # PostgreSQL advisory lock: one taking at a time, so that two never make one matter twice
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
PACKING: Final = 1
_CURRENT: Final = """
update advisories_item as i set title = n.title, language = n.language, url = n.url, publisher = n.publisher,
  tlp = n.tlp, label = n.label, withdrawn = n.withdrawn, published_at = n.published,
  updated_at = n.updated, seen_at = n.seen, version_id = n.version, versions = i.versions + 1
from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bool[],
  %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::uuid[])
  as n(id, title, language, url, publisher, tlp, label, withdrawn, published, updated, seen, version)
where i.id = n.id
"""


@dataclass(slots=True)
class Stored:
    """What a set of items changed. `dropped`: names that an item's new version no longer has, with the item."""

    new: int = 0
    changed: int = 0
    same: int = 0
    older: int = 0  # versions that came after a newer one: kept, not shown
    names: set[str] = field(default_factory=set)
    dropped: list[tuple[str, UUID]] = field(default_factory=list)
    items: set[UUID] = field(default_factory=set)


@dataclass(slots=True)
class _Row:
    item: Item
    id: UUID
    version: UUID
    digest: str
    fresh: bool  # the item was not known


def lock() -> None:
    """Let one taking at a time write, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])


def known_hashes(source: str, digests: Sequence[str]) -> set[str]:
    """Give those of these hashes that this source said before."""
    rows = models.ItemVersion.objects.filter(sha256__in=digests).values_list("sha256", "item_id")
    found = list(rows)
    ours = set(
        models.Item.objects.filter(id__in={item for _, item in found}, source=source).values_list("id", flat=True)
    )
    return {digest for digest, item in found if item in ours}


def store(source: str, items: Iterable[Item]) -> Stored:
    """Keep items of one source, in the caller's transaction and under `lock`; the newest version of each is current."""
    done, ordered = Stored(), sorted(items, key=lambda one: one.updated or EPOCH)
    known = _known(source, [one.key for one in ordered])
    rows: dict[tuple[str, str], _Row] = {}
    for one in ordered:
        digest = sha256(one.raw).hexdigest()
        ident = known[one.key][0] if one.key in known else None
        rows.setdefault((one.key, digest), _Row(one, ident or uuid4(), uuid4(), digest, ident is None))
    _one_identity(rows)
    _write(source, [*rows.values()], known, done)
    return done


def rewrite(items: dict[UUID, Item], versions: dict[UUID, UUID]) -> Stored:
    """Let items say what their bytes are read as now; `versions`: the current version of each. Under `lock`."""
    done = Stored()
    rows = {ident: _Row(one, ident, versions[ident], "", fresh=False) for ident, one in items.items()}
    said = [models.ItemVersion(id=row.version, said=_said(row.item)) for row in rows.values()]
    models.ItemVersion.objects.bulk_update(said, ["said"], batch_size=500)
    _replace_said([*rows], rows, done)
    done.changed = len(rows)
    return done


def _said(item: Item) -> bytes:
    return msgspec.msgpack.encode(msgspec.structs.replace(item, raw=b"", statements=[]))


def _one_identity(rows: dict[tuple[str, str], _Row]) -> None:
    """Let all versions of one new item have its identifier."""
    seen: dict[str, UUID] = {}
    for (key, _), row in rows.items():
        row.id = seen.setdefault(key, row.id)


def _known(source: str, keys: Sequence[str]) -> dict[str, tuple[UUID, datetime]]:
    found = models.Item.objects.filter(source=source, key__in=keys).values_list("key", "id", "updated_at")
    return {key: (ident, updated or EPOCH) for key, ident, updated in found}


def _write(source: str, rows: list[_Row], known: dict[str, tuple[UUID, datetime]], done: Stored) -> None:
    now = timezone.now()
    newest = {row.id: row for row in rows}  # they come in order of time: the last one stands
    fresh = {row.id: newest[row.id] for row in rows if row.fresh}
    insert([_item(source, row, now) for row in fresh.values()])
    added = insert([_version(row, now) for row in rows], skip_known=True)
    stands = {
        ident: row
        for ident, row in newest.items()
        if row.version in added and (row.fresh or (row.item.updated or EPOCH) >= known[row.item.key][1])
    }
    changed = [row for row in stands.values() if not row.fresh]
    _make_current(changed, now)
    done.new, done.changed = len(fresh), len(changed)
    done.same = len(rows) - len(added)
    done.older = len(added) - len(stands)
    _replace_said([row.id for row in changed], stands, done)


def _item(source: str, row: _Row, now: datetime) -> models.Item:
    one = row.item
    return models.Item(
        id=row.id, source=source, key=one.key[:500], kind=one.kind, title=one.title[:300], language=one.language[:20],
        url=one.url[:2048], publisher=one.publisher[:200], tlp=one.tlp[:20], label=one.version[:40],
        withdrawn=one.withdrawn, published_at=one.published, updated_at=one.updated, first_seen=now, seen_at=now,
        version_id=row.version,
    )  # fmt: skip


def _version(row: _Row, now: datetime) -> models.ItemVersion:
    return models.ItemVersion(
        id=row.version,
        item_id=row.id,
        sha256=row.digest,
        raw=zlib.compress(row.item.raw, PACKING),
        said=_said(row.item),
        updated_at=row.item.updated,
        at=now,
        personal=row.item.personal,
    )


def _make_current(rows: list[_Row], now: datetime) -> None:
    if not rows:
        return
    columns: list[list[Any]] = [
        [row.id for row in rows],
        [row.item.title[:300] for row in rows],
        [row.item.language[:20] for row in rows],
        [row.item.url[:2048] for row in rows],
        [row.item.publisher[:200] for row in rows],
        [row.item.tlp[:20] for row in rows],
        [row.item.version[:40] for row in rows],
        [row.item.withdrawn for row in rows],
        [row.item.published for row in rows],
        [row.item.updated for row in rows],
        [now for _ in rows],
        [row.version for row in rows],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_CURRENT, columns)


def _replace_said(changed: list[UUID], rows: dict[UUID, _Row], done: Stored) -> None:
    """What an item said before goes, what it says now takes its place."""
    before = set(models.Naming.objects.filter(item_id__in=changed).values_list("name", "item_id")) if changed else set()
    for table in (models.Naming, models.Statement, models.Remedy):
        if changed:
            table.objects.filter(item_id__in=changed).delete()
    namings = [one for row in rows.values() for one in _namings(row)]
    insert(namings)
    remedies = {ident: _remedies(ident, row.item) for ident, row in rows.items()}
    insert([one for found in remedies.values() for one in found])
    insert([one for ident, row in rows.items() for one in _statements(ident, row.item, remedies[ident])], at_once=5_000)
    done.items = set(rows)
    done.names |= {one.name for one in namings}
    done.dropped = sorted(before - {(one.name, one.item_id) for one in namings})


def _namings(row: _Row) -> list[models.Naming]:
    live = not row.item.withdrawn  # what a source took back says nothing any more of how bad it is
    return [
        models.Naming(
            item_id=row.id,
            name=one.name,
            bundles=row.item.bundles,
            title=one.title[:300],
            rank=one.rank,
            cvss=max((score.base for score in one.scores), default=None) if live else None,
            exploited_on=one.exploited_since if live else None,
            ransomware=one.ransomware and live,
            active=live and any(key == "Exploitation" and value.lower() == "active" for key, value in one.ssvc),
        )
        for one in {one.name: one for one in row.item.vulnerabilities}.values()
    ]


def _remedies(ident: UUID, item: Item) -> list[models.Remedy]:
    texts = dict.fromkeys(one.remedy for one in item.statements if one.remedy)
    return [models.Remedy(item_id=ident, number=number, text=text) for number, text in enumerate(texts, 1)]


def _statements(ident: UUID, item: Item, remedies: list[models.Remedy]) -> list[models.Statement]:
    numbers = {one.text: one.number for one in remedies}
    return [
        models.Statement(
            item_id=ident,
            name=one.vulnerability,
            vendor=one.vendor[:200],
            product=one.product[:300],
            version=one.version,
            notation=one.notation.value,
            status=one.status.value,
            cpe=one.cpe[:500],
            purl=one.purl[:500],
            numbers=list(one.models),
            remedy=numbers.get(one.remedy, 0),
        )
        for one in item.statements
    ]


def aside_before(source: str, digests: Sequence[str]) -> set[str]:
    """Give those of these hashes that were set aside before for what stands in them: a check costs, and says the same.

    What was not vouched for is judged anew, since its signature may have come.
    """
    rows = models.SetAside.objects.filter(source=source, sha256__in=digests).exclude(kind__in=NOT_VOUCHED)
    return set(rows.values_list("sha256", flat=True))


def set_aside(source: str, asides: Iterable[Aside]) -> int:
    """Keep what could not come in, once each; gives how many are new."""
    rows = [
        models.SetAside(
            source=source,
            kind=one.kind[:8],
            place=clean(one.place, 5000)[-500:],
            sha256=sha256(one.raw).hexdigest(),
            size=len(one.raw),
            raw=zlib.compress(one.raw, PACKING) if one.raw else None,
            findings=[clean(said, 400) for said in one.findings],
        )
        for one in asides
    ]
    return len(insert(rows, skip_known=True)) if rows else 0
