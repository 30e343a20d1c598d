"""An officer decides whose it is."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import fields, overlaps, reads, rules
from dijkwacht.rooms.registry.errors import WrongState
from dijkwacht.rooms.registry.models import Asset, AssetConflict
from dijkwacht.rooms.registry.vocabulary import AssetStatus, Decision, RuleDecision


@transaction.atomic
def decide_conflict(*, actor: Actor, conflict: UUID, decision: str, reason: str) -> AssetConflict:
    """Keep both, or only the first or second asset: the other one expires, the kept ones are claimed again.

    Nothing becomes verified by a decision. Raises NotFound, NotAllowed, InvalidField, WrongState when decided before.
    """
    rules.require(rules.may_manage(actor))
    row = reads.access_conflict(actor, conflict)
    if row.decision and row.decision not in set(RuleDecision):
        raise WrongState(status_now=row.decision)
    cleaned = fields.required(fields.clean(fields.CONFLICT, {"decision": decision}))
    row.reason = fields.reason(reason)
    row.decision, row.decided_by, row.decided_at = cleaned["decision"], actor.id, timezone.now()
    row.save()
    if row.decision != Decision.KEEP_BOTH:
        _expire(row.second if row.decision == Decision.FIRST else row.first)
    _claimed_again(row)
    _record(actor, row, "decide")
    return row


@transaction.atomic
def rest_conflict(*, actor: Actor, conflict: UUID, proven: str, reason: str) -> AssetConflict:
    """Let a conflict rest by a written rule: `proven`, "first" or "second", was shown, the other shows nothing yet.

    The proven side may be verified; the other keeps its claim, so that it learns nothing. For our own jobs only.
    Raises NotFound, NotAllowed, WrongState when decided before.
    """
    rules.require(actor.kind is Kind.SYSTEM)
    row = reads.access_conflict(actor, conflict)
    if row.decision:
        raise WrongState(status_now=row.decision)
    row.decision = RuleDecision.FIRST_PROVEN if proven == Decision.FIRST else RuleDecision.SECOND_PROVEN
    row.reason, row.decided_by, row.decided_at = fields.reason(reason), actor.id, timezone.now()
    row.save()
    _claimed_again(row)
    _record(actor, row, "rest")
    return row


@transaction.atomic
def reopen_conflict(*, actor: Actor, conflict: UUID, reason: str) -> AssetConflict:
    """Put a conflict that rested before an officer: now the other side has shown its proof too. For our own jobs only.

    Raises NotFound, NotAllowed, WrongState when it does not rest.
    """
    rules.require(actor.kind is Kind.SYSTEM)
    row = reads.access_conflict(actor, conflict)
    if row.decision not in set(RuleDecision):
        raise WrongState(status_now=row.decision or "open")
    row.decision, row.reason, row.decided_by, row.decided_at = "", fields.reason(reason), "", None
    row.save()
    for asset in (row.first, row.second):
        if asset.status == AssetStatus.CLAIMED:
            asset.status = AssetStatus.DISPUTED
            asset.save(update_fields=["status"])
    _record(actor, row, "reopen")
    return row


def _claimed_again(row: AssetConflict) -> None:
    open_ones = AssetConflict.objects.filter(decision="")
    for asset in (row.first, row.second):
        waits = open_ones.filter(first=asset).exists() or open_ones.filter(second=asset).exists()
        if asset.status == AssetStatus.DISPUTED and not waits:
            asset.status = AssetStatus.CLAIMED
            asset.save(update_fields=["status"])


def _record(actor: Actor, row: AssetConflict, verb: str) -> None:
    for asset in (row.first, row.second):
        record(
            actor=actor,
            action=f"registry:conflict:{verb}",
            target=("asset", asset.uid),
            organisation=asset.organisation_id,
            detail={
                "conflict": str(row.id),
                "kept": asset.status != AssetStatus.EXPIRED,
                "value": asset.value,
                "reason": row.reason,
            },
        )


def _expire(asset: Asset) -> None:
    asset.status, asset.expires_at = AssetStatus.EXPIRED, timezone.now()
    asset.save(update_fields=["status", "expires_at"])
    overlaps.settle(asset.id)
