"""Every change of plans and scans: actor first; permission, change and audit in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.knowledge import published, rules
from dijkwacht.rooms.knowledge.errors import AnswersNotUsable, ChangedMeanwhile, ItemNotUsable, NotAllowed
from dijkwacht.rooms.knowledge.planning import reads
from dijkwacht.rooms.knowledge.planning.models import Change, Item, Scan
from dijkwacht.rooms.knowledge.texts import SIZES
from dijkwacht.rooms.registry.models import Organisation

LONGEST_NOTE: Final = 4000
YEARS: Final = 20


@dataclass(frozen=True, slots=True)
class Decided:
    """What is decided about a measure."""

    status: str
    owner: str = ""
    due: date | None = None
    note: str = ""


@transaction.atomic
def take_scan(*, actor: Actor, organisation: UUID, instrument: str, size: str, answers: Mapping[str, str]) -> Scan:
    """Keep a self-scan of an organisation. Raises NotFound, AnswersNotUsable."""
    row = reads.access_organisation(actor, organisation, write=True)
    known = published.instrument(instrument)
    if size not in SIZES:
        raise AnswersNotUsable(fault=f"size: must be one of {', '.join(SIZES)}")
    try:
        given = rules.usable(known, answers)
    except ValueError as error:
        raise AnswersNotUsable(fault=str(error)) from error
    made = Scan.objects.create(
        organisation=row,
        instrument=known.slug,
        version=known.version,
        size=size,
        answers=given,
        taken_by=actor.id[:100],
    )
    record(
        actor=actor,
        action="knowledge:scan:take",
        target=("scan", made.id),
        organisation=row.id,
        detail={"instrument": known.slug, "version": known.version, "answered": len(given)},
    )
    return made


@transaction.atomic
def decide(*, actor: Actor, organisation: UUID, measure: str, version: int, what: Decided) -> Item:
    """Write down what an organisation does about a measure. `version`: of the line as it was read, 0 for none.

    Raises NotFound, ItemNotUsable, ChangedMeanwhile.
    """
    row = reads.access_organisation(actor, organisation, write=True)
    published.entry(measure)
    decided = _cleaned(what)
    Organisation.objects.select_for_update(no_key=True).get(id=row.id)  # two first lines at once would be one too many
    held = Item.objects.select_for_update().filter(organisation=row, measure=measure).first()
    if (held.version if held else 0) != version:
        raise ChangedMeanwhile(version=held.version if held else 0)
    item = held or Item(organisation=row, measure=measure, version=0)
    item.version += 1
    item.status, item.owner, item.due, item.note = decided.status, decided.owner, decided.due, decided.note
    item.changed_by, item.changed_at = actor.id[:100], timezone.now()
    item.save()
    _note(item)
    record(
        actor=actor,
        action="knowledge:plan:decide",
        target=("plan-item", item.id),
        organisation=row.id,
        detail={"measure": measure, "status": item.status, "version": item.version},
    )
    return item


@transaction.atomic
def forget(*, actor: Actor, organisation: UUID) -> None:
    """Remove scans and plan of an organisation that left the register. Raises NotAllowed unless a job of ours asks."""
    if actor.kind is not Kind.SYSTEM:
        raise NotAllowed
    scans, _ = Scan.objects.filter(organisation=organisation).delete()
    items, _ = Item.objects.filter(organisation=organisation).delete()
    record(
        actor=actor,
        action="knowledge:plan:forget",
        target=("organisation", organisation),
        organisation=organisation,
        detail={"scans": scans, "lines": items},
    )


def _cleaned(what: Decided) -> Decided:
    if what.status not in Item.Status.values:
        raise ItemNotUsable(fault=f"status: must be one of {', '.join(Item.Status.values)}")
    if what.due and abs(what.due.year - timezone.localdate().year) > YEARS:
        raise ItemNotUsable(fault=f"due: within {YEARS} years of now")
    if len(what.owner) > 100 or len(what.note) > LONGEST_NOTE:  # noqa: PLR2004 - as the column
        raise ItemNotUsable(fault=f"owner: at most 100 characters, note: at most {LONGEST_NOTE}")
    return Decided(what.status, what.owner.strip(), what.due, what.note.strip())


def _note(item: Item) -> None:
    Change.objects.create(
        item=item,
        organisation_id=item.organisation_id,
        version=item.version,
        status=item.status,
        owner=item.owner,
        due=item.due,
        note=item.note,
        by=item.changed_by,
        at=item.changed_at,
    )
