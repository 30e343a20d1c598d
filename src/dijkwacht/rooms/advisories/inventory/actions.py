"""Every change of inventories: actor first; permission, change and audit in one transaction."""

import hashlib
from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, Kind, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.database.inserting import insert
from dijkwacht.rooms.advisories.inventory import events, names, reads, rules
from dijkwacht.rooms.advisories.inventory.errors import InvalidName, NameTaken, NotAllowed, NotFound, NothingIn, TooMuch
from dijkwacht.rooms.advisories.inventory.models import Edition, Intake, Inventory, Line, Name
from dijkwacht.rooms.registry.models import Organisation

LONGEST_NAME: Final = 100
NAMER: Final = system("advisories:names")


@transaction.atomic
def create_inventory(*, actor: Actor, organisation: UUID, name: str) -> Inventory:
    """Begin a list for a system, a site or the whole organisation.

    Raises NotFound, NotAllowed, InvalidName, NameTaken, TooMuch.
    """
    _may(actor, organisation)
    name = _name(name)
    _hold(organisation)
    held = Inventory.objects.filter(organisation_id=organisation, removed_at=None)
    if held.filter(name__iexact=name).exists():
        raise NameTaken(name=name)
    if held.count() >= rules.MOST_INVENTORIES:
        raise TooMuch(most=rules.MOST_INVENTORIES, what_nl="lijsten", what_en="inventories")
    made = Inventory.objects.create(organisation_id=organisation, name=name, created_by=actor.id[:100])
    _note(actor, made, "create", {"name": name})
    return made


@transaction.atomic
def rename_inventory(*, actor: Actor, inventory: UUID, name: str) -> Inventory:
    """Give a list another name. Raises NotFound, NotAllowed, InvalidName, NameTaken."""
    row = reads.access_inventory(actor, inventory, write=True)
    name = _name(name)
    _hold(row.organisation_id)
    others = Inventory.objects.filter(organisation_id=row.organisation_id, removed_at=None).exclude(id=row.id)
    if others.filter(name__iexact=name).exists():
        raise NameTaken(name=name)
    Inventory.objects.filter(id=row.id).update(name=name)
    _note(actor, row, "rename", {"from": row.name, "to": name})
    row.name = name
    return row


@transaction.atomic
def remove_inventory(*, actor: Actor, inventory: UUID) -> None:
    """Take a list out of use, with its lines; what was in it stays on record. Raises NotFound, NotAllowed."""
    row = reads.access_inventory(actor, inventory, write=True)
    _hold(row.organisation_id)
    gone = _end(actor, list(row.lines.filter(removed_at=None).values_list("id", flat=True)), None)
    Inventory.objects.filter(id=row.id).update(removed_at=timezone.now(), removed_by=actor.id[:100])
    events.lines_removed.send(Inventory, organisation=row.organisation_id, lines=gone)
    _note(actor, row, "remove", {"lines": len(gone)})


@transaction.atomic
def take_in(
    *,
    actor: Actor,
    inventory: UUID,
    reading: rules.Reading,
    filename: str = "",
    content: bytes = b"",
    replace: bool = False,
) -> Intake:
    """Add what was read to a list; with `replace`, what is not in it goes. The same line again is kept, not doubled.

    `content`: the file, for its hash alone. Raises NotFound, NotAllowed, NothingIn, TooMuch.
    """
    row = reads.access_inventory(actor, inventory, write=actor.kind is not Kind.SYSTEM)
    if not reading.entries:
        raise NothingIn(refused=len(reading.refused) + reading.more_refused)
    _hold(row.organisation_id)
    intake = Intake(
        inventory=row,
        organisation_id=row.organisation_id,
        by=actor.id[:100],
        source=reading.source,
        filename=_file(filename),
        sha256=hashlib.sha256(content).hexdigest() if content else "",
        replaced=replace,
        refused=len(reading.refused) + reading.more_refused,
    )
    _change(actor, intake, reading.entries)
    _note(
        actor,
        row,
        "take-in",
        {
            "source": str(reading.source),
            "replaced": replace,
            "added": intake.added,
            "kept": intake.kept,
            "removed": intake.removed,
            "refused": intake.refused,
        },
    )
    return intake


def _change(actor: Actor, intake: Intake, entries: Sequence[rules.Entry]) -> None:
    """Bring the lines of an inventory to what was told."""
    held = dict(Line.objects.filter(inventory=intake.inventory, removed_at=None).values_list("digest", "id"))
    wanted = {rules.digest(entry): entry for entry in entries}
    new = {digest: entry for digest, entry in wanted.items() if digest not in held}
    gone = [key for digest, key in held.items() if digest not in wanted] if intake.replaced else []
    others = Line.objects.filter(organisation_id=intake.organisation_id, removed_at=None).count()
    if others + len(new) - len(gone) > rules.MOST_HELD:
        raise TooMuch(most=rules.MOST_HELD, what_nl="regels", what_en="lines")
    intake.added, intake.kept, intake.removed = len(new), len(wanted) - len(new), len(gone)
    intake.save(force_insert=True)
    _end(actor, gone, intake)
    lines = [_line(intake, digest, entry) for digest, entry in new.items()]
    insert(lines)
    _editions(lines, list(new.values()))
    kept = [held[digest] for digest in wanted if digest in held]
    Line.objects.filter(id__in=kept).update(seen_at=intake.at)
    if lines:
        added = [line.id for line in lines]
        events.lines_added.send(Inventory, organisation=intake.organisation_id, lines=added)
    if gone:
        events.lines_removed.send(Inventory, organisation=intake.organisation_id, lines=gone)


def _editions(lines: Sequence[Line], entries: Sequence[rules.Entry]) -> None:
    """Keep what is called how in which version, whoever runs it: the runs of the matching look through it."""
    written = {line.edition: entry for line, entry in zip(lines, entries, strict=True)}
    with tenancy.acting(NAMER):
        known = set(Edition.objects.filter(digest__in=list(written)).values_list("digest", flat=True))
        new = {digest: entry for digest, entry in sorted(written.items()) if digest not in known}
        name_of = {digest: rules.name_digest(entry) for digest, entry in new.items()}
        called = {name_of[digest]: entry for digest, entry in new.items()}
        held = set(Name.objects.filter(digest__in=list(called)).values_list("digest", flat=True))
        fresh = [_name_row(digest, entry) for digest, entry in sorted(called.items()) if digest not in held]
        Name.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=2_000)
        rows = [Edition(digest=digest, name=name_of[digest], **_written(entry)) for digest, entry in new.items()]
        Edition.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2_000)


def _name_row(digest: str, entry: rules.Entry) -> Name:
    return Name(
        digest=digest,
        vendor=entry.vendor,
        product=entry.product,
        cpe=entry.cpe,
        purl=entry.purl,
        keys=sorted(names.keys(entry.vendor, entry.product, entry.cpe, entry.purl)),
    )


def _written(entry: rules.Entry) -> dict[str, str]:
    return {name: getattr(entry, name) for name in ("vendor", "product", "version", "cpe", "purl")}


def _line(intake: Intake, digest: str, entry: rules.Entry) -> Line:
    return Line(
        id=uuid4(),
        inventory_id=intake.inventory_id,
        organisation_id=intake.organisation_id,
        **_written(entry),
        digest=digest,
        edition=rules.edition_digest(entry),
        source=intake.source,
        added_at=intake.at,
        added_by=intake.by,
        added_in_id=intake.id,
        seen_at=intake.at,
    )


@transaction.atomic
def remove_line(*, actor: Actor, line: UUID) -> Line:
    """Take a product out that is not in use any more; it stays in the history. Raises NotFound, NotAllowed."""
    row = reads.access_line(actor, line, write=True)
    _hold(row.organisation_id)
    if not _end(actor, [row.id], None):
        raise NotFound
    events.lines_removed.send(Inventory, organisation=row.organisation_id, lines=[row.id])
    record(
        actor=actor,
        action="advisories:inventory:remove-line",
        target=("inventory", row.inventory_id),
        organisation=row.organisation_id,
        detail={"line": str(row.id)},
    )
    return row


@transaction.atomic
def end_lines(*, actor: Actor, inventory: UUID, lines: Sequence[UUID]) -> int:
    """Let lines end that a newer version took the place of; gives how many. Raises NotAllowed unless a job asks."""
    if actor.kind is not Kind.SYSTEM:
        raise NotAllowed
    row = reads.access_inventory(actor, inventory)
    _hold(row.organisation_id)
    gone = _end(actor, list(row.lines.filter(id__in=lines).values_list("id", flat=True)), None)
    if gone:
        events.lines_removed.send(Inventory, organisation=row.organisation_id, lines=gone)
        _note(actor, row, "overtaken", {"lines": len(gone)})
    return len(gone)


@transaction.atomic
def end_all(*, actor: Actor, organisation: UUID) -> int:
    """Take every list of an organisation that left the register out of use. Raises NotAllowed unless a job asks."""
    if actor.kind is not Kind.SYSTEM:
        raise NotAllowed
    lines = list(Line.objects.filter(organisation_id=organisation, removed_at=None).values_list("id", flat=True))
    _end(actor, lines, None)
    rows = Inventory.objects.filter(organisation_id=organisation, removed_at=None)
    ended = rows.update(removed_at=timezone.now(), removed_by=actor.id[:100])
    record(
        actor=actor,
        action="advisories:inventory:end",
        target=("organisation", organisation),
        organisation=organisation,
        detail={"inventories": ended, "lines": len(lines)},
    )
    return ended


@transaction.atomic
def note_export(*, actor: Actor, inventory: UUID, form: str, lines: int) -> None:
    """Record that a list went out as a file. Raises NotFound."""
    _note(actor, reads.access_inventory(actor, inventory), "export", {"form": form, "lines": lines})


def _may(actor: Actor, organisation: UUID) -> None:
    reads.access_organisation(actor, organisation)
    if not reads.may_write(actor, organisation):
        raise NotAllowed


def _hold(organisation: UUID) -> None:
    """Changes of one organisation's lists go one by one. Raises NotFound when it left the register."""
    if not Organisation.objects.select_for_update().filter(id=organisation, active=True).exists():
        raise NotFound


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise InvalidName(longest=LONGEST_NAME)
    return name


def _file(name: str) -> str:
    """The name of a file without a path and without what a page or log would act on."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:200]


def _end(actor: Actor, lines: Sequence[UUID], intake: Intake | None) -> list[UUID]:
    """Let lines end that are in use; give those that did."""
    rows = Line.objects.filter(id__in=lines, removed_at=None)
    ended = list(rows.values_list("id", flat=True))
    rows.update(removed_at=timezone.now(), removed_by=actor.id[:100], removed_in=intake)
    return ended


def _note(actor: Actor, row: Inventory, verb: str, detail: dict[str, object]) -> None:
    record(
        actor=actor,
        action=f"advisories:inventory:{verb}",
        target=("inventory", row.id),
        organisation=row.organisation_id,
        detail=detail,
    )
