"""What is counted: organisations, each in one sector. The counts never leave `actions`, which makes figures of them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from dijkwacht.feeds.catalogue import catalogue
from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.knowledge import library
from dijkwacht.rooms.knowledge.figures.reads import first_sector
from dijkwacht.rooms.knowledge.planning.models import Scan
from dijkwacht.rooms.notification import reads as notification
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.reporting import reads as reporting

RECENT: Final = timedelta(days=90)  # what happened lately
FRESH: Final = timedelta(days=730)  # a scan older than two years says nothing about now


def sectors(actor: Actor) -> dict[UUID, str]:
    """Return the sector in which each active organisation counts."""
    rows = registry.organisations_for(actor).filter(active=True).order_by().values_list("id", "sectors")
    return {identifier: first_sector(codes) for identifier, codes in rows}


def answers(instrument: str, now: datetime) -> dict[UUID, dict[str, str]]:
    """Return the latest fresh answers of each organisation to a scan."""
    rows = Scan.objects.filter(instrument=instrument, taken_at__gte=now - FRESH)
    latest = rows.order_by("organisation_id", "-taken_at", "id").distinct("organisation_id")
    return dict(latest.values_list("organisation_id", "answers"))


def struck(actor: Actor, now: datetime) -> dict[str, set[UUID]]:
    """Return by RSIT "class/type", or "class" alone, the organisations to whom it happened lately.

    Findings tell the type; who reports is asked for the class only.
    """
    found: dict[str, set[UUID]] = defaultdict(set)
    kinds = _rsit_of_kinds()
    rows = notification.findings_for(actor).filter(last_seen__gte=now - RECENT).order_by()
    for feed, kind, organisation in rows.values_list("feed", "kind", "organisation_id").distinct():
        if rsit := kinds.get((feed, kind)):
            found[rsit].add(organisation)
    for incident in reporting.incidents_for(actor).filter(received_at__gte=now - RECENT, organisation_id__isnull=False):
        if (rsit := str((incident.facts or {}).get("incident_type") or "")) and incident.organisation_id:
            found[rsit].add(incident.organisation_id)
    return found


def by_measure(happened: dict[str, set[UUID]]) -> dict[str, set[UUID]]:
    """Return by measure the organisations to whom something happened that it would have prevented."""
    found: dict[str, set[UUID]] = defaultdict(set)
    for kind, slugs in library.happens().items():
        for slug in slugs:
            found[slug] |= happened.get(kind, set()) | happened.get(kind.partition("/")[0], set())
    return found


def per_sector(organisations: Iterable[UUID], known: dict[UUID, str]) -> dict[str, int]:
    """Return how many of them count in each sector."""
    counts: dict[str, int] = defaultdict(int)
    for one in organisations:
        if one in known:
            counts[known[one]] += 1
    return counts


def _rsit_of_kinds() -> dict[tuple[str, str], str]:
    return {
        (feed.slug, report.kind.slug): f"{report.kind.rsit_class}/{report.kind.rsit_type}"
        for feed in catalogue().values()
        for report in feed.reports.values()
    }
