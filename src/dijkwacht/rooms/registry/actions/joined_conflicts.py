"""Two sides of a conflict turn out to be one organisation: it is closed with the joining, and opened by its undoing."""

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import fields, overlaps, rules
from dijkwacht.rooms.registry.models import Asset, AssetConflict
from dijkwacht.rooms.registry.vocabulary import AssetStatus, Decision, RuleDecision

Before = dict[
    str, Any
]  # a conflict as it stood: its decision, reason, decider and moment, and the status of both sides
_SIDES: Final = ("first", "second")


@transaction.atomic
def close_between(*, actor: Actor, one: UUID, other: UUID, reason: str) -> list[tuple[UUID, Before]]:
    """Close what is not decided yet between two organisations that become one: both sides may keep what they claim.

    Gives each conflict with how it stood, for `open_between`. Raises NotAllowed, InvalidField.
    """
    rules.require(rules.may_manage(actor))
    words = fields.reason(reason)
    between = Q(first__organisation=one, second__organisation=other)
    between |= Q(first__organisation=other, second__organisation=one)
    waiting = Q(decision="") | Q(decision__in=list(RuleDecision))
    rows = AssetConflict.objects.select_for_update(of=("self",)).select_related("first", "second")
    closed = []
    for row in rows.filter(between & waiting).order_by("created_at", "id"):
        closed.append((row.id, _stood(row)))
        row.decision, row.reason = Decision.KEEP_BOTH, words
        row.decided_by, row.decided_at = actor.id[:100], timezone.now()
        row.save()
        for asset in (row.first, row.second):
            if asset.status == AssetStatus.DISPUTED and not overlaps.undecided(asset.id):
                Asset.objects.filter(id=asset.id).update(status=AssetStatus.CLAIMED)
        _record(actor, row, "close-joined")
    return closed


@transaction.atomic
def open_between(*, actor: Actor, conflict: UUID, before: Before) -> bool:
    """Put a conflict back as it stood before its sides were joined; False when it is gone, or was decided since.

    Raises NotAllowed.
    """
    rules.require(rules.may_manage(actor))
    rows = AssetConflict.objects.select_for_update(of=("self",)).select_related("first", "second")
    row = rows.filter(id=conflict, decision=Decision.KEEP_BOTH).first()
    if row is None:
        return False
    row.decision, row.reason, row.decided_by = before["decision"], before["reason"], before["decided_by"]
    row.decided_at = parse_datetime(before["decided_at"]) if before["decided_at"] else None
    row.save()
    for side in _SIDES:
        asset = getattr(row, side)
        if asset.status == AssetStatus.CLAIMED and before[side] == AssetStatus.DISPUTED:
            Asset.objects.filter(id=asset.id).update(status=AssetStatus.DISPUTED)
    _record(actor, row, "open-parted")
    return True


def _stood(row: AssetConflict) -> Before:
    return {
        "decision": row.decision,
        "reason": row.reason,
        "decided_by": row.decided_by,
        "decided_at": row.decided_at.isoformat() if row.decided_at else "",
        **{side: getattr(row, side).status for side in _SIDES},
    }


def _record(actor: Actor, row: AssetConflict, verb: str) -> None:
    for asset in (row.first, row.second):
        record(
            actor=actor,
            action=f"registry:conflict:{verb}",
            target=("asset", asset.uid),
            organisation=asset.organisation_id,
            detail={"conflict": str(row.id), "value": asset.value, "reason": row.reason},
        )
