"""Which campaigns are of one wave, and by what."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F
from django.db.models.functions import Coalesce

from dijkwacht.rooms.phishing.campaigns.models import Campaign

from .models import CampaignMark

MOST = 500


def campaigns_of(wave: UUID) -> list[Campaign]:
    """Give the campaigns of a wave, the newest first."""
    return [*Campaign.objects.filter(wave=wave).order_by("-last_at", "id")[:MOST]]


def sizes(waves: Iterable[UUID]) -> dict[UUID, int]:
    """Give of how many campaigns waves are."""
    rows = Campaign.objects.filter(wave__in={*waves}).order_by().values_list("wave").annotate(count=Count("id"))
    return dict(rows)


def shared_by(campaigns: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Give by campaign the kinds of marks that another of these carries as well."""
    rows = [*CampaignMark.objects.filter(campaign__in=[*campaigns]).values_list("campaign", "kind", "value")]
    count = Counter((kind, value) for _, kind, value in rows)
    found: dict[UUID, set[str]] = {}
    for campaign, kind, value in rows:
        if count[kind, value] > 1:
            found.setdefault(campaign, set()).add(kind)
    return {campaign: sorted(kinds) for campaign, kinds in found.items()}


def attacks(since: datetime) -> tuple[int, int]:
    """Give how many campaigns began since then, and of how many waves they are; one that is alone counts as one."""
    rows = Campaign.objects.filter(first_at__gte=since).order_by()
    both = rows.aggregate(campaigns=Count("id"), waves=Count(Coalesce(F("wave"), F("id")), distinct=True))
    return both["campaigns"], both["waves"]
