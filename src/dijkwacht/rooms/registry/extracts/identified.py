"""How many entities a minister identified, by sector, type of service and provision: NIS2 article 3(5)(b).

The article asks the number of entities identified under article 2(2)(b) to (e), their sector and subsector, the type of
service they provide, and the provision by which they were identified.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.law.applicability import house_rulebook
from dijkwacht.rooms.registry import dated
from dijkwacht.rooms.registry.extracts.files import File, as_csv, as_json
from dijkwacht.rooms.registry.extracts.numbers import COUNTED
from dijkwacht.rooms.registry.extracts.sectors import Sector, place, sectors
from dijkwacht.rooms.registry.history import AsOf
from dijkwacht.rooms.registry.history.reading import loaded, state
from dijkwacht.rooms.registry.vocabulary import Record

COLUMNS: Final = (
    "provision",
    "article",
    "code",
    "sector_nl",
    "sector_en",
    "subsector_nl",
    "subsector_en",
    "type",
    "service_nl",
    "service_en",
    "essential",
    "important",
)
_HELD: Final = """
select row, values from ({state}) held
 where (values->>'active')::boolean and values->>'classification' = any(%(classes)s)
   and coalesce(values->'identified_by', '[]') <> '[]' order by row
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Identified:
    """The counts of a day: a row per provision, sector and type. The totals count each entity once."""

    as_of: AsOf
    rows: tuple[Mapping[str, Any], ...]
    essential: int
    important: int


def identified(actor: Actor, as_of: AsOf) -> Identified:
    """Count the active identified entities that the actor may read, as the register stood."""
    statement, arguments = state(actor, Record.ORGANISATION)
    with connection.cursor() as cursor:
        cursor.execute(_HELD.format(state=statement), {**arguments, "moment": as_of.moment, "classes": list(COUNTED)})
        entities = [loaded(values) for _, values in cursor.fetchall()]
    on = as_of.day or timezone.localdate(as_of.moment)
    known = dated.identifications(on)
    entities = [values for values in entities if known.keys() & {*values["identified_by"]}]
    counts: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTED, 0))
    for values in entities:
        for provision in known.keys() & {*values["identified_by"]}:
            for sector, kind in services(values):
                counts[provision, sector, kind][values["classification"]] += 1
    essential, important = (sum(values["classification"] == kind for values in entities) for kind in COUNTED)
    return Identified(as_of=as_of, rows=tuple(_rows(counts, on)), essential=essential, important=important)


def services(values: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return the sectors of an entity, each with the type of service it gives there; no type: the empty code."""
    typed = {(code.partition("-")[0], code) for code in values.get("entity_types", [])}
    bare = {(sector, "") for sector in values.get("sectors", []) if sector not in {named for named, _ in typed}}
    return typed | bare or {("", "")}


def _rows(counts: Mapping[tuple[str, str, str], Mapping[str, int]], on: date) -> Iterable[dict[str, Any]]:
    known, named = dated.identifications(on), sectors(on)
    types = {row["code"]: row for row in house_rulebook().types.rows}
    order = list(known)
    for provision, code, kind in sorted(counts, key=lambda key: (order.index(key[0]), place(key[1]), key[2])):
        sector, service = named.get(code, Sector(code, "", "", "", "")), types.get(kind)
        yield {
            "provision": known[provision]["provision"],
            "article": known[provision]["article"],
            **dict(zip(("code", "sector_nl", "sector_en", "subsector_nl", "subsector_en"), sector, strict=True)),
            "type": kind,
            "service_nl": service["name_nl"] if service else "",
            "service_en": service["name_en"] if service else "",
            **counts[provision, code, kind],
        }


def file(found: Identified, ending: str) -> File:
    """Return the counts as `registry-identified-DATE.csv` or `.json`; `ending` is csv or json."""
    name = f"registry-identified-{found.as_of.stamp}.{ending}"
    if ending == "csv":
        total = {"provision": "total", "essential": found.essential, "important": found.important}
        cells = [[found.as_of.text, *(row.get(column, "") for column in COLUMNS)] for row in [*found.rows, total]]
        return File(name, as_csv(("as_of", *COLUMNS), cells), len(found.rows))
    content = {
        "what": "entities identified under article 2(2)(b) to (e), by sector and type of service",
        "basis": "Directive (EU) 2022/2555 article 3(5)(b)",
        "handling": "for the Commission alone: small numbers may point at one entity",
        **found.as_of.heading(),
        "total": {"essential": found.essential, "important": found.important},
        "entities": list(found.rows),
    }
    return File(name, as_json(content), len(found.rows))
