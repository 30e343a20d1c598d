"""Read the history: the state of a day, and the changes of an organisation field by field."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, models

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.registry import fields
from dijkwacht.rooms.registry.history.models import Change
from dijkwacht.rooms.registry.reach import of_sectors, own_registrations
from dijkwacht.rooms.registry.rules import shown_status
from dijkwacht.rooms.registry.vocabulary import AssetStatus, Record, Verb

# Who owns a row stands in its values; an organisation is its own owner.
OWNER: Final = {
    Record.ORGANISATION: "row",
    Record.CONTACT: "(values->>'organisation_id')::uuid",
    Record.ASSET: "(values->>'organisation_id')::uuid",
    Record.MANDATE: "(values->>'member_id')::uuid",
}
# Every row of one kind as it stood: its changes up to a moment laid over each other, in their order.
STATE: Final = """
select row, {owner} as organisation, values from (
  select row, registry_fold(verb, values order by id) as values from registry_change
   where record = '{record}' and at <= %(moment)s and verb <> 'leave' {some} group by row
) folded where values is not null {reach}
"""
_OF_ONE: Final = """
and row in (select row from registry_change where organisation_id = %(organisation)s and record = '{record}')
"""
_SECTORS: Final = """
 or {owner} in (select organisation_id from registry_organisationsector where sector = any(%(sectors)s))
"""
BATCH: Final = 2000
# A claim that becomes disputed, or is no longer: only the centre reads that another claims it too (rules.shown_status).
UNTOLD: Final = [{"status": AssetStatus.DISPUTED.value}, {"status": AssetStatus.CLAIMED.value}]


class Version(NamedTuple):
    """A row as it stood: column and value; what was empty or erased is not among the values."""

    row: UUID
    organisation: UUID
    values: dict[str, Any]


def as_of(actor: Actor, moment: datetime, *, record: Record, organisation: UUID | None = None) -> Iterator[Version]:
    """Yield the rows of one kind as the register held them at `moment`, of one organisation or of all the actor reads.

    In the order of their identifiers. Contacts are shown to whom they are shown today: the organisation and the centre.
    """
    statement, arguments = state(actor, record, organisation=organisation)
    relayed = _relayed(actor)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} order by row", {**arguments, "moment": moment})
        while rows := cursor.fetchmany(BATCH):
            for row, owner, values in rows:
                held = loaded(values)
                held = _without_reach(held) if owner in relayed else held
                yield Version(row, owner, as_read(actor, held) if record is Record.ASSET else held)


def state(actor: Actor, record: Record, *, organisation: UUID | None = None) -> tuple[str, dict[str, Any]]:
    """Return the query of `as_of`, columns row, organisation, values; its argument `moment` is still to be given."""
    some = _OF_ONE.format(record=record.value) if organisation else ""
    reach = "" if actor.is_centre else f"and ({OWNER[record]} = any(%(reach)s){_SECTORS.format(owner=OWNER[record])})"
    sectors = [] if record is Record.MANDATE else sorted(actor.sectors)
    if organisation:
        reach += f" and {OWNER[record]} = %(organisation)s"
    statement = STATE.format(owner=OWNER[record], record=record.value, some=some, reach=reach)
    return statement, {"organisation": organisation, "reach": list(_reach(actor, record)), "sectors": sectors}


def _reach(actor: Actor, record: Record) -> frozenset[UUID]:
    """A relay reads its members, but neither their contacts nor their other mandates."""
    own = own_registrations(actor)
    return own | actor.members if record in {Record.ORGANISATION, Record.ASSET} else own


def _relayed(actor: Actor) -> frozenset[UUID]:
    """Return the organisations that the actor reads as their relay alone: without how to reach them."""
    members = frozenset() if actor.is_centre else actor.members - own_registrations(actor)
    if not members or not actor.sectors:
        return members
    return members - set(
        of_sectors(actor).filter(organisation_id__in=members).values_list("organisation_id", flat=True)
    )


def _without_reach(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in fields.REACH}


def as_read(actor: Actor, values: dict[str, Any]) -> dict[str, Any]:
    """Return an asset's values as the actor may read them; why it is disputed tells of another: see rules."""
    status = values.get("status", "")
    shown = shown_status(actor, status)
    if shown == status:
        return values
    return {name: value for name, value in values.items() if name != "evidence"} | {"status": str(shown)}


def loaded(values: Any) -> dict[str, Any]:
    """Return jsonb as it comes from a plain cursor: as text."""
    found: dict[str, Any] = json.loads(values) if isinstance(values, str) else values
    return found


def changes_of(
    actor: Actor, organisation: UUID, *, record: str = "", field: str = "", before: int | None = None
) -> models.QuerySet[Change]:
    """Return the changes of an organisation and what is its, newest first; `before`: older than that change."""
    rows = Change.objects.filter(organisation_id=organisation)
    if not actor.is_centre:
        own = own_registrations(actor)
        visible = models.Q(organisation_id__in=own)
        open_records = [Record.ORGANISATION.value, Record.ASSET.value]
        visible |= models.Q(organisation_id__in=own | actor.members, record__in=open_records)
        if actor.sectors:
            visible |= models.Q(organisation_id__in=of_sectors(actor)) & ~models.Q(record=Record.MANDATE.value)
        rows = rows.filter(visible).exclude(record=Record.ASSET.value, verb=Verb.CHANGE.value, values__in=UNTOLD)
    rows = rows.filter(record=record) if record else rows
    if field:
        rows = rows.filter(models.Q(values__has_key=field) | models.Q(erased__contains=[field]))
    rows = rows.filter(id__lt=before) if before is not None else rows
    return rows.order_by("-id")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One field at one moment, as a timeline shows it. `field` is empty where the whole row went."""

    change: Change
    field: str
    value: Any = None
    erased: bool = False


def lines(actor: Actor, change: Change, *, field: str = "", without: Collection[str] = ()) -> list[Line]:
    """Return what one change did, as the actor may read it: field by field, or `field` alone, never those `without`."""
    if change.verb in {Verb.REMOVE, Verb.LEAVE}:
        return [Line(change=change, field="")]
    values = as_read(actor, change.values) if change.record == Record.ASSET else change.values
    found = [Line(change=change, field=name, value=value) for name, value in sorted(values.items())]
    found += [Line(change=change, field=name, erased=True) for name in sorted(change.erased)]
    shown = [line for line in found if change.verb != Verb.ADD or line.erased or line.value not in ("", None, [])]
    return [line for line in shown if (not field or line.field == field) and line.field not in without]
