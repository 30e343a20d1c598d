"""Assets: claimed by anyone who may speak for the organisation, verified by an officer's word with evidence."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import cleaners, events, fields, overlaps, reads, rules
from dijkwacht.rooms.registry.assets import normalise
from dijkwacht.rooms.registry.errors import AlreadyThere, ConflictOpen, TooManyClaims
from dijkwacht.rooms.registry.models import Asset, Organisation
from dijkwacht.rooms.registry.vocabulary import AssetStatus, Kind

EVIDENCE = 5000  # characters


@transaction.atomic
def claim_asset(
    *, actor: Actor, organisation: UUID, kind: str, value: str, evidence: str = "", fallback: bool = False
) -> list[Asset]:
    """Say that an address block, ASN or domain is the organisation's; a range becomes several assets.

    `fallback`: held for customers (network owners only). An asset that overlaps another organisation's becomes disputed
    and the conflict waits for an officer. Raises NotFound, NotAllowed, InvalidAsset, InvalidField, AlreadyThere,
    TooManyClaims.
    """
    owner = reads.access_organisation(actor, organisation)
    rules.require(rules.may_hold(actor, owner.id))
    if fallback and owner.kind != Kind.NETWORK_OWNER:
        raise fields.invalid("fallback", value, "alleen voor netwerkeigenaren", "for network owners only")
    words = fields.single("evidence", cleaners.text(EVIDENCE, lines=True), evidence)
    normal = normalise(kind, value, reserved=settings.DEMO, on=reads.today())
    if not rules.may_manage(actor):
        _within_claims(owner, len(normal.values))
    rows = [_claim(owner, normal.kind, each, words, fallback) for each in normal.values]
    overlaps.find([row.id for row in rows])
    for row in rows:
        row.refresh_from_db()
        _record(actor, row, "claim", {"status": row.status})
    return rows


def _within_claims(owner: Organisation, more: int) -> None:
    waiting = Asset.objects.filter(organisation=owner, status__in=[AssetStatus.CLAIMED, AssetStatus.DISPUTED])
    if waiting.count() + more > rules.MOST_OPEN_CLAIMS:
        raise TooManyClaims(most=rules.MOST_OPEN_CLAIMS)


def _claim(owner: Organisation, kind: str, value: str, evidence: str, fallback: bool) -> Asset:
    """Add the asset, or claim an expired one again."""
    row, fresh = Asset.objects.get_or_create(
        organisation=owner, kind=kind, value=value, defaults={"evidence": evidence, "fallback": fallback}
    )
    if not fresh and row.status != AssetStatus.EXPIRED:
        raise AlreadyThere(value=value)
    if not fresh:
        row.status, row.evidence, row.fallback = AssetStatus.CLAIMED, evidence, fallback
        row.claimed_at, row.verified_at, row.expires_at = timezone.now(), None, None
        row.save()
    return row


@transaction.atomic
def verify_asset(
    *, actor: Actor, asset: UUID, evidence: str, method: str = "officer", expires_at: datetime | None = None
) -> Asset:
    """Take an officer's word, with its evidence, that the asset is the organisation's; again renews it.

    Sends events.asset_verified in this transaction. Raises NotFound, NotAllowed, InvalidField without evidence,
    ConflictOpen while another organisation's claim on it is undecided.
    """
    rules.require(rules.may_manage(actor))
    row = reads.access_asset(actor, asset)
    rules.require_step(row.status, AssetStatus.VERIFIED, rules.ASSET_STEPS)
    row.evidence = fields.single("evidence", cleaners.text(EVIDENCE, required=True, lines=True), evidence)
    row.method = fields.single("method", cleaners.text(40, required=True), method)
    if expires_at is not None and expires_at <= timezone.now():
        raise fields.invalid("expires_at", expires_at, "ligt in het verleden", "lies in the past")
    if row.status == AssetStatus.EXPIRED:
        row.status = AssetStatus.CLAIMED
        row.save()
        overlaps.find([row.id])
    if overlaps.undecided(row.id):
        raise ConflictOpen
    row.status, row.verified_at, row.expires_at = AssetStatus.VERIFIED, timezone.now(), expires_at
    row.save()
    _record(actor, row, "verify", {"method": row.method, "evidence": row.evidence, "expires_at": str(expires_at or "")})
    events.asset_verified.send(sender=Asset, asset=row, actor=actor)
    return row


def dispute_asset(*, actor: Actor, asset: UUID, reason: str) -> Asset:
    """Say that it is doubtful whose it is: it receives nothing until decided.

    Raises NotFound, NotAllowed, WrongState.
    """
    return _step(actor, asset, AssetStatus.DISPUTED, reason)


def expire_asset(*, actor: Actor, asset: UUID, reason: str) -> Asset:
    """Say that it is no longer theirs. Raises NotFound, NotAllowed, WrongState."""
    return _step(actor, asset, AssetStatus.EXPIRED, reason)


@transaction.atomic
def _step(actor: Actor, asset: UUID, to: AssetStatus, reason: str) -> Asset:
    row = reads.access_asset(actor, asset)
    own = to is AssetStatus.EXPIRED and rules.may_hold(actor, row.organisation_id)  # giving up needs no officer
    rules.require(own or rules.may_manage(actor))
    rules.require_step(row.status, to, rules.ASSET_STEPS)
    words = fields.reason(reason)
    before, row.status = row.status, to
    if to is AssetStatus.EXPIRED:
        row.expires_at = timezone.now()
        overlaps.settle(row.id)
    row.save()
    _record(actor, row, to, {"before": before, "reason": words})
    return row


@transaction.atomic
def remove_asset(*, actor: Actor, asset: UUID) -> None:
    """Remove a claim that never was verified, such as a typing error; others expire.

    Raises NotFound, NotAllowed, WrongState.
    """
    row = reads.access_asset(actor, asset)
    rules.require(rules.may_hold(actor, row.organisation_id))
    if row.verified_at is not None:
        rules.require_step(row.status, AssetStatus.CLAIMED, rules.ASSET_STEPS)
    _record(actor, row, "remove", {"status": row.status})
    overlaps.forget(row.id)
    row.delete()


@transaction.atomic
def expire_due_assets(*, actor: Actor) -> int:
    """Expire every verified asset whose date has passed; a daily job. Returns how many."""
    rules.require(rules.may_manage(actor))
    due = Asset.objects.filter(status=AssetStatus.VERIFIED, expires_at__lte=timezone.now()).select_for_update()
    rows = list(due)
    for row in rows:
        _record(actor, row, AssetStatus.EXPIRED, {"before": row.status, "reason": "date"})
    Asset.objects.filter(id__in=[row.id for row in rows]).update(status=AssetStatus.EXPIRED)
    return len(rows)


def _record(actor: Actor, row: Asset, verb: str, detail: dict[str, Any]) -> None:
    record(
        actor=actor,
        action=f"registry:asset:{verb}",
        target=("asset", row.uid),
        organisation=row.organisation_id,
        detail={"kind": row.kind, "value": row.value, **detail},
    )
