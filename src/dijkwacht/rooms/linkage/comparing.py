"""Two organisations that an officer puts side by side: how alike they are, and what joining them would move."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.linkage.actions.joining import join_organisations
from dijkwacht.rooms.linkage.known import frame_of, picture
from dijkwacht.rooms.linkage.linking.against import with_against
from dijkwacht.rooms.linkage.linking.evidence import Evidence, evidence
from dijkwacht.rooms.linkage.linking.scoring import score
from dijkwacht.rooms.linkage.linking.weights import weights
from dijkwacht.rooms.registry.models import Asset, Organisation
from dijkwacht.rooms.registry.vocabulary import AssetStatus


@dataclass(frozen=True)
class Likeness:
    """What the comparisons say of two organisations; `weight` in bits, prior included."""

    weight: float
    probability: float
    against: str
    evidence: list[Evidence]


def likeness(one: Organisation, other: Organisation) -> Likeness | None:
    """Weigh two organisations as they stand, as the review queue does; None when they share nothing at all."""
    frame = frame_of([picture(one), picture(other)])
    pairs = with_against(score(frame, weights(), least=0.0))
    if pairs.is_empty():
        return None
    pair: dict[str, Any] = pairs.row(0, named=True)
    return Likeness(
        weight=pair["match_weight"],
        probability=pair["match_probability"],
        against=pair["against"] or "",
        evidence=evidence(pair),
    )


def fields_of(row: Organisation) -> dict[str, str]:
    """Give what the registry holds of an organisation that tells it from others, as texts."""
    assets = Asset.objects.filter(organisation=row)
    shown = assets.filter(status=AssetStatus.VERIFIED).count()
    return {
        **picture(row).fields,
        "country": row.country,
        "sector": ", ".join(row.sectors),
        "class": row.classification,
        "assets": f"{shown} / {assets.count()}",
        "contacts": str(row.contacts.count()),
        "since": row.created_at.date().isoformat(),
    }


def try_joining(*, actor: Actor, kept: UUID, gone: UUID) -> dict[str, int]:
    """Join two organisations and take it all back at once; gives how many rows of each table would move.

    Raises NotAllowed, WrongState, as joining itself does.
    """
    with transaction.atomic():
        joining = join_organisations(actor=actor, kept=kept, gone=gone, reason="dry run")
        moved = Counter(joining.moved.values_list("table", flat=True))
        transaction.set_rollback(True)
    return dict(sorted(moved.items()))
