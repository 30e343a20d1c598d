"""A person answers: whoever reads a role address, or an officer who weighs what was found."""

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.proof import mails, reads, rules, settling, words
from dijkwacht.rooms.proof.errors import NotAllowed, NotLive
from dijkwacht.rooms.proof.models import Challenge, Check
from dijkwacht.rooms.proof.vocabulary import Method, Outcome, State
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry import fields

ANSWERABLE: Final = (State.OPEN,)


@transaction.atomic
def confirm_mail(*, actor: Actor, challenge: UUID) -> Challenge:
    """Whoever reads the role address says that the asset is this organisation's; once. Raises NotLive.

    The caller has checked the link; needs the centre's sight.
    """
    row = _answered(actor, challenge, State.PROVEN, Outcome.MATCH, "mail-confirmed")
    older = Challenge.objects.filter(asset=row.asset_id, method=Method.MAIL, state=State.PROVEN).exclude(pk=row.pk)
    older.filter(recipient=row.recipient).update(state=State.WITHDRAWN)
    settling.settle(row, f"{row.recipient} confirmed by the link in our mail")
    return row


@transaction.atomic
def deny_mail(*, actor: Actor, challenge: UUID) -> Challenge:
    """Whoever reads the role address says that it is not: an officer looks at it. Raises NotLive."""
    return _answered(actor, challenge, State.DENIED, Outcome.REFUSED, "mail-denied")


def _answered(actor: Actor, challenge: UUID, state: State, outcome: Outcome, code: str) -> Challenge:
    row = Challenge.objects.select_for_update(of=("self",)).select_related("asset", "organisation").get(id=challenge)
    if row.state not in ANSWERABLE or row.method != Method.MAIL or row.expires_at <= timezone.now():
        raise NotLive(state_now=row.state)
    row.state, row.token_digest, row.next_at = state, None, None
    row.proven_at = timezone.now() if state is State.PROVEN else None
    row.save()
    facts = {"recipient": row.recipient}
    Check.objects.create(
        challenge=row, organisation_id=row.organisation_id, outcome=outcome, code=code, facts=facts, actor=actor.id
    )
    record(
        actor=actor,
        action="proof:challenge:answer",
        target=("challenge", row.id),
        organisation=row.organisation_id,
        detail={"state": str(state)},
    )
    return row


@transaction.atomic
def judge_proposal(*, actor: Actor, challenge: UUID, accept: bool, reason: str) -> Challenge:
    """An officer accepts what was found as evidence, or refuses it. Raises NotFound, NotAllowed, NotLive, InvalidField.

    Accepting is the officer's word: `registry.verify_asset` in the officer's name, which an open conflict stops. Where
    a conflict rests for another who has shown a proof, it is opened again instead, and the challenge waits on.
    """
    if not rules.may_judge(actor):
        raise NotAllowed
    row = reads.access_challenge(actor, challenge)
    row = Challenge.objects.select_for_update(of=("self",)).select_related("asset").get(pk=row.pk)
    if row.state not in rules.judged(Method(row.method)):
        raise NotLive(state_now=row.state)
    said = fields.reason(reason)
    if accept:
        if settling.both_have_shown(row.asset):
            return row
        registry.verify_asset(actor=actor, asset=row.asset.uid, evidence=f"{said} ({_seen(row)})")
    row.state, row.next_at = rules.after_judgement(Method(row.method), accept=accept), None
    row.save()
    Check.objects.create(
        challenge=row,
        organisation_id=row.organisation_id,
        outcome=Outcome.MATCH if accept else Outcome.REFUSED,
        code="accepted" if accept else "refused",
        facts={"reason": said},
        actor=actor.id,
    )
    record(
        actor=actor,
        action="proof:challenge:judge",
        target=("challenge", row.id),
        organisation=row.organisation_id,
        detail={"accept": accept, "reason": said},
    )
    if row.method == Method.OFFICER:
        mails.tell(row, "proof/judged.txt", {"accepted": accept}, f"judged {row.id}")
    return row


def _seen(row: Challenge) -> str:
    """Return what the word rests on: the latest look, or all that was sent."""
    looks = list(row.checks.order_by("-at", "-id")[: rules.MOST_PIECES])
    return " ".join(words.sentence(one, "en") for one in (looks if row.method == Method.OFFICER else looks[:1]))
