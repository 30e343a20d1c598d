"""An organisation sends the centre what shows that an asset is its own, for an officer to judge."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.attachments import LARGEST
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.proof import checking, rules
from dijkwacht.rooms.proof.errors import (
    ClaimFirst,
    EnoughSent,
    FileNotAllowed,
    NotAllowed,
    NothingSent,
    ShownAlready,
    TooSoon,
)
from dijkwacht.rooms.proof.models import Challenge, Check, Piece
from dijkwacht.rooms.proof.vocabulary import Method, Outcome, State
from dijkwacht.rooms.registry import cleaners, fields
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry import rules as registry_rules
from dijkwacht.rooms.registry.models import Asset
from dijkwacht.rooms.registry.vocabulary import AssetStatus

DAY: Final = timedelta(days=1)
SENT: Final = ("sent-words", "sent-file", "sent-both")


@transaction.atomic
def send_evidence(*, actor: Actor, asset: UUID, words: str, name: str = "", content: bytes | None = None) -> Piece:
    """Keep words, a file (`name`, `content`) or both, sealed, until an officer gives or refuses a word on them.

    Sent again while they wait: added to what waits. Raises NotFound, NotAllowed, ClaimFirst, ShownAlready, NothingSent,
    InvalidField, FileNotAllowed, EnoughSent, TooSoon.
    """
    row = registry.access_asset(actor, asset)
    if not registry_rules.may_hold(actor, row.organisation_id):
        raise NotAllowed
    registry.require_active(actor, row.organisation_id)
    _wanted(row)
    said = fields.single("words", cleaners.text(rules.LONGEST_WORDS, lines=True), words)
    if not said and content is None:
        raise NothingSent
    if content is not None and not 0 < len(content) <= LARGEST:
        raise FileNotAllowed(megabytes=LARGEST >> 20)
    challenge = _waiting(row)
    _within(challenge)
    piece = Piece(challenge=challenge, organisation_id=row.organisation_id, by=actor.id, size=0)
    piece.words = said or None
    if content is not None:
        piece.keep(name, content)
    piece.save(force_insert=True)
    _note(actor, challenge, row, piece)
    return piece


def _wanted(asset: Asset) -> None:
    """Evidence is for what is not shown, or only until a date: an officer's word would take the place of a proof."""
    if asset.status == AssetStatus.EXPIRED:
        raise ClaimFirst
    if asset.status == AssetStatus.VERIFIED and asset.expires_at is None:
        raise ShownAlready(value=asset.value)


def _waiting(asset: Asset) -> Challenge:
    """Return the challenge of the asset that an officer is to judge, locked; made when there is none."""
    where = {"asset": asset, "method": Method.OFFICER, "recipient": "", "state": State.PROPOSED}
    found = Challenge.objects.select_for_update().filter(**where).first()
    if found is not None:
        return found
    ends = timezone.now() + checking.periods().challenge
    made = Challenge(organisation_id=asset.organisation_id, expires_at=ends, **where)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # somebody else at the organisation was first
        return Challenge.objects.select_for_update().get(**where)
    return made


def _within(challenge: Challenge) -> None:
    if challenge.pieces.count() >= rules.MOST_PIECES:
        raise EnoughSent(most=rules.MOST_PIECES)
    sent = Check.objects.filter(organisation=challenge.organisation_id, code__in=SENT, at__gt=timezone.now() - DAY)
    if sent.count() >= rules.PIECES_PER_DAY:  # counted by what was noted: what was taken back counts too
        first = sent.order_by("at").values_list("at", flat=True)[0]
        raise TooSoon(seconds=max(1, int((first + DAY - timezone.now()).total_seconds())))


def _note(actor: Actor, challenge: Challenge, asset: Asset, piece: Piece) -> None:
    """Keep that something was sent and the hash of its file; the words and the file themselves stand sealed alone."""
    facts = {"characters": len(piece.words or ""), "sha256": piece.sha256}
    Check.objects.create(
        challenge=challenge,
        organisation_id=asset.organisation_id,
        outcome=Outcome.PARTIAL,
        code="sent-both" if piece.words and piece.size else "sent-file" if piece.size else "sent-words",
        facts=facts,
        actor=actor.id,
    )
    record(
        actor=actor,
        action="proof:evidence:send",
        target=("challenge", challenge.id),
        organisation=asset.organisation_id,
        detail={"asset": str(asset.uid), "value": asset.value, "size": piece.size, **facts},
    )
