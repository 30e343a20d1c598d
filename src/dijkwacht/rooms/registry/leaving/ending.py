"""What ends at the moment an organisation leaves: its assets, mandates and designations, and what it was asked."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import Fact, record_many
from dijkwacht.rooms.registry import overlaps
from dijkwacht.rooms.registry.models import Asset, AssetConflict, Designation, Mandate, Organisation
from dijkwacht.rooms.registry.reach import today
from dijkwacht.rooms.registry.upkeep.models import ChangeNotice
from dijkwacht.rooms.registry.vocabulary import AssetStatus, MandateStatus, NoticeState

BECAUSE: Final = "deregistration"  # stands as the reason wherever something ended with it


def release_assets(actor: Actor, row: Organisation) -> int:
    """Let every asset expire, so that another can claim it; what was disputed with it is settled."""
    rows = list(Asset.objects.filter(organisation=row).exclude(status=AssetStatus.EXPIRED).select_for_update())
    ids = [asset.id for asset in rows]
    Asset.objects.filter(id__in=ids).update(status=AssetStatus.EXPIRED, expires_at=timezone.now())
    conflicts = AssetConflict.objects.filter(Q(first__in=ids) | Q(second__in=ids)).values_list("first", "second")
    for asset in {*ids} & {side for sides in conflicts for side in sides}:
        overlaps.settle(asset)
    record_many(_expired(actor, asset) for asset in rows)
    return len(rows)


def _expired(actor: Actor, asset: Asset) -> Fact:
    return Fact(
        actor=actor,
        action="registry:asset:expired",
        target=("asset", asset.uid),
        organisation=asset.organisation_id,
        detail={"kind": asset.kind, "value": asset.value, "before": asset.status, "reason": BECAUSE},
    )


def end_mandates(actor: Actor, row: Organisation) -> list[Mandate]:
    """End every mandate in which it is the relay or the member; returns them."""
    running = Mandate.objects.filter(Q(relay=row) | Q(member=row)).exclude(status=MandateStatus.WITHDRAWN)
    rows = list(running.select_for_update())
    Mandate.objects.filter(id__in=[mandate.id for mandate in rows]).update(
        status=MandateStatus.WITHDRAWN, status_reason=BECAUSE, valid_to=today()
    )
    record_many(_withdrawn(actor, mandate) for mandate in rows)
    return rows


def _withdrawn(actor: Actor, mandate: Mandate) -> Fact:
    return Fact(
        actor=actor,
        action="registry:mandate:set-withdrawn",
        target=("mandate", mandate.id),
        organisation=mandate.member_id,
        detail={"relay": str(mandate.relay_id), "before": mandate.status, "reason": BECAUSE},
    )


def end_designations(row: Organisation) -> int:
    """Let its designations have ended yesterday: it reads no sector from now on."""
    last = today() - timedelta(days=1)
    return Designation.objects.filter(Q(valid_to=None) | Q(valid_to__gt=last), reader=row).update(valid_to=last)


def close_questions(row: Organisation) -> int:
    """Close what it was asked about changes: nobody is left to answer."""
    asked = ChangeNotice.objects.filter(organisation=row, state=NoticeState.ASKED)
    return asked.update(state=NoticeState.DISMISSED, reason=BECAUSE, closed_at=timezone.now())


def others_of(mandates: Iterable[Mandate], row: Organisation) -> list[Organisation]:
    """Return the active organisations on the other side of these mandates."""
    sides = {side for mandate in mandates for side in (mandate.relay_id, mandate.member_id)} - {row.id}
    return list(Organisation.objects.filter(id__in=sides, active=True).order_by("id"))
