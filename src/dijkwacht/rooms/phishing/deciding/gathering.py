"""All that is known of a campaign, from every part of the room, as a `Case` that the rules weigh."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone

from dijkwacht.mails.urls import host_of
from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report
from dijkwacht.rooms.phishing.deciding import brakes, freed, reputations
from dijkwacht.rooms.phishing.deciding.models import KnownName
from dijkwacht.rooms.phishing.fetching import reads
from dijkwacht.rooms.phishing.judging.evidence import Evidence, of_name
from dijkwacht.rooms.phishing.judging.knowledge import registrable, sentence
from dijkwacht.rooms.phishing.judging.names import likeness
from dijkwacht.rooms.phishing.judging.radius import Place, guard
from dijkwacht.rooms.phishing.judging.reputation import together
from dijkwacht.rooms.phishing.judging.scope import Scope, elsewhere, narrow, of_place, widen
from dijkwacht.rooms.phishing.judging.weighing import Candidate, Case, Reporters
from dijkwacht.rooms.phishing.listing.models import Entry

MOST: Final = 200  # links of one campaign that are weighed
INSIDE: Final = ("resource",)  # what a page loads leads nobody anywhere


def gather(campaign: Campaign) -> Case:
    """Gather what is known of a campaign now."""
    links, pages = _links(campaign), _pages(campaign)
    hosts = {one["link"]["host"] for one in links}
    ends = _ends(links, pages)
    places = {*((one["link"]["host"], one["link"]["clean"]) for one in links), *((host_of(url), url) for url in ends)}
    known = Around(hosts, _ranks({host for host, _ in places}), _listed(places))
    candidates = [_candidate(one, known, pages) for one in links]
    candidates += [_end(url, known, pages) for url in ends]
    names = [one.scope.name for one in candidates]
    live = Entry.objects.filter(name__in=names, removed_at=None).values_list("kind", "name")
    warned = sorted([kind, name] for kind, name in live)
    return Case(freed.held(candidates, warned), reporters(campaign), brakes.left(), brakes.halted() is not None, warned)


def _links(campaign: Campaign) -> list[dict[str, Any]]:
    """Give the links of the analysis, each place once, in the order of the mail."""
    found = {
        one["link"]["clean"]: one
        for one in campaign.analysis.get("links", [])
        if one.get("link", {}).get("where") not in INSIDE
    }
    return [*found.values()][:MOST]


class Around(NamedTuple):
    """What is known of the places of a campaign: hosts of its links, ranks, and by host or URL the lists."""

    hosts: set[str]
    ranks: dict[str, int]
    listed: dict[str, list[Evidence]]

    def at(self, host: str, url: str) -> list[Evidence]:
        """Give what outside lists say of a place."""
        return [*self.listed.get(url, []), *self.listed.get(host, [])]


def _candidate(one: dict[str, Any], known: Around, pages: list[dict[str, str]]) -> Candidate:
    """Weigh a link. What its page says counts for its host only where that page is of the same domain."""
    host, url = one["link"]["host"], one["link"]["clean"]
    place = _place(host, known)
    said = [msgspec.convert(item, Evidence) for item in one.get("evidence", [])]
    of_link = [item for item in pages if item["url"] == url]
    evidence = [*said, *map(_seen, of_link), *known.at(host, url)]
    scope = narrow(msgspec.convert(one["scope"], Scope), url, place.guard)
    if any(elsewhere(host, host_of(item["at"])) for item in of_link):  # an honest site may lead on whoever asks it
        scope = Scope("url", url, "leads") if scope.kind == "host" else scope
        return Candidate(url, place, scope, evidence, ["route-leads-elsewhere"])
    # What stands behind the name may be read wrong by a letter, and on a shared host that is somebody else's page.
    read = one["link"]["where"] == "picture"
    held = ["route-read-from-picture"] if read and scope.kind == "url" else []
    return Candidate(url, place, widen(scope, host, known.hosts, place.others), evidence, held, read)


def _end(url: str, known: Around, pages: list[dict[str, str]]) -> Candidate:
    """Weigh the page that a link of another domain ended at."""
    host = host_of(url)
    place = _place(host, known)
    seen = [_seen(item) for item in pages if item["at"] == url]
    scope = narrow(of_place(host, url), url, place.guard)
    return Candidate(url, place, scope, [*of_name(host), *dict.fromkeys(seen), *known.at(host, url)])


def _ends(links: list[dict[str, Any]], pages: list[dict[str, str]]) -> list[str]:
    """Give the URLs of other domains at which links of the campaign ended, each once."""
    mine = {one["link"]["clean"] for one in links}
    found = {item["at"]: None for item in pages if item["url"] in mine and elsewhere(item["host"], host_of(item["at"]))}
    return [url for url in found if url not in mine]


def _seen(item: dict[str, str]) -> Evidence:
    family = "page" if item["family"] == "content" else item["family"]
    return Evidence(item["code"], family, item["nl"], item["en"])


def _place(host: str, known: Around) -> Place:
    domain = registrable(host)
    others = KnownName.objects.filter(domain=domain).exclude(name__in={*known.hosts, host}).values("name").distinct()
    rank, domain_rank = known.ranks.get(host, 0), known.ranks.get(domain, 0)
    likes = found[0].slug if (found := likeness(host)) else ""
    guarded = guard(host, own_hosts(), rank, domain_rank)
    return Place(host, guarded, rank, domain_rank, others.count() if domain else 0, likes)


def place_of(host: str) -> Place:
    """Give what is known of a host by itself, of no campaign."""
    return _place(host, Around({host}, _ranks({host}), {}))


def own_hosts() -> frozenset[str]:
    """Give the hosts of this portal."""
    return frozenset({urlsplit(settings.BASE_URL).hostname or "", settings.MAIL_FROM.rpartition("@")[2]}) - {""}


def _ranks(hosts: set[str]) -> dict[str, int]:
    """Give the best rank of the hosts and of their registrable domains."""
    names = hosts | {registrable(host) for host in hosts} - {""}
    rows = KnownName.objects.filter(name__in=names, known__kind="top")
    return dict(rows.values_list("name").annotate(best=Min("rank")))


def _listed(places: Iterable[tuple[str, str]]) -> dict[str, list[Evidence]]:
    """Give by host or URL the outside lists of phishing that it stands on. `places`: host and URL each."""
    names = {name for place in places for name in place}
    rows = KnownName.objects.filter(name__in=names, known__kind="phishing").values_list("name", "known_id").distinct()
    found: dict[str, list[Evidence]] = {}
    for name, slug in rows:
        nl, en = (sentence("on-list", language, name=name, list=slug) for language in ("nl", "en"))
        found.setdefault(name, []).append(Evidence("on-list", "list", nl, en))
    return found


def _pages(campaign: Campaign) -> list[dict[str, str]]:
    """Give what the part `fetching` saw on the pages."""
    return reads.evidence_of(campaign.id)


def reporters(campaign: Campaign) -> Reporters:
    """Count who reported; only verified words weigh, each network once."""
    rows = Report.objects.filter(campaign=campaign)
    count = rows.aggregate(
        sources=Count("source", distinct=True, filter=Q(verified=True)),
        partners=Count("source", distinct=True, filter=Q(verified=True, source__startswith=reputations.PARTNER)),
    )
    weight, networks = together(reputations.words_of(campaign, timezone.now()))
    mails = max(campaign.mails, rows.count())
    return Reporters(mails, count["sources"], networks, count["partners"], round(weight, 3))
