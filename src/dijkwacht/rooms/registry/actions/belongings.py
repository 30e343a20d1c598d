"""What belongs to one organisation goes to another, when two turn out to be one; and back."""

from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import rules
from dijkwacht.rooms.registry.models import Asset, Contact, Mandate
from dijkwacht.rooms.registry.vocabulary import AssetStatus, Record

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


STANDING: Final = ("status", "method", "evidence", "verified_at", "expires_at")


@transaction.atomic
def swap_standings(*, actor: Actor, one: UUID, other: UUID) -> list[tuple[int, int]]:
    """Let `one` have what `other` has shown of the assets that both have and only `other` has shown to be its own.

    Each asset of the two takes the other's status, method, evidence and dates; gives the numbers of the swapped assets,
    of `one` and of `other`. Raises NotAllowed.
    """
    rules.require(rules.may_manage(actor))
    shown = Asset.objects.filter(organisation=other, status=AssetStatus.VERIFIED)
    proven = {(row.kind, row.value): row for row in shown}
    lacking = Asset.objects.filter(organisation=one, value__in=[value for _, value in proven])
    swapped = []
    for row in lacking.exclude(status=AssetStatus.VERIFIED).order_by("pk"):
        if (row.kind, row.value) in proven:
            theirs = proven[row.kind, row.value]
            swap_standing(actor=actor, one=row.pk, other=theirs.pk)
            swapped.append((row.pk, theirs.pk))
    return swapped


@transaction.atomic
def swap_standing(*, actor: Actor, one: int, other: int) -> bool:
    """Swap what was shown of two assets; False, and nothing changes, unless just one of them is verified.

    Raises NotAllowed.
    """
    rules.require(rules.may_manage(actor))
    rows = list(Asset.objects.select_for_update().filter(pk__in=[one, other]).order_by("pk"))
    if len(rows) < 2 or sum(row.status == AssetStatus.VERIFIED for row in rows) != 1:  # noqa: PLR2004 - a pair
        return False
    standings: list[dict[str, Any]] = [{name: getattr(row, name) for name in STANDING} for row in rows]
    for row, standing in zip(rows, reversed(standings), strict=True):
        for name, value in standing.items():
            setattr(row, name, value)
        row.save(update_fields=STANDING)
        record(
            actor=actor,
            action="registry:asset:swap",
            target=("asset", row.uid),
            organisation=row.organisation_id,
            detail={"status": row.status, "method": row.method},
        )
    return True
