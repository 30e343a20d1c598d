"""Rows that go from one organisation to another, each with a note of where it stood; and back."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.models import OrganisationMembership
from dijkwacht.rooms.linkage.models import MovedRow, SourceRecord
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.models import Asset, Contact, Mandate, Organisation
from dijkwacht.rooms.registry.vocabulary import Record

Note = dict[str, Any]
FIELDS: Final = ("name", "kvk", "rsin")


def fields_of(kept: UUID, gone: UUID) -> Iterator[Note]:
    """Give the fields of both as they stand, so that undoing can put them back."""
    for row in Organisation.objects.filter(id__in=[kept, gone]).order_by("id"):
        for field in FIELDS:
            yield {
                "table": "organisation",
                "row": str(row.id),
                "column": field,
                "before": getattr(row, field),
                "after": None,
            }


def completed(notes: Iterable[Note], kept: UUID) -> Iterator[Note]:
    """Write in the notes about the kept organisation's fields what they became; leave out those that did not change."""
    row = Organisation.objects.get(id=kept)
    for note in notes:
        if note["table"] != "organisation":
            yield note
        elif note["row"] == str(kept) and (after := getattr(row, note["column"])) != note["before"]:
            yield {**note, "after": after}


def move(actor: Actor, kept: UUID, gone: UUID) -> Iterator[Note]:
    """Move what the future needs; a row that the kept one has already stays where it is."""
    for record in SourceRecord.objects.filter(organisation_id=gone).values_list("id", flat=True):
        yield _note("source-record", record, "organisation_id", gone, kept)
    SourceRecord.objects.filter(organisation_id=gone).update(organisation_id=kept)
    for kind, column, row in _belongings(gone):
        if registry.move_belonging(actor=actor, kind=kind, row=row, column=column, away=gone, to=kept):
            yield _note(kind, row, column, gone, kept)
    yield from _people(kept, gone)


def _belongings(gone: UUID) -> Iterator[tuple[Record, str, str]]:
    for kind, model, column in (
        (Record.ASSET, Asset, "organisation_id"),
        (Record.CONTACT, Contact, "organisation_id"),
        (Record.MANDATE, Mandate, "member_id"),
        (Record.MANDATE, Mandate, "relay_id"),
    ):
        rows = model.objects.filter(**{column: gone}).order_by("pk")
        for row in list(rows.values_list("pk", flat=True)):
            yield kind, column, str(row)


def _people(kept: UUID, gone: UUID) -> Iterator[Note]:
    """Let the people of the one that goes act for the other too; they keep sight of what they were told before."""
    there = set(OrganisationMembership.objects.filter(organisation_id=kept).values_list("user_id", flat=True))
    for one in OrganisationMembership.objects.filter(organisation_id=gone).exclude(user_id__in=there).order_by("pk"):
        added = OrganisationMembership.objects.create(
            user_id=one.user_id, organisation_id=kept, role=one.role, since=one.since
        )
        yield _note("membership", added.pk, "organisation_id", None, kept)


def _note(table: str, row: object, column: str, before: UUID | None, after: UUID) -> Note:
    was = None if before is None else str(before)
    return {"table": str(table), "row": str(row), "column": column, "before": was, "after": str(after)}


def put_back(actor: Actor, notes: Sequence[MovedRow]) -> int:
    """Put rows back where they stood; gives how many were left alone because they are gone or changed since."""
    return sum(not _put_back(actor, note) for note in notes)


def _put_back(actor: Actor, note: MovedRow) -> bool:
    if note.table == "organisation":
        row = Organisation.objects.get(id=note.row)
        if getattr(row, note.column) != note.after:
            return False
        registry.update_organisation(actor=actor, organisation=row.id, **{note.column: note.before})
        return True
    if note.table == "membership":
        return bool(OrganisationMembership.objects.filter(pk=note.row, organisation_id=UUID(note.after)).delete()[0])
    away, to = UUID(note.after), UUID(note.before)
    if note.table == "source-record":
        return bool(SourceRecord.objects.filter(pk=note.row, organisation_id=away).update(organisation_id=to))
    kind = Record(note.table)
    return registry.move_belonging(actor=actor, kind=kind, row=note.row, column=note.column, away=away, to=to)
