"""Find the campaign that a mail is of, or begin one: one analysis a campaign, whatever the number of its mails.

Mails with the same exact key are found at once. The others are compared with the campaigns that lead to the same sites,
which are looked up once a batch for all mails of these sites.
"""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection
from django.utils import timezone

from dijkwacht.mails.reading import Mail
from dijkwacht.rooms.phishing.campaigns import rules
from dijkwacht.rooms.phishing.campaigns.models import Campaign, Variant
from dijkwacht.rooms.phishing.campaigns.rules import Traits
from dijkwacht.rooms.phishing.judging.analysing import Analysis, analyse
from dijkwacht.rooms.phishing.judging.evidence import named_brand

ASLEEP: Final = timedelta(days=60)  # a campaign without a mail for so long is over; the same again is a new look
CANDIDATES: Final = 20  # campaigns that one mail is compared with
TOGETHER: Final = 500  # campaigns of some sites that are looked up for all mails of a batch
MOST_HOSTS: Final = 200  # of one campaign, each with its evidence
_FIND: Final = """
select id, keys, sketch, hosts, marks from phishing_campaign
where sites = %s and marks && %s::varchar[] and last_at > %s order by last_at desc limit %s
"""


class Known(NamedTuple):
    """A campaign that a mail may be of, with what mails of it are compared by."""

    id: UUID
    keys: list[str]
    sketch: list[int]
    hosts: list[str]
    marks: list[str]


class Placing:
    """The campaigns of a batch of mails, in the caller's transaction.

    `places` gives them by exact key; `begun` are new, `grown` got hosts that they did not have.
    """

    def __init__(self, mails: Iterable[tuple[Mail, Traits]]) -> None:
        self.begun: dict[UUID, Campaign] = {}
        self.grown: set[UUID] = set()
        first = {traits.exact: (mail, traits) for mail, traits in reversed([*mails])}
        self.places = _known(first)
        groups: dict[str, dict[str, tuple[Mail, Traits]]] = defaultdict(dict)
        for exact in sorted(first.keys() - self.places.keys()):
            groups[first[exact][1].sites][exact] = first[exact]
        # In one order everywhere: two workers that begin the same campaign wait for each other, never crosswise.
        for sites in sorted(groups):
            self._place(sites, groups[sites])

    def _place(self, sites: str, mails: dict[str, tuple[Mail, Traits]]) -> None:
        """Place the mails of some sites. Nobody else begins a campaign of these until the end of the transaction."""
        with connection.cursor() as cursor:
            number = int.from_bytes(hashlib.sha256(sites.encode()).digest()[:8], "big", signed=True)
            cursor.execute("select pg_advisory_xact_lock(%s)", [number])
        self.places |= _known(mails)  # another worker may have begun it meanwhile
        new = {exact: pair for exact, pair in mails.items() if exact not in self.places}
        known = _candidates(sites, [traits for _, traits in new.values()])
        for exact, (mail, traits) in new.items():
            place = _alike(traits, known)
            if place is None:
                row = _begin(mail, traits)
                self.begun[row.id] = row
                place = Known(row.id, row.keys, row.sketch, row.hosts, row.marks)
                known.insert(0, place)
            else:
                self._grow(place, mail, traits)
            self.places[exact] = place.id
        now = timezone.now()
        Variant.objects.bulk_create(
            [Variant(key=exact, campaign_id=self.places[exact], at=now) for exact in new],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["campaign", "at"],
        )

    def _grow(self, place: Known, mail: Mail, traits: Traits) -> None:
        """Add hosts that the campaign did not have, each with its own evidence: the sites are the same."""
        new = [host for host in traits.hosts if host not in place.hosts][: max(0, MOST_HOSTS - len(place.hosts))]
        if not new:
            return
        row = Campaign.objects.select_for_update().get(id=place.id)
        found = stored(analyse(mail))
        links = [link for link in found["links"] if link["link"]["host"] in new]
        row.hosts = list(dict.fromkeys([*row.hosts, *new]))[:MOST_HOSTS]
        row.analysis = {**row.analysis, "links": [*row.analysis.get("links", []), *links]}
        row.save(update_fields=["hosts", "analysis"])
        if row.id not in self.begun:
            self.grown.add(row.id)
        place.hosts[:] = row.hosts


def _known(keys: Iterable[str]) -> dict[str, UUID]:
    found = Variant.objects.filter(key__in=[*keys], campaign__last_at__gt=timezone.now() - ASLEEP)
    return dict(found.values_list("key", "campaign_id"))


def _candidates(sites: str, traits: list[Traits]) -> list[Known]:
    """Give the campaigns of some sites that one of some mails may be of, the newest first."""
    marks = sorted({mark for one in traits for mark in one.marks})
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [sites, marks, timezone.now() - ASLEEP, min(CANDIDATES * len(traits), TOGETHER)])
        return [Known(*row) for row in cursor.fetchall()]


def _alike(traits: Traits, known: Iterable[Known]) -> Known | None:
    marks = set(traits.marks)
    near = islice((one for one in known if not marks.isdisjoint(one.marks)), CANDIDATES)
    return next((one for one in near if rules.same(traits, one.keys, one.sketch)), None)


def _begin(mail: Mail, traits: Traits) -> Campaign:
    analysis, brand = analyse(mail), named_brand(mail)
    identifier = uuid.uuid4()
    taken = Campaign.objects.filter(key=traits.exact).exists()  # by one that is over
    return Campaign.objects.create(
        id=identifier,
        key=hashlib.sha256(f"{traits.exact} {identifier}".encode()).hexdigest() if taken else traits.exact,
        subject=analysis.subject[:300],
        senders=[one[:200] for one in analysis.senders],
        hosts=[host[:253] for host in traits.hosts[:MOST_HOSTS]],
        brand=brand.slug if brand else "",
        analysis=stored(analysis),
        sites=traits.sites,
        keys=traits.keys,
        sketch=traits.sketch,
        marks=traits.marks,
    )


def stored(analysis: Analysis) -> dict[str, Any]:
    """Give an analysis as JSON that PostgreSQL can hold: without NUL and half surrogates."""
    text = msgspec.json.encode(analysis).replace(b"\\u0000", b"")
    found: dict[str, Any] = msgspec.json.decode(text)
    return found
