"""Which lists, products and lines a document meets, and the reverse: what CSAF 2.0 9.1.13 and 9.1.17 ask.

An asset is a line of an inventory, a component a line that came from an SBOM, and an SBOM a list with such lines.
"""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.rooms.advisories.delivery import reads
from dijkwacht.rooms.advisories.delivery.errors import NotAllowed, NotFound
from dijkwacht.rooms.advisories.delivery.models import Match
from dijkwacht.rooms.advisories.inventory import reads as inventory
from dijkwacht.rooms.advisories.inventory.models import Inventory, Line
from dijkwacht.rooms.advisories.inventory.rules import SBOM

MOST_PRODUCTS: Final = 5_000
# Jobs of run_lines that did not end yet, about lines that row-level security shows who asks.
_WAITS: Final = """
select exists (
  select 1 from procrastinate_jobs job, jsonb_array_elements_text(job.args -> 'lines') as one (id)
  join advisories_line line on line.id = one.id::uuid
  where job.task_name = 'advisories.run_lines' and job.status in ('todo', 'doing')
    and (%(inventory)s::uuid is null or line.inventory_id = %(inventory)s)
)
"""


def waits(inventory: UUID | None = None) -> bool:
    """Tell whether lines of a list, or of any list of who asks, must still be matched: no answer is no all-clear."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, {"inventory": inventory})
        return bool(cursor.fetchone()[0])


def lines_of(actor: Actor, advisory: UUID, *, sbom: bool = False) -> QuerySet[Line]:
    """Return the lines that a document meets, each with its worst `verdict`, `statuses` and `vulnerabilities`.

    `sbom`: only components of SBOMs. For the centre. Raises NotAllowed, NotFound.
    """
    if not (actor.is_centre and allows(actor, reads.READ)):
        raise NotAllowed
    matches = Match.objects.filter(advisory=advisory, ended_at=None)
    if not matches.exists() and reads.current_version(advisory) is None:
        raise NotFound
    said = matches.filter(line_id=OuterRef("id")).order_by().values("line_id")
    least = said.annotate(
        worst=Min("verdict"), least=ArrayAgg("status", distinct=True), holes=ArrayAgg("vulnerability")
    )
    rows = Line.objects.filter(removed_at=None, id__in=matches.values("line_id")).annotate(
        verdict=Subquery(least.values("worst")[:1]),
        statuses=Subquery(least.values("least")[:1]),
        vulnerabilities=Subquery(least.values("holes")[:1]),
    )
    if sbom:
        rows = rows.filter(source__in=SBOM)
    return rows.select_related("inventory__organisation").order_by(
        "inventory__organisation__name", "inventory__name", "id"
    )


def inventories_of(actor: Actor, advisory: UUID, *, sbom: bool = False) -> QuerySet[Inventory]:
    """Return the lists (with `sbom` the SBOMs) that a document meets, each with `matched`: how many lines of it.

    For the centre. Raises NotAllowed, NotFound.
    """
    found = lines_of(actor, advisory, sbom=sbom).order_by().values("id")
    rows = Inventory.objects.filter(removed_at=None).select_related("organisation")
    rows = rows.annotate(matched=Count("lines", filter=Q(lines__id__in=found))).filter(matched__gt=0)
    return rows.order_by("organisation__name", "name", "id")


def products_of(actor: Actor, advisory: UUID, *, sbom: bool = False) -> QuerySet[Any]:
    """Return vendor and product of what a document meets, with how many lines and organisations have it.

    For the centre. Raises NotAllowed, NotFound.
    """
    rows = lines_of(actor, advisory, sbom=sbom).order_by()
    named = rows.values("vendor", "product")
    return named.annotate(matched=Count("id"), organisations=Count("organisation_id", distinct=True)).order_by(
        "vendor", "product"
    )


def advisories_of_inventory(actor: Actor, row: UUID) -> list[dict[str, Any]]:
    """Return the documents that meet a list or SBOM, each with how many of its lines. Raises NotAllowed, NotFound."""
    held = inventory.access_inventory(actor, row)
    lines = held.lines.filter(removed_at=None).order_by().values("id")
    found = Match.objects.filter(line_id__in=lines, ended_at=None).values("advisory").order_by("advisory")
    counted = found.annotate(lines=Count("line_id", distinct=True), verdict=Min("verdict"))
    return _with_numbers(held.organisation_id, counted)


def products_run(actor: Actor, organisation: UUID) -> list[dict[str, Any]]:
    """Return the products that an organisation runs, each with its lines and the documents about it.

    The first MOST_PRODUCTS by name. Raises NotAllowed, NotFound.
    """
    held = inventory.access_organisation(actor, organisation)
    rows = Line.objects.filter(organisation_id=held.id, removed_at=None).order_by("vendor", "product", "id")
    lines: dict[tuple[str, str], list[UUID]] = {}
    for key, vendor, product in rows.values_list("id", "vendor", "product"):
        lines.setdefault((vendor, product), []).append(key)
    shown = dict(list(lines.items())[:MOST_PRODUCTS])
    about = reads.advisories_of_lines(actor, [line for ids in shown.values() for line in ids])
    return [
        {
            "vendor": vendor,
            "product": product,
            "lines": len(ids),
            "advisories": sorted({one.number for line in ids for _, one in about.get(line, ())}),
        }
        for (vendor, product), ids in shown.items()
    ]


def _with_numbers(organisation: UUID, rows: Iterable[Any]) -> list[dict[str, Any]]:
    found = list(rows)
    newest = {row["advisory"]: reads.newest_version(row["advisory"]) or 0 for row in found}
    known = reads.versions(newest.items())
    shown = [(row, known.get((row["advisory"], newest[row["advisory"]]))) for row in found]
    return sorted(
        ({**row, "known": one.as_for(organisation)} for row, one in shown if one is not None),
        key=lambda row: (row["verdict"], row["known"].number),
    )
