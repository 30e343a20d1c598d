"""A proof is there: may the asset be verified? Conflicts rest by the written rule, or wait for a person."""

from typing import Final

from django.db.models import Q
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.proof import rules
from dijkwacht.rooms.proof.models import Challenge
from dijkwacht.rooms.proof.vocabulary import Method, State, Verdict
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.models import Asset, AssetConflict
from dijkwacht.rooms.registry.reads import conflicts_at_rest, conflicts_for
from dijkwacht.rooms.registry.vocabulary import AssetStatus, Decision

RULE: Final = system("proof:rule")
SETTLER: Final = system("proof")
STANDS: Final = "Rule: a fresh proof by {method} of {winner} stands; for the claim on {other} nothing was ever shown."
BOTH: Final = "Both sides have now shown a proof."


def settle(challenge: Challenge, evidence: str) -> bool:
    """Verify the asset of a proven challenge unless a person must decide first; returns whether it is verified.

    A mail that is answered again lets its proof last another year, and a proof that lasts takes the place of a mail's.
    Runs in the transaction of the proof.
    """
    with tenancy.acting(SETTLER):
        asset = Asset.objects.select_for_update().get(pk=challenge.asset_id)
        free = asset.status != AssetStatus.EXPIRED and _conflicts_rest(asset, Method(challenge.method))
        asset.refresh_from_db()
        if asset.status == AssetStatus.VERIFIED and not (free and asset.method == Method.MAIL):
            return True
        if not free or asset.status not in {AssetStatus.CLAIMED, AssetStatus.VERIFIED}:  # disputed by an officer
            return False
        ends = timezone.now() + rules.MAIL_HOLDS if challenge.method == Method.MAIL else None
        registry.verify_asset(
            actor=SETTLER, asset=asset.uid, evidence=evidence, method=challenge.method, expires_at=ends
        )
        return True


def _conflicts_rest(asset: Asset, method: Method) -> bool:
    """Let the conflicts of an asset rest that the rule covers; returns whether none waits for a person."""
    over = Q(first=asset) | Q(second=asset)
    for conflict in conflicts_at_rest(RULE).filter(over):
        if rests_for_other(asset, conflict) and shown(_other(asset, conflict)):
            registry.reopen_conflict(actor=RULE, conflict=conflict.id, reason=BOTH)
    waiting = list(conflicts_for(RULE).filter(over))
    for conflict in waiting:
        other = _other(asset, conflict)
        if rules.verdict(method, other_shown=shown(other)) is Verdict.PERSON:
            look_again(other)
            continue
        mine = Decision.FIRST if conflict.first_id == asset.id else Decision.SECOND
        reason = STANDS.format(method=method, winner=asset.value, other=other.value)
        registry.rest_conflict(actor=RULE, conflict=conflict.id, proven=mine, reason=reason)
    return not conflicts_for(RULE).filter(over).exists()


def both_have_shown(asset: Asset) -> bool:
    """Open again each conflict that rests for another side whose proof stands; returns whether there was one.

    An officer is about to say that the asset is this side's: first both sides' evidence is weighed against each other.
    """
    with tenancy.acting(RULE):
        resting = conflicts_at_rest(RULE).filter(Q(first=asset) | Q(second=asset))
        found = [one for one in resting if rests_for_other(asset, one) and shown(_other(asset, one))]
        for conflict in found:
            registry.reopen_conflict(actor=RULE, conflict=conflict.id, reason=BOTH)
    return bool(found)


def rests_for_other(asset: Asset, conflict: AssetConflict) -> bool:
    """Tell whether a conflict rests in favour of the other side."""
    return conflict.decision == ("proven-2" if conflict.first_id == asset.id else "proven-1")


def _other(asset: Asset, conflict: AssetConflict) -> Asset:
    return conflict.second if conflict.first_id == asset.id else conflict.first


def shown(asset: Asset) -> bool:
    """Tell whether anything was ever shown for an asset that still stands."""
    if asset.status == AssetStatus.EXPIRED:
        return False
    return asset.verified_at is not None or Challenge.objects.filter(asset=asset, state=State.PROVEN).exists()


def look_again(asset: Asset) -> None:
    """Look at the other side's proofs at once: who sold a domain often left a proof behind."""
    now = timezone.now()
    held = Challenge.objects.filter(asset=asset, state=State.PROVEN, next_at__gt=now, failures=0)
    held.exclude(checks__at__gt=now - rules.DAILY).update(next_at=now)  # once a day: the other side asks the same of us


def look_at_contested() -> int:
    """Look at proofs against which a bare claim was put since the last look, so that the rule can let it rest."""
    fresh = 0
    for conflict in conflicts_for(RULE).order_by("-created_at")[:500]:
        for asset in (conflict.first, conflict.second):
            stale = Challenge.objects.filter(
                asset=asset, state=State.PROVEN, next_at__gt=timezone.now(), method__in=rules.STRONG
            ).exclude(checks__at__gt=conflict.created_at)
            fresh += stale.update(next_at=timezone.now())
    return fresh
