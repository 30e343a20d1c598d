"""Rows that go from one organisation to another, each with a note of where it stood; and back.

Which tables take part stands beside their columns: `when_joined`, see platform.belonging. Assets, contacts and mandates
go by the registry's own action, which records each; the rest a table at a time.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import belonging
from dijkwacht.platform.accounts.models import OrganisationMembership
from dijkwacht.rooms.linkage.models import MovedRow, SourceRecord
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.models import Asset, Contact, Mandate, Organisation
from dijkwacht.rooms.registry.vocabulary import Record

Note = dict[str, Any]
FIELDS: Final = ("name", "kvk", "rsin")
RECORDS: Final = {Asset: Record.ASSET, Contact: Record.CONTACT, Mandate: Record.MANDATE}
STANDING: Final = "asset-standing"
CONFLICT: Final = "asset-conflict"


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


def conflicts(actor: Actor, kept: UUID, gone: UUID, reason: str) -> Iterator[Note]:
    """Close what the two claim from each other: nobody is left to decide between. Done first, undone last."""
    for row, before in registry.close_between(actor=actor, one=kept, other=gone, reason=reason):
        yield {"table": CONFLICT, "row": str(row), "column": "decision", "before": before, "after": None}


def move(actor: Actor, kept: UUID, gone: UUID) -> Iterator[Note]:
    """Move what the future needs; a row that the kept one has already stays where it is."""
    yield from _standings(actor, kept, gone)
    for model, column, following in belonging.movers():
        kind = RECORDS.get(model)
        if kind is not None:
            yield from _belongings(actor, kind, column, kept, gone)
            continue
        for row in belonging.move_all(model, column, gone, kept, following=following):
            yield _note(model._meta.label, row, column, gone, kept)
    yield from _people(kept, gone)


def _standings(actor: Actor, kept: UUID, gone: UUID) -> Iterator[Note]:
    """What the one that goes has shown counts for the kept one too, with the challenges and looks that showed it."""
    for one, other in registry.swap_standings(actor=actor, one=kept, other=gone):
        yield {"table": STANDING, "row": str(one), "column": "status", "before": other, "after": one}
        for relation in Asset._meta.related_objects:
            model, column = relation.related_model, relation.field.attname
            if not isinstance(model, str) and getattr(model, "when_joined", None):
                for row in belonging.move_all(model, column, other, one):
                    yield _note(model._meta.label, row, column, other, one)


def _belongings(actor: Actor, kind: Record, column: str, kept: UUID, gone: UUID) -> Iterator[Note]:
    model = next(model for model, known in RECORDS.items() if known is kind)
    for row in list(QuerySet(model).filter(**{column: gone}).order_by("pk").values_list("pk", flat=True)):
        if registry.move_belonging(actor=actor, kind=kind, row=str(row), column=column, away=gone, to=kept):
            yield _note(kind, row, column, gone, kept)


def _people(kept: UUID, gone: UUID) -> Iterator[Note]:
    """Let the people of the one that goes act for the other too; they keep sight of what they were told before."""
    there = set(OrganisationMembership.objects.filter(organisation_id=kept).values_list("user_id", flat=True))
    for one in OrganisationMembership.objects.filter(organisation_id=gone).exclude(user_id__in=there).order_by("pk"):
        added = OrganisationMembership.objects.create(
            user_id=one.user_id, organisation_id=kept, role=one.role, since=one.since
        )
        yield _note("membership", added.pk, "organisation_id", None, kept)


def _note(table: str, row: object, column: str, before: UUID | int | None, after: UUID | int) -> Note:
    return {"table": str(table), "row": str(row), "column": column, "before": _plain(before), "after": _plain(after)}


def _plain(value: UUID | int | None) -> str | int | None:
    return str(value) if isinstance(value, UUID) else value


def put_back(actor: Actor, notes: Sequence[MovedRow]) -> int:
    """Put rows back where they stood; gives how many were left alone because they are gone or changed since."""
    return sum(not _put_back(actor, note) for note in notes)


def _asset_put_back(actor: Actor, note: MovedRow) -> bool:
    if note.table == CONFLICT:
        return registry.open_between(actor=actor, conflict=UUID(note.row), before=dict(note.before or {}))
    one, other = int(str(note.after)), int(str(note.before))
    return bool(registry.swap_standing(actor=actor, one=one, other=other))


def _put_back(actor: Actor, note: MovedRow) -> bool:
    if note.table == "organisation":
        row = Organisation.objects.get(id=note.row)
        if getattr(row, note.column) != note.after:
            return False
        registry.update_organisation(actor=actor, organisation=row.id, **{note.column: note.before})
        return True
    if note.table in {CONFLICT, STANDING}:
        return _asset_put_back(actor, note)
    if note.table == "membership":
        return bool(OrganisationMembership.objects.filter(pk=note.row, organisation_id=UUID(note.after)).delete()[0])
    if note.table in list(Record):
        kind, away, to = Record(note.table), UUID(note.after), UUID(note.before)
        return registry.move_belonging(actor=actor, kind=kind, row=note.row, column=note.column, away=away, to=to)
    model = SourceRecord if note.table == "source-record" else apps.get_model(note.table)  # as it was noted at first
    return belonging.move_row(model, note.column, note.row, note.after, note.before)
