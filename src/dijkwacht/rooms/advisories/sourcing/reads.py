"""What is known of matters, items and sources: the only way to the rows."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from dijkwacht.feeds.advisories.bounds import CVE, CVE_ONLY
from dijkwacht.feeds.advisories.catalogue import Source
from dijkwacht.feeds.advisories.model import Item as SaidItem
from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.rooms.advisories.facts import MatterFacts
from dijkwacht.rooms.advisories.sourcing import models
from dijkwacht.rooms.advisories.sourcing.errors import NoMatter, NotAllowed
from dijkwacht.rooms.advisories.sourcing.facing import facts_of, public
from dijkwacht.rooms.advisories.sourcing.known import sources
from dijkwacht.rooms.advisories.statements import COLUMNS, Notation, ProductStatement, Status

_CLEAR: Final = " and i.tlp = 'CLEAR'"
_LISTED: Final = " and i.kind = 'kev'"
_STATED: Final = " and i.kind <> 'kev'"
ORDERS: Final = {"weight": "-weight", "time": "-last_changed"}
_FRAME: Final = """
select i.source, i.key, s.name, s.vendor, s.product, s.version, s.notation, s.status, s.cpe, s.purl,
  s.numbers::text, coalesce(r.text, ''), v.matter_id::text
from advisories_statement s join advisories_item i on i.id = s.item_id
join advisories_vulnerability v on v.name = s.name
left join advisories_remedy r on r.item_id = s.item_id and r.number = s.remedy and s.remedy > 0
where {where} order by s.id
"""


def require(actor: Actor) -> None:
    """Raise NotAllowed for whoever may not see matters and sources."""
    if not allows(actor, "advisories:read"):
        raise NotAllowed


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter. `words`: CVE id, or words of title, vendor, product; `state`: new, settled, or else both."""

    words: str = ""
    state: str = "new"
    exploited: bool = False
    source: str = ""


def matters(actor: Actor, wanted: Wanted | None = None) -> QuerySet[models.Matter]:
    """Give the matters that a filter wants, unsorted and without `words`. Raises NotAllowed."""
    require(actor)
    wanted = wanted or Wanted(state="")
    rows = models.Matter.objects.defer("words")
    rows = rows.filter(state=wanted.state) if wanted.state in ("new", "settled") else rows.exclude(state="joined")
    if wanted.exploited:
        rows = rows.filter(Q(exploited_on__isnull=False) | Q(active=True))
    if wanted.source:
        items = models.Item.objects.filter(source=wanted.source).values("id")
        names = models.Naming.objects.filter(item_id__in=items).values("name")
        rows = rows.filter(id__in=models.Vulnerability.objects.filter(name__in=names).values("matter_id"))
    return _searched(rows, wanted.words.strip()[:200]) if wanted.words.strip() else rows


def _searched(rows: QuerySet[models.Matter], words: str) -> QuerySet[models.Matter]:
    if CVE.search(words.upper()):
        names = CVE.findall(words.upper())
        return rows.filter(id__in=models.Vulnerability.objects.filter(name__in=names).values("matter_id"))
    parts = ["".join(letter for letter in part if letter.isalnum() or letter in "-._") for part in words.split()[:12]]
    text = " & ".join(f"'{part}':*" for part in parts if any(letter.isalnum() for letter in part))
    return rows.filter(words=SearchQuery(text, config="simple", search_type="raw")) if text else rows.none()


def access_matter(actor: Actor, matter: UUID) -> models.Matter:
    """Give a matter, also one that was joined into another (see `joined`). Raises NotAllowed, NoMatter."""
    require(actor)
    found = models.Matter.objects.defer("words").filter(id=matter).first()
    if found is None:
        raise NoMatter
    return found


def access_item(actor: Actor, item: UUID) -> models.Item:
    """Give an item. Raises NotAllowed, NoMatter."""
    require(actor)
    found = models.Item.objects.filter(id=item).first()
    if found is None:
        raise NoMatter
    return found


def versions(item: models.Item) -> QuerySet[models.ItemVersion]:
    """Give the versions of an item, the newest first, without their bytes."""
    return models.ItemVersion.objects.filter(item_id=item.id).defer("raw", "said").order_by("-updated_at", "-at")


def as_it_came(actor: Actor, item: UUID) -> bytes:
    """Give the bytes of an item's current version. Raises NotAllowed, NoMatter."""
    row = access_item(actor, item)
    kept = models.ItemVersion.objects.filter(erased_at=None)
    version = kept.filter(id=row.version_id).first() if row.version_id else None
    if version is None:
        raise NoMatter
    return zlib.decompress(version.raw)


def names_of(matter: UUID) -> list[str]:
    """Give the vulnerabilities of a matter, in order."""
    return [*models.Vulnerability.objects.filter(matter_id=matter).order_by("name").values_list("name", flat=True)]


def matters_of(names: Iterable[str]) -> dict[str, UUID]:
    """Give the matter of each vulnerability that is known, in one question."""
    return dict(models.Vulnerability.objects.filter(name__in=[*names]).values_list("name", "matter_id"))


@dataclass(frozen=True, slots=True)
class Told:
    """One item with what it says; `said` is None where its words were erased."""

    item: models.Item
    source: Source | None
    said: SaidItem | None


def told(actor: Actor, matter: UUID, most: int = 500) -> list[Told]:
    """Give every item of a matter with what it says, the newest first. Raises NotAllowed."""
    require(actor)
    names = models.Vulnerability.objects.filter(matter_id=matter).values("name")
    items = models.Naming.objects.filter(name__in=names).values("item_id")
    rows = [*models.Item.objects.filter(id__in=items).order_by("-updated_at", "id")[:most]]
    current = [row.version_id for row in rows if row.version_id]
    kept = models.ItemVersion.objects.filter(id__in=current, erased_at=None).values_list("id", "said")
    words: dict[UUID | None, Any] = dict(kept)
    known = sources()
    return [Told(row, known.get(row.source), _said(words.get(row.version_id))) for row in rows]


def _said(packed: Any) -> SaidItem | None:
    return msgspec.msgpack.decode(packed, type=SaidItem) if packed else None


def statements(
    actor: Actor, matter: UUID, most: int = 20_000, *, every: bool = True, kinds: str = ""
) -> list[ProductStatement]:
    """Give the statements of a matter, the same ones of several sources once. `kinds`: a condition on theirs.

    Raises NotAllowed.
    """
    require(actor)
    rows = _rows("v.matter_id = %s and not i.withdrawn" + ("" if every else _CLEAR) + kinds, [matter], most)
    return list(dict.fromkeys(_statement(row) for row in rows))


def _rows(where: str, values: Sequence[Any], most: int | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_FRAME.format(where=where) + (f" limit {most:d}" if most else ""), values)
        return list(cursor.fetchall())


def _statement(row: tuple[Any, ...]) -> ProductStatement:
    _, _, name, vendor, product, version, notation, status, cpe, purl, numbers, remedy, _ = row
    return ProductStatement(
        name, vendor, product, version, Notation(notation), Status(status), cpe, purl,
        tuple(msgspec.json.decode(numbers)), remedy,
    )  # fmt: skip


def statement_frame(
    actor: Actor, *, matters: Sequence[UUID] | None = None, names: Sequence[str] | None = None, every: bool = False
) -> Any:
    """Give statements as a Polars frame with `statements.COLUMNS` and a column `matter` after them.

    `matters`, `names` (of vulnerabilities): only theirs; neither: all there are. `models` is a list of text, all else
    is text. What its source withdrew is left out, and what is not TLP:CLEAR unless `every` is said. Raises NotAllowed.
    """
    import polars as pl

    require(actor)
    where, values = ["not i.withdrawn" + ("" if every else _CLEAR)], []
    for column, wanted, kind in (("v.matter_id", matters, "uuid"), ("s.name", names, "text")):
        if wanted is not None:
            where.append(f"{column} = any(%s::{kind}[])")
            values.append([*wanted])
    rows = _rows(" and ".join(where), values)
    schema = dict.fromkeys([*COLUMNS, "matter"], pl.String)
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(pl.col("models").str.json_decode(pl.List(pl.String)))


def to_count(actor: Actor, most: int) -> list[UUID]:
    """Give matters of which nobody counted who runs them since they changed; then those counted longest ago.

    What waits to be assessed is counted again every day: inventories change too. Raises NotAllowed.
    """
    require(actor)
    old = Q(state="new", counted_at__lt=timezone.now() - timedelta(days=1))
    rows = models.Matter.objects.exclude(state="joined")
    rows = rows.filter(Q(counted_at=None) | Q(counted_at__lt=F("last_changed")) | old)
    return [*rows.order_by(F("counted_at").asc(nulls_first=True), "-weight").values_list("id", flat=True)[:most]]


def matter_facts(actor: Actor, matter: UUID, *, every: bool = False) -> MatterFacts:
    """Give what the items of a matter say, as writing and assessing use it. Raises NotAllowed, NoMatter.

    Only what is TLP:CLEAR, so that nothing else gets into an advisory by accident; `every`: what is restricted too,
    for eyes of the centre.
    """
    row = access_matter(actor, matter)
    if row.joined is not None:
        row = access_matter(actor, row.joined)
    names = names_of(row.id)
    said = [(one.item, one.said) for one in told(actor, row.id) if every or one.item.tlp == "CLEAR"]
    title = row.title
    if not every:
        names, title = public(names, title, said)
    numbers = [one for one in names if CVE_ONLY.match(one)]
    chances = {one.name: one for one in models.Chance.objects.filter(name__in=numbers)}
    own, listed = (statements(actor, row.id, every=every, kinds=kinds) for kinds in (_STATED, _LISTED))
    return facts_of(row, title, names, said, chances, own, listed)


def joinings(matter: UUID) -> list[models.Joining]:
    """Give the traces of matters that became part of this one."""
    return [*models.Joining.objects.filter(into=matter).order_by("at")[:100]]


@dataclass(frozen=True, slots=True)
class Standing:
    """A source and how it does."""

    source: Source
    state: models.SourceState | None
    items: int
    aside: int
    newest: datetime | None


def standings(actor: Actor) -> list[Standing]:
    """Give how each source does. Raises NotAllowed."""
    from django.db.models import Count, Max

    require(actor)
    states = {row.slug: row for row in models.SourceState.objects.all()}
    rows = models.Item.objects.order_by().values("source").annotate(count=Count("id"), newest=Max("seen_at"))
    counts: dict[str, dict[str, Any]] = {row["source"]: dict(row) for row in rows}
    open_ = models.SetAside.objects.filter(done_at=None).order_by().values_list("source").annotate(count=Count("id"))
    aside: dict[str, int] = dict(open_)
    return [
        Standing(
            one,
            states.get(slug),
            counts.get(slug, {}).get("count", 0),
            aside.get(slug, 0),
            counts.get(slug, {}).get("newest"),
        )
        for slug, one in sources().items()
    ]


def set_aside(actor: Actor, source: str = "") -> QuerySet[models.SetAside]:
    """Give what waits to be replayed or let go. Raises NotAllowed."""
    require(actor)
    rows = models.SetAside.objects.filter(done_at=None).defer("raw")
    return rows.filter(source=source) if source else rows


def access_aside(actor: Actor, aside: UUID) -> models.SetAside:
    """Give what was set aside, without its bytes. Raises NotAllowed, NoMatter."""
    require(actor)
    found = models.SetAside.objects.defer("raw").filter(id=aside).first()
    if found is None:
        raise NoMatter
    return found


def called_since(statement: int, most: int) -> tuple[list[tuple[str, str, str, str, tuple[str, ...]]], int]:
    """Give what statements after one (its row number) call products, each once, and the last that was looked at.

    Vendor, product, CPE, purl, model numbers, of items of which the source makes no secret. In the centre's scope.
    """
    rows = models.Statement.objects.filter(id__gt=statement).order_by("id")[:most]
    found = list(rows.values_list("id", "item_id", "vendor", "product", "cpe", "purl", "numbers"))
    clear = set(
        models.Item.objects.filter(id__in={row[1] for row in found}, withdrawn=False, tlp="CLEAR").values_list(
            "id", flat=True
        )
    )
    names = {(*row[2:6], tuple(map(str, row[6]))): None for row in found if row[1] in clear}
    return list(names), max((row[0] for row in found), default=statement)
