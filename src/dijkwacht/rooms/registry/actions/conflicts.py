"""An officer decides whose it is."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import fields, overlaps, reads, rules
from dijkwacht.rooms.registry.errors import WrongState
from dijkwacht.rooms.registry.models import Asset, AssetConflict
from dijkwacht.rooms.registry.vocabulary import AssetStatus, Decision


@transaction.atomic
def decide_conflict(*, actor: Actor, conflict: UUID, decision: str, reason: str) -> AssetConflict:
    """Keep both, or only the first or second asset: the other one expires, the kept ones are claimed again.

    Nothing becomes verified by a decision. Raises NotFound, NotAllowed, InvalidField, WrongState when decided before.
    """
    rules.require(rules.may_manage(actor))
    row = reads.access_conflict(actor, conflict)
    if row.decision:
        raise WrongState(status_now=row.decision)
    cleaned = fields.required(fields.clean(fields.CONFLICT, {"decision": decision}))
    row.reason = fields.reason(reason)
    row.decision, row.decided_by, row.decided_at = cleaned["decision"], actor.id, timezone.now()
    row.save()
    if row.decision != Decision.KEEP_BOTH:
        _expire(row.second if row.decision == Decision.FIRST else row.first)
    for asset in (row.first, row.second):
        if asset.status == AssetStatus.DISPUTED and not overlaps.undecided(asset.id):
            asset.status = AssetStatus.CLAIMED
            asset.save(update_fields=["status"])
        record(
            actor=actor,
            action="registry:conflict:decide",
            target=("asset", asset.uid),
            organisation=asset.organisation_id,
            detail={
                "conflict": str(row.id),
                "kept": asset.status != AssetStatus.EXPIRED,
                "value": asset.value,
                "reason": row.reason,
            },
        )
    return row


def _expire(asset: Asset) -> None:
    asset.status, asset.expires_at = AssetStatus.EXPIRED, timezone.now()
    asset.save(update_fields=["status", "expires_at"])
    overlaps.settle(asset.id)
