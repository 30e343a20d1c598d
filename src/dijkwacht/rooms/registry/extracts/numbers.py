"""How many essential and important entities stand in the register, per sector and subsector: NIS2 article 3(5)(a)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from django.db import connection
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.registry.extracts.files import File, as_csv, as_json
from dijkwacht.rooms.registry.extracts.sectors import Sector, place, sectors, whole
from dijkwacht.rooms.registry.extracts.small import BASE, published, small
from dijkwacht.rooms.registry.history import AsOf
from dijkwacht.rooms.registry.history.reading import state
from dijkwacht.rooms.registry.vocabulary import Classification, Record

COUNTED: Final = (Classification.ESSENTIAL.value, Classification.IMPORTANT.value)
# An entity in two sectors counts in both, and once in the total (no sector: the empty code).
_COUNT: Final = """
with entity as materialized (
  select row, values->>'classification' as class, coalesce(values->'sectors', '[]') as sectors from ({state}) held
   where (values->>'active')::boolean and values->>'classification' = any(%(classes)s)
)
select null, class, count(*) from entity group by class
union all
select code, class, count(distinct row)
  from entity cross join lateral (
    select jsonb_array_elements_text(case when sectors = '[]' then '[""]' else sectors end) as code) each
 group by code, class
"""


class Count(NamedTuple):
    """The entities of one sector or subsector."""

    sector: Sector
    essential: int
    important: int

    @property
    def together(self) -> int:
        return self.essential + self.important


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbers:
    """The counts of a day. `essential` and `important` count each entity once."""

    as_of: AsOf
    rows: tuple[Count, ...]
    essential: int
    important: int

    @property
    def together(self) -> int:
        return self.essential + self.important


def numbers(actor: Actor, as_of: AsOf) -> Numbers:
    """Count the active entities that the actor may read, as the register stood."""
    statement, arguments = state(actor, Record.ORGANISATION)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(state=statement), {**arguments, "moment": as_of.moment, "classes": list(COUNTED)})
        found = {(code, kind): count for code, kind, count in cursor.fetchall()}
    essential, important = (found.get((None, kind), 0) for kind in COUNTED)
    on = as_of.day or timezone.localdate(as_of.moment)
    return Numbers(
        as_of=as_of,
        rows=tuple(_rows(found, (code for code, _ in found if code is not None), on)),
        essential=essential,
        important=important,
    )


def _rows(found: dict[tuple[str | None, str], int], codes: Iterable[str], on: date) -> Iterable[Count]:
    """Yield every sector and subsector that the law names last, counted or not, and each other code that is used."""
    known = sectors(on)
    leaves = known.keys() - {whole(code) for code in known if whole(code) != code}
    for code in sorted({*leaves, *codes}, key=place):
        sector = known.get(code, Sector(code, "", "", "", ""))
        yield Count(sector, found.get((code, COUNTED[0]), 0), found.get((code, COUNTED[1]), 0))


COLUMNS: Final = ("code", "sector_nl", "sector_en", "subsector_nl", "subsector_en")


def file(counted: Numbers, ending: str, *, public: bool = False) -> File:
    """Return the counts as `registry-numbers-DATE.csv` or `.json`; `ending` is csv or json.

    `public`: rounded, as `registry-numbers-public-DATE`; else exact, with what may point at single entities marked.
    """

    def shown(found: Count | Numbers) -> dict[str, Any]:
        both = {"essential": found.essential, "important": found.important}
        return {kind: published(number) for kind, number in both.items()} if public else dict(both)

    rows: list[dict[str, Any]] = [{**dict(zip(COLUMNS, row.sector, strict=True)), **shown(row)} for row in counted.rows]
    name = f"registry-numbers-{'public-' if public else ''}{counted.as_of.stamp}.{ending}"
    if ending == "csv":
        header = ("as_of", *COLUMNS, "essential", "important")
        total = {"code": "total", **shown(counted)}
        cells = [[counted.as_of.text, *(row.get(column, "") for column in header[1:])] for row in [*rows, total]]
        return File(name, as_csv(header, cells), len(rows))
    content: dict[str, Any] = {
        "what": "essential and important entities per sector and subsector",
        "basis": "Directive (EU) 2022/2555 article 3(5)(a)",
        **counted.as_of.heading(),
        "total": shown(counted),
        "sectors": rows,
    }
    if public:
        content["rounded_to"] = BASE
    else:
        content["small"] = [row.sector.code for row in counted.rows if small(row.essential) or small(row.important)]
        content["handling"] = "exact: for the Commission and the Cooperation Group, not for publication"
    return File(name, as_json(content), len(rows))
