"""What belongs to one organisation goes to another, when two turn out to be one; and back."""

from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import rules
from dijkwacht.rooms.registry.models import Asset, Contact, Mandate
from dijkwacht.rooms.registry.vocabulary import Record

# What can move, with the columns that name an organisation.
BELONGINGS: Final[dict[Record, tuple[type[Asset | Contact | Mandate], tuple[str, ...]]]] = {
    Record.ASSET: (Asset, ("organisation_id",)),
    Record.CONTACT: (Contact, ("organisation_id",)),
    Record.MANDATE: (Mandate, ("member_id", "relay_id")),
}


@transaction.atomic
def move_belonging(*, actor: Actor, kind: Record, row: str, column: str, away: UUID, to: UUID) -> bool:
    """Let a row that names `away` in `column` name `to`. Status and evidence stay as they are.

    Gives False, and changes nothing, when it does not name `away` (any more), or when `to` has the same already: that
    asset, or a running mandate with that relay. Raises NotAllowed.
    """
    rules.require(rules.may_manage(actor))
    model, columns = BELONGINGS[kind]
    if column not in columns:
        raise ValueError(column)
    found = model.objects.filter(pk=row, **{column: away})
    try:
        with transaction.atomic():
            moved = found.update(**{column: to})
    except IntegrityError:
        return False
    if not moved:
        return False
    for organisation in (away, to):
        record(
            actor=actor,
            action=f"registry:{kind}:move",
            target=(str(kind), row),
            organisation=organisation,
            detail={"column": column, "from": str(away), "to": str(to)},
        )
    return True
