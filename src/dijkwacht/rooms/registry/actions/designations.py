"""An officer writes down who watches over which sector, on which ground, and until when."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import fields, reach, reads, rules
from dijkwacht.rooms.registry.errors import AlreadyThere, WrongState
from dijkwacht.rooms.registry.models import Designation


@transaction.atomic
def designate(
    *, actor: Actor, reader: UUID, sector: str, role: str, ground: str, valid_from: str | date | None = None
) -> Designation:
    """Let an organisation read the entities of a sector and its subsectors, as their authority or CSIRT.

    Source: Cbw articles 15, 16 and 46. Raises NotFound, NotAllowed unless an officer asks, InvalidField, AlreadyThere.
    """
    rules.require(rules.may_manage(actor))
    row = reads.access_organisation(actor, reader)
    given = {"sector": sector, "role": role, "ground": ground, "valid_from": valid_from}
    cleaned = fields.required(fields.clean(fields.DESIGNATION, given))
    made = Designation(reader=row, **{name: value for name, value in cleaned.items() if value is not None})
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise AlreadyThere(value=f"{row.name}, {made.sector}") from None
    _record(actor, made, "add")
    return made


@transaction.atomic
def end_designation(*, actor: Actor, designation: UUID) -> Designation:
    """Let a designation end: yesterday was its last day. Raises NotFound, NotAllowed, WrongState when it has an end."""
    rules.require(rules.may_manage(actor))
    row = reach.access_designation(actor, designation)
    if row.valid_to is not None:
        raise WrongState(status_now=str(row.valid_to))
    row.valid_to = date.fromordinal(reads.today().toordinal() - 1)
    row.save(update_fields=["valid_to"])
    _record(actor, row, "end")
    return row


def _record(actor: Actor, row: Designation, verb: str) -> None:
    record(
        actor=actor,
        action=f"registry:designation:{verb}",
        target=("designation", row.id),
        organisation=row.reader_id,
        detail={"sector": row.sector, "role": row.role, "ground": row.ground},
    )
