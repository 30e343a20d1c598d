"""All that is known of a campaign, from every part of the room, as a `Case` that the rules weigh."""

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone

from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report
from dijkwacht.rooms.phishing.deciding import brakes, reputations
from dijkwacht.rooms.phishing.deciding.models import KnownName
from dijkwacht.rooms.phishing.fetching import reads
from dijkwacht.rooms.phishing.judging.evidence import Evidence
from dijkwacht.rooms.phishing.judging.knowledge import registrable, sentence
from dijkwacht.rooms.phishing.judging.names import likeness
from dijkwacht.rooms.phishing.judging.radius import Place, guard
from dijkwacht.rooms.phishing.judging.reputation import together
from dijkwacht.rooms.phishing.judging.scope import Scope, narrow, widen
from dijkwacht.rooms.phishing.judging.weighing import Candidate, Case, Reporters
from dijkwacht.rooms.phishing.listing.models import Entry

MOST: Final = 200  # links of one campaign that are weighed
INSIDE: Final = ("resource",)  # what a page loads leads nobody anywhere


def gather(campaign: Campaign) -> Case:
    """Gather what is known of a campaign now."""
    links = _links(campaign)
    hosts = {one["link"]["host"] for one in links}
    ranks, listed = _ranks(hosts), _listed(links)
    page = _page(campaign)
    candidates = [_candidate(one, hosts, ranks, listed, page) for one in links]
    names = [one.scope.name for one in candidates]
    live = Entry.objects.filter(name__in=names, removed_at=None).values_list("kind", "name")
    warned = sorted([kind, name] for kind, name in live)
    return Case(candidates, reporters(campaign), brakes.left(), brakes.halted() is not None, warned)


def _links(campaign: Campaign) -> list[dict[str, Any]]:
    """Give the links of the analysis, each place once, in the order of the mail."""
    found = {
        one["link"]["clean"]: one
        for one in campaign.analysis.get("links", [])
        if one.get("link", {}).get("where") not in INSIDE
    }
    return [*found.values()][:MOST]


def _candidate(
    one: dict[str, Any],
    hosts: set[str],
    ranks: dict[str, int],
    listed: dict[str, list[Evidence]],
    page: list[dict[str, str]],
) -> Candidate:
    host, url = one["link"]["host"], one["link"]["clean"]
    domain = registrable(host)
    others = KnownName.objects.filter(domain=domain).exclude(name__in=hosts).values("name").distinct().count()
    own = own_hosts()
    rank, domain_rank = ranks.get(host, 0), ranks.get(domain, 0)
    likes = found[0].slug if (found := likeness(host)) else ""
    place = Place(host, guard(host, own, rank, domain_rank), rank, domain_rank, others if domain else 0, likes)
    said = [msgspec.convert(item, Evidence) for item in one.get("evidence", [])]
    seen = [
        Evidence(item["code"], "page" if item["family"] == "content" else item["family"], item["nl"], item["en"])
        for item in page
        if item["url"] == url
    ]
    scope = widen(narrow(msgspec.convert(one["scope"], Scope), url, place.guard), host, hosts, place.others)
    return Candidate(url, place, scope, [*said, *seen, *listed.get(url, []), *listed.get(host, [])])


def own_hosts() -> frozenset[str]:
    """Give the hosts of this portal."""
    return frozenset({urlsplit(settings.BASE_URL).hostname or "", settings.MAIL_FROM.rpartition("@")[2]}) - {""}


def _ranks(hosts: set[str]) -> dict[str, int]:
    """Give the best rank of the hosts and of their registrable domains."""
    names = hosts | {registrable(host) for host in hosts} - {""}
    rows = KnownName.objects.filter(name__in=names, known__kind="top")
    return dict(rows.values_list("name").annotate(best=Min("rank")))


def _listed(links: Iterable[dict[str, Any]]) -> dict[str, list[Evidence]]:
    """Give by host or URL the outside lists of phishing that it stands on."""
    names = {name for one in links for name in (one["link"]["host"], one["link"]["clean"])}
    rows = KnownName.objects.filter(name__in=names, known__kind="phishing").values_list("name", "known_id").distinct()
    found: dict[str, list[Evidence]] = {}
    for name, slug in rows:
        nl, en = (sentence("on-list", language, name=name, list=slug) for language in ("nl", "en"))
        found.setdefault(name, []).append(Evidence("on-list", "list", nl, en))
    return found


def _page(campaign: Campaign) -> list[dict[str, str]]:
    """Give what the part `fetching` saw on the pages."""
    return reads.evidence_of(campaign.id)


def reporters(campaign: Campaign) -> Reporters:
    """Count who reported; only verified words weigh, each network once."""
    rows = Report.objects.filter(campaign=campaign)
    count = rows.aggregate(
        sources=Count("source", distinct=True, filter=Q(verified=True)),
        partners=Count("source", distinct=True, filter=Q(verified=True, door="api")),
    )
    weight, networks = together(reputations.words_of(campaign, timezone.now()))
    mails = max(campaign.mails, rows.count())
    return Reporters(mails, count["sources"], networks, count["partners"], round(weight, 3))
