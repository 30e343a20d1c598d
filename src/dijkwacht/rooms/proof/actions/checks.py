"""What a look found is recorded, and what follows from it is done: verified, warned, lost."""

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, system
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.proof import checking, mails, rules, settling, words
from dijkwacht.rooms.proof.looking.finding import Finding
from dijkwacht.rooms.proof.models import Challenge, Check
from dijkwacht.rooms.proof.vocabulary import LIVE, Method, Outcome, State
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.models import Asset
from dijkwacht.rooms.registry.vocabulary import AssetStatus

LOSER: Final = system("proof")


@transaction.atomic
def record_check(*, actor: Actor, challenge: UUID, finding: Finding, seconds: float = 0) -> Check | None:
    """Record a look and do what follows; None when the challenge ended meanwhile. Needs the centre's sight."""
    row = Challenge.objects.select_for_update(of=("self",)).select_related("asset", "organisation").get(id=challenge)
    if row.state not in LIVE:
        return None
    seen = Check.objects.create(
        challenge=row,
        organisation_id=row.organisation_id,
        outcome=finding.outcome,
        code=finding.code,
        facts=dict(finding.facts),
        seconds=seconds,
        actor=actor.id,
    )
    row.wanted_at = None
    if row.asset.status == AssetStatus.EXPIRED:  # given up meanwhile: a new claim needs a new token
        row.state, row.next_at = State.WITHDRAWN, None
        row.save()
        step = None
    else:
        step = rules.after(_standing(row), finding.outcome, seen.at, checking.periods())
        _take(row, step.standing)
    _record(actor, row, "check", {"outcome": str(finding.outcome), "code": finding.code})
    if step is not None:
        _follow(row, step, seen)
    return seen


def _standing(row: Challenge) -> rules.Standing:
    return rules.Standing(
        state=State(row.state),
        method=Method(row.method),
        opened_at=row.created_at,
        ends_at=row.expires_at,
        next_at=row.next_at,
        failures=row.failures,
        failed_at=row.failed_at,
        warned_at=row.warned_at,
    )


def _take(row: Challenge, standing: rules.Standing) -> None:
    if standing.state is State.PROVEN and row.state != State.PROVEN:
        row.proven_at = timezone.now()
    row.state, row.next_at = standing.state, standing.next_at
    row.failures, row.failed_at, row.warned_at = standing.failures, standing.failed_at, standing.warned_at
    row.save()


def _follow(row: Challenge, step: rules.Step, seen: Check) -> None:
    if seen.outcome == Outcome.MATCH:
        settling.settle(row, words.sentence(seen, "en"))
    if step.warn:
        context = {"sentence": seen, "grace": checking.periods().grace.days}
        told = mails.tell(row, "proof/warning.txt", context, f"warn {row.id} {row.warned_at}")
        _record(LOSER, row, "warn", {"told": told})
    if step.lost:
        _lose(row, seen)


def _lose(row: Challenge, seen: Check) -> None:
    """The proof is over. The asset with it, unless another proof stands or an officer gave a word for it since."""
    _record(LOSER, row, "lose", {"code": seen.code})
    asset = Asset.objects.select_for_update().get(pk=row.asset_id)
    # What was proven before the asset was claimed anew says nothing of this claim.
    others = Challenge.objects.filter(asset=asset, state=State.PROVEN, proven_at__gte=asset.claimed_at)
    stands = others.exclude(pk=row.pk).exists()
    if stands or asset.method not in rules.METHODS[asset.kind]:
        return
    if asset.status == AssetStatus.VERIFIED:
        registry.expire_asset(actor=LOSER, asset=asset.uid, reason=f"proof by {row.method} is gone: {seen.code}")
    elif asset.status != AssetStatus.EXPIRED:  # expired: by its date, in the same hour
        return
    mails.tell(row, "proof/lost.txt", {"sentence": seen}, f"lost {row.id}")


@transaction.atomic
def end_mail_proof(*, actor: Actor, challenge: UUID) -> Check:
    """End a confirmation that is a year old, and what stood on it alone. Needs the centre's sight."""
    row = Challenge.objects.select_for_update(of=("self",)).select_related("asset", "organisation").get(id=challenge)
    row.state = State.LOST
    row.save()
    seen = Check.objects.create(
        challenge=row,
        organisation_id=row.organisation_id,
        outcome=Outcome.ABSENT,
        code="mail-ended",
        facts={"recipient": row.recipient},
        actor=actor.id,
    )
    _record(actor, row, "end", {"code": seen.code})
    _lose(row, seen)
    return seen


@transaction.atomic
def end_challenge(*, actor: Actor, challenge: UUID, state: State) -> Challenge:
    """End a challenge whose time is over, or that nothing is left to prove for. Needs the centre's sight."""
    row = Challenge.objects.select_for_update().get(id=challenge)
    if row.state in LIVE:
        row.state, row.next_at, row.wanted_at, row.token_digest = state, None, None, None
        row.save()
        _record(actor, row, "end", {"state": str(state)})
    return row


def _record(actor: Actor, row: Challenge, verb: str, detail: dict[str, Any]) -> None:
    record(
        actor=actor,
        action=f"proof:challenge:{verb}",
        target=("challenge", row.id),
        organisation=row.organisation_id,
        detail={"method": row.method, "state": row.state, **detail},
    )
