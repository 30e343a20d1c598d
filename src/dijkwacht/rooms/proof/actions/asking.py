"""An organisation asks: how can I show it, look now, never mind."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.proof import addresses, checking, mails, reads, rules
from dijkwacht.rooms.proof.errors import AddressNotOffered, ClaimFirst, MethodNotFitting, NotAllowed, NotLive, TooSoon
from dijkwacht.rooms.proof.models import Challenge, Check
from dijkwacht.rooms.proof.vocabulary import LIVE, Method, State
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry import rules as registry_rules
from dijkwacht.rooms.registry.models import Asset
from dijkwacht.rooms.registry.vocabulary import AssetStatus

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
PUBLISHED: Final = frozenset({Method.DNS, Method.FILE})


@transaction.atomic
def start_challenge(*, actor: Actor, asset: UUID, method: str, recipient: str = "") -> Challenge:
    """Ask an organisation to show that an asset is its own; a live challenge of the method is given again.

    `recipient`: for the method mail, one of `addresses.offered`. Raises NotFound, NotAllowed, MethodNotFitting,
    AddressNotOffered, ClaimFirst, TooSoon.
    """
    row = registry.access_asset(actor, asset)
    _require(registry_rules.may_hold(actor, row.organisation_id))
    fitting = rules.METHODS[row.kind]
    if method not in fitting:
        raise MethodNotFitting(value=row.value, known=", ".join(fitting))
    if row.status == AssetStatus.EXPIRED:
        raise ClaimFirst
    known = addresses.offered(row) if method == Method.MAIL else []
    if method == Method.MAIL and recipient not in known:
        raise AddressNotOffered(known=", ".join(known) or "-")
    where = {"asset": row, "method": method, "recipient": recipient if method == Method.MAIL else ""}
    live = Challenge.objects.filter(**where, state__in=LIVE).first()
    if live is not None and method != Method.MAIL:
        return live
    _within_starts(row)
    if method == Method.MAIL:
        _within_mails(row, recipient)
        _end_live(where)
    return _create(actor, row, Method(method), where)


def _create(actor: Actor, asset: Asset, method: Method, where: dict[str, Any]) -> Challenge:
    now = timezone.now()
    challenge = Challenge(
        organisation_id=asset.organisation_id,
        expires_at=now + checking.periods().challenge,
        token=rules.new_token() if method in PUBLISHED else "",
        next_at=now + rules.FIRST_WAIT if method in rules.LOOKED_UP else None,
        **where,
    )
    secret = mails.seal(challenge) if method is Method.MAIL else ""
    try:
        with transaction.atomic():
            challenge.save(force_insert=True)
    except IntegrityError:  # somebody else at the organisation was first
        return Challenge.objects.get(**where, state__in=LIVE)
    record(
        actor=actor,
        action="proof:challenge:start",
        target=("challenge", challenge.id),
        organisation=challenge.organisation_id,
        detail={"method": str(method), "asset": str(asset.uid), "value": asset.value},
        personal={"recipient": challenge.recipient} if challenge.recipient else None,
    )
    if method is Method.MAIL:
        mails.ask(challenge, secret, actor)
    return challenge


def _end_live(where: dict[str, Any]) -> None:
    """A new mail ends the one before: only the newest link works; a proof stays until the new link is used."""
    Challenge.objects.filter(**where, state=State.OPEN).update(state=State.WITHDRAWN, token_digest=None)


def _within_starts(asset: Asset) -> None:
    since = timezone.now() - DAY
    if (
        Challenge.objects.filter(organisation=asset.organisation_id, created_at__gt=since).count()
        >= rules.STARTS_PER_DAY
    ):
        raise TooSoon(seconds=int(HOUR.total_seconds()))


def _within_mails(asset: Asset, recipient: str) -> None:
    since = timezone.now() - DAY
    sent = Challenge.objects.filter(organisation=asset.organisation_id, method=Method.MAIL, created_at__gt=since)
    same = sent.filter(asset=asset, recipient=recipient).order_by("-created_at").first()
    if same is not None:
        raise TooSoon(seconds=_left(same.created_at, DAY))
    if sent.count() >= rules.MAILS_PER_DAY:
        first = sent.order_by("created_at").values_list("created_at", flat=True)[0]
        raise TooSoon(seconds=_left(first, DAY))


def _left(since: datetime, pause: timedelta) -> int:
    return max(1, int((since + pause - timezone.now()).total_seconds()))


@transaction.atomic
def ask_check(*, actor: Actor, challenge: UUID) -> Challenge:
    """Ask for a look now; a worker takes it. Raises NotFound, NotAllowed, NotLive, TooSoon."""
    from dijkwacht.rooms.proof import tasks

    row = reads.access_challenge(actor, challenge)
    _require(registry_rules.may_hold(actor, row.organisation_id))
    row = Challenge.objects.select_for_update().get(pk=row.pk)
    if row.state not in LIVE or row.method not in rules.LOOKED_UP:
        raise NotLive(state_now=row.state)
    _within_checks(row)
    row.wanted_at = timezone.now()
    row.save(update_fields=["wanted_at"])
    record(
        actor=actor,
        action="proof:challenge:ask-check",
        target=("challenge", row.id),
        organisation=row.organisation_id,
        detail={"method": row.method},
    )
    tasks.ask(row.id)
    return row


def _within_checks(row: Challenge) -> None:
    now, pause = timezone.now(), timedelta(seconds=rules.CHECK_PAUSE)
    latest = row.checks.order_by("-at").values_list("at", flat=True).first()
    for moment in (row.wanted_at, latest):
        if moment is not None and moment > now - pause:
            raise TooSoon(seconds=_left(moment, pause))
    mine = Check.objects.filter(organisation=row.organisation_id, at__gt=now - HOUR)
    wanted = Challenge.objects.filter(organisation=row.organisation_id, wanted_at__gt=now - HOUR)
    if mine.count() + wanted.count() >= rules.CHECKS_PER_HOUR:
        raise TooSoon(seconds=int(HOUR.total_seconds()) // 4)


@transaction.atomic
def withdraw_challenge(*, actor: Actor, challenge: UUID) -> Challenge:
    """End a challenge that was not met. Raises NotFound, NotAllowed, NotLive."""
    row = reads.access_challenge(actor, challenge)
    _require(registry_rules.may_hold(actor, row.organisation_id))
    row = Challenge.objects.select_for_update().get(pk=row.pk)
    if row.state not in {State.OPEN, State.PROPOSED}:
        raise NotLive(state_now=row.state)
    row.state, row.next_at, row.wanted_at, row.token_digest = State.WITHDRAWN, None, None, None
    row.save()
    row.pieces.all().delete()  # what is taken back is not kept
    record(
        actor=actor,
        action="proof:challenge:withdraw",
        target=("challenge", row.id),
        organisation=row.organisation_id,
        detail={"method": row.method},
    )
    return row


def _require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowed
