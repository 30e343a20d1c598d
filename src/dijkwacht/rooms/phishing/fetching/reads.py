"""What is known of pages; the only way to their rows."""

from uuid import UUID

import msgspec

from dijkwacht.rooms.phishing.judging.evidence import Evidence

from . import rules
from .models import Look


def looks_of(campaign: UUID) -> list[Look]:
    """Give the looks at the links of a campaign that were done, the last first."""
    return [*Look.objects.filter(campaigns=campaign, done_at__isnull=False).order_by("-done_at")]


def evidence_of(campaign: UUID) -> list[dict[str, str]]:
    """Give what the pages of a campaign say for phishing: {"code", "family", "nl", "en"} each, none twice."""
    found = [one for row in looks_of(campaign) if (last := row.last) for one in rules.evidence(last)]
    return _listed(found)


def notes_of(campaign: UUID) -> list[dict[str, str]]:
    """Give what else is to be said of them (gone, changed, hidden): as evidence, of no family."""
    return _listed([one for row in looks_of(campaign) if (last := row.last) for one in rules.notes(last, row.previous)])


def is_over(campaign: UUID) -> bool:
    """Whether every page of a campaign that was looked at is gone, so that a lease need not be renewed."""
    ends = [rules.over(last, row.previous) for row in looks_of(campaign) if (last := row.last)]
    return bool(ends) and all(ends)


def waiting_for(campaign: UUID) -> int:
    """Give how many looks were asked for and are not done."""
    return Look.objects.filter(campaigns=campaign, done_at__isnull=True).count()


def same_kit(campaign: UUID) -> list[UUID]:
    """Give the other campaigns whose pages are of the same kit, the newest first."""
    kits = {row.kit for row in looks_of(campaign)} - {""}
    others = Look.objects.filter(kit__in=kits, campaigns__isnull=False).order_by("-done_at")
    return [one for one in dict.fromkeys(others.values_list("campaigns", flat=True)[:200]) if one != campaign]


def _listed(found: list[Evidence]) -> list[dict[str, str]]:
    return [msgspec.to_builtins(one) for one in dict.fromkeys(found)]
