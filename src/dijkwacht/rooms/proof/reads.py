"""The only way to rows of proof. What an actor may not see is not there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.proof import rules, words
from dijkwacht.rooms.proof.errors import NotFound
from dijkwacht.rooms.proof.models import Challenge, Check, Piece, Snapshot
from dijkwacht.rooms.proof.vocabulary import LIVE, Method, Outcome, State
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.evidence import Evidence
from dijkwacht.rooms.registry.models import Asset, AssetConflict
from dijkwacht.rooms.registry.vocabulary import AssetStatus

MOST_CHECKS: Final = 50  # of a challenge, shown at once
MOST_EVIDENCE: Final = 10  # checks of an asset, shown beside a conflict


def _visible(actor: Actor) -> QuerySet[Challenge]:
    """A relay reads its members' assets, but not what they are asked to publish."""
    rows = Challenge.objects.select_related("asset")
    return rows if actor.is_centre else rows.filter(organisation_id__in=actor.writable)


def access_challenge(actor: Actor, identifier: UUID) -> Challenge:
    """Return a challenge. Raises NotFound, also for one that the actor may not read."""
    found = _visible(actor).filter(id=identifier).first()
    if found is None:
        raise NotFound(what="challenge", what_nl="bewijsopdracht")
    return found


def challenges_of(actor: Actor, asset: Asset) -> QuerySet[Challenge]:
    """Return what was asked about an asset, the live ones of each method first."""
    return _visible(actor).filter(asset=asset).order_by("method", "recipient", "-created_at")


def live_of(actor: Actor, asset: Asset) -> QuerySet[Challenge]:
    """Return the challenges of an asset that still count."""
    return challenges_of(actor, asset).filter(state__in=LIVE)


def checks_of(actor: Actor, asset: Asset) -> list[Check]:
    """Return the latest looks at an asset, newest first."""
    rows = Check.objects.select_related("challenge").filter(challenge__in=_visible(actor).filter(asset=asset))
    return list(rows.order_by("-at", "-id")[:MOST_CHECKS])


def live_by_asset(actor: Actor, assets: Iterable[Asset]) -> dict[int, list[Challenge]]:
    """Return the live challenges of many assets, by the asset's number."""
    found: dict[int, list[Challenge]] = defaultdict(list)
    for row in _visible(actor).filter(asset__in=list(assets), state__in=LIVE):
        found[row.asset_id].append(row)
    return dict(found)


def pieces_of(actor: Actor, challenges: Iterable[Challenge]) -> dict[UUID, list[Piece]]:
    """Return what was sent to the centre for each of these challenges, oldest first, without the files' content."""
    found: dict[UUID, list[Piece]] = defaultdict(list)
    rows = Piece.objects.filter(challenge__in=_visible(actor).filter(id__in=[one.id for one in challenges]))
    for row in rows.defer("content_sealed"):
        found[row.challenge_id].append(row)
    return dict(found)


def access_piece(actor: Actor, identifier: UUID) -> Piece:
    """Return what was sent, with its file. Raises NotFound, also for what the actor may not read or holds no file."""
    found = Piece.objects.filter(id=identifier, size__gt=0, challenge__in=_visible(actor)).first()
    if found is None:
        raise NotFound(what="file", what_nl="bestand")
    return found


def contested(actor: Actor, assets: Iterable[Asset]) -> dict[int, list[AssetConflict]]:
    """Return by asset the conflicts over it whose other side still claims, decided or not; for the centre alone."""
    found: dict[int, list[AssetConflict]] = defaultdict(list)
    ids = {asset.id for asset in assets}
    rows = registry.conflicts_for(actor) | registry.conflicts_at_rest(actor)
    rows |= registry.conflicts_for(actor, undecided=False)
    for row in rows.filter(Q(first__in=ids) | Q(second__in=ids)).order_by("created_at", "id"):
        for mine, other in ((row.first, row.second), (row.second, row.first)):
            if mine.id in ids and other.status != AssetStatus.EXPIRED:
                found[mine.id].append(row)
    return dict(found)


def waiting_for_an_officer(actor: Actor) -> QuerySet[Challenge]:
    """Return what an officer weighs: proposals, and mails that were answered with "not ours"; for the centre alone."""
    rows = _visible(actor) if actor.is_centre else Challenge.objects.none()
    denied = Q(state=State.DENIED, method="mail", asset__status__in=["claimed", "disputed"])
    return rows.filter(Q(state=State.PROPOSED) | denied).select_related("organisation").order_by("created_at", "id")


def failing(actor: Actor) -> QuerySet[Challenge]:
    """Return the proofs that were gone when we looked, or could not be looked at for long; for the centre alone."""
    rows = _visible(actor) if actor.is_centre else Challenge.objects.none()
    seen = Max("checks__at", filter=Q(checks__outcome=Outcome.MATCH))
    old = Q(seen__lt=timezone.now() - rules.UNSEEN, next_at__isnull=False)
    found = rows.filter(state=State.PROVEN).annotate(seen=seen).filter(Q(failures__gt=0) | old)
    return found.select_related("organisation").order_by("failed_at", "id")


def failing_of(actor: Actor, organisation: UUID) -> QuerySet[Challenge]:
    """Return the proofs of one organisation that were gone when we looked again; it is told so on its first page."""
    rows = _visible(actor).filter(organisation_id=organisation, state=State.PROVEN, failures__gt=0)
    return rows.order_by("failed_at", "id")


def snapshots(actor: Actor) -> QuerySet[Snapshot]:
    """Return the files of internet registries that were imported; for the centre alone."""
    return Snapshot.objects.all() if actor.is_centre else Snapshot.objects.none()


def evidence_for(actor: Actor, assets: Sequence[Asset], language: str) -> dict[int, list[Evidence]]:
    """Return what each asset's organisation has shown, newest first: for the officer who decides a conflict."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    if not actor.is_centre:
        return {}
    rows = Check.objects.select_related("challenge").filter(challenge__asset__in=[asset.id for asset in assets])
    for row in rows.order_by("-at", "-id"):
        said = found[row.challenge.asset_id]
        if len(said) < MOST_EVIDENCE:
            said.append(Evidence(row.at, words.method(row.challenge.method, language), words.sentence(row, language)))
    for asset, sent in _sent(assets, language).items():
        found[asset] += sent
    return dict(found)


def _sent(assets: Sequence[Asset], language: str) -> dict[int, list[Evidence]]:
    """Return the words and files themselves that were sent about these assets, for the centre."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    rows = Piece.objects.filter(challenge__asset__in=[asset.id for asset in assets]).defer("content_sealed")
    for row in rows.select_related("challenge").order_by("-at", "id"):
        what = "\n".join(one for one in (row.words, row.name if row.size else "") if one)
        file = reverse("proof:piece", args=[row.id]) if row.size else ""
        found[row.challenge.asset_id].append(Evidence(row.at, words.method(Method.OFFICER, language), what, file))
    return found
