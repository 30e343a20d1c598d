"""What is known of pages; the only way to their rows."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.db.models import F, Q
from django.utils import timezone
from msgspec.structs import replace

from dijkwacht.mails.urls import host_of

from . import rules
from .models import Look
from .rdap import reads as ages

DAY: Final = timedelta(days=1)


def looks_of(campaign: UUID) -> list[Look]:
    """Give the looks at the links of a campaign that were done, the last first."""
    return [*Look.objects.filter(campaigns=campaign, done_at__isnull=False).order_by("-done_at")]


def evidence_of(campaign: UUID) -> list[dict[str, str]]:
    """Give what the pages of a campaign say for phishing: {"code", "family", "nl", "en", "host", "url", "at"} each.

    `host` and `url` are those of the link in the mail, whatever it led to. `at`: the URL that the evidence is about,
    of the page where the look ended; it may be of somebody else than the link. The age of a domain is what its registry
    said since, where the look did not know it.
    """
    rows = [(row, last) for row in looks_of(campaign) if (last := row.last)]
    days = ages.days(last.host for _, last in rows)
    return [
        {
            **msgspec.to_builtins(one),
            "host": host_of(row.url),
            "url": row.url,
            "at": row.url if one.code in rules.OF_THE_LINK else last.final,
        }
        for row, last in rows
        for one in rules.evidence(last if last.registered else replace(last, registered=days.get(last.host, "")))
    ]


def notes_of(campaign: UUID) -> list[dict[str, str]]:
    """Give what else is to be said of them (gone, changed, hidden): as evidence, of no family."""
    found = [one for row in looks_of(campaign) if (last := row.last) for one in rules.notes(last, row.previous)]
    return [msgspec.to_builtins(one) for one in dict.fromkeys(found)]


def is_over(campaign: UUID) -> bool:
    """Whether every page of a campaign that was looked at is gone, so that a lease need not be renewed."""
    ends = [rules.over(last, row.previous) for row in looks_of(campaign) if (last := row.last)]
    return bool(ends) and all(ends)


def waiting_for(campaign: UUID) -> int:
    """Give how many looks were asked for and are not done."""
    return Look.objects.filter(Q(done_at__isnull=True) | Q(done_at__lt=F("asked_at")), campaigns=campaign).count()


def shown_lately(kit: str) -> bool:
    """Whether a browser showed a page of this kit within a day."""
    since = timezone.now() - DAY
    return bool(kit) and Look.objects.filter(kit=kit, done_at__gt=since, seen__rendered=True).exists()


def same_kit(campaign: UUID) -> list[UUID]:
    """Give the other campaigns whose pages are of the same kit, the newest first."""
    kits = {row.kit for row in looks_of(campaign)} - {""}
    others = Look.objects.filter(kit__in=kits, campaigns__isnull=False).order_by("-done_at")
    return [one for one in dict.fromkeys(others.values_list("campaigns", flat=True)[:200]) if one != campaign]
