"""The only way to plans and scans, and the plan of an organisation in its order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.knowledge import published, rules
from dijkwacht.rooms.knowledge.errors import NotFound
from dijkwacht.rooms.knowledge.figures import reads as figures
from dijkwacht.rooms.knowledge.planning.models import Change, Item, Scan
from dijkwacht.rooms.knowledge.rules import Line
from dijkwacht.rooms.knowledge.texts import Measure
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.models import Organisation


@dataclass(frozen=True)
class Row:
    """One measure of a plan: where it stands in the order, and what was decided. `line` is None when nothing lacks."""

    measure: Measure
    line: Line | None
    item: Item | None

    @property
    def status(self) -> str:
        """Return the status; a measure that nobody decided on is open."""
        return self.item.status if self.item else Item.Status.OPEN

    def late(self, today: date) -> bool:
        """Whether it should have been done."""
        unfinished = self.status in {Item.Status.OPEN, Item.Status.DOING}
        return bool(self.item and self.item.due and self.item.due < today and unfinished)


@dataclass(frozen=True)
class Plan:
    """The plan of an organisation. `scans`: the latest of each instrument; `levels`: what happens in the sector."""

    organisation: Organisation
    size: str
    today: date
    scans: dict[str, Scan]
    levels: Mapping[str, int]
    rows: list[Row]

    @property
    def todo(self) -> list[Row]:
        """Return what is still to be done, in its order."""
        return [row for row in self.rows if row.status in {Item.Status.OPEN, Item.Status.DOING}]

    @property
    def finished(self) -> list[Row]:
        """Return what was done or dropped."""
        return [row for row in self.rows if row.status in {Item.Status.DONE, Item.Status.DROPPED}]


def access_organisation(actor: Actor, identifier: UUID, *, write: bool = False) -> Organisation:
    """Return an organisation whose plan the actor may read, or write. Raises NotFound."""
    allowed = rules.may_write(actor, identifier) if write else rules.may_read(actor, identifier)
    if not allowed:
        raise NotFound(what="plan", what_nl="plan")
    return registry.access_organisation(actor, identifier)


def scans_of(actor: Actor, organisation: UUID) -> QuerySet[Scan]:
    """Return the scans of an organisation, the latest first. Raises NotFound."""
    return Scan.objects.filter(organisation=access_organisation(actor, organisation))


def items_of(actor: Actor, organisation: UUID) -> QuerySet[Item]:
    """Return what an organisation decided. Raises NotFound."""
    return Item.objects.filter(organisation=access_organisation(actor, organisation))


def item_of(actor: Actor, organisation: UUID, measure: str) -> Item | None:
    """Return what an organisation decided about a measure, if anything. Raises NotFound."""
    return items_of(actor, organisation).filter(measure=measure).first()


def history_of(actor: Actor, organisation: UUID) -> QuerySet[Change]:
    """Return what became of the lines of a plan, the latest first. Raises NotFound."""
    rows = Change.objects.select_related("item").filter(organisation_id=access_organisation(actor, organisation).id)
    return rows.order_by("-at", "-id")


def latest(actor: Actor, organisation: UUID) -> dict[str, Scan]:
    """Return the latest scan of each instrument. Raises NotFound."""
    rows = scans_of(actor, organisation).order_by("instrument", "-taken_at", "id").distinct("instrument")
    return {row.instrument: row for row in rows}


def plan_of(actor: Actor, organisation: UUID) -> Plan:
    """Return the plan of an organisation, in its order. Raises NotFound."""
    row = access_organisation(actor, organisation)
    scans = latest(actor, organisation)
    newest = max(scans.values(), key=lambda one: one.taken_at, default=None)
    size = newest.size if newest else rules.size_of(row.staff)
    levels = figures.levels(row.sectors)
    measures = published.measures()
    lines = {line.measure.slug: line for line in rules.plan(measures, _lacking(scans), size, levels)}
    items = {item.measure: item for item in items_of(actor, organisation)}
    known = {one.slug: one for one in measures}
    order = [*lines, *(slug for slug in known if slug in items and slug not in lines)]
    rows = [Row(known[slug], lines.get(slug), items.get(slug)) for slug in order]
    return Plan(row, size, timezone.localdate(), scans, levels, rows)


def _lacking(scans: Mapping[str, Scan]) -> dict[str, float]:
    """Return by measure how much is lacking: of several scans the one that was filled in last decides."""
    known, lacking = published.instruments(), dict[str, float]()
    for scan in sorted(scans.values(), key=lambda one: one.taken_at):
        if scan.instrument in known:
            lacking |= rules.gaps(known[scan.instrument], scan.answers)
    return lacking
