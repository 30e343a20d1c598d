"""Put mails that were read with the campaign that they are of; begin one for what is new. One analysis a campaign."""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.mails.reading import Mail
from dijkwacht.platform.audit.record import Fact, record_many
from dijkwacht.platform.database.inserting import insert
from dijkwacht.rooms.phishing import events
from dijkwacht.rooms.phishing.campaigns import rules
from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report, Variant
from dijkwacht.rooms.phishing.campaigns.rules import Traits
from dijkwacht.rooms.phishing.judging.analysing import Analysis, analyse
from dijkwacht.rooms.phishing.judging.evidence import named_brand

ASLEEP: Final = timedelta(days=60)  # a campaign without a mail for so long is over; the same again is a new look
CANDIDATES: Final = 20
MOST_HOSTS: Final = 200  # of one campaign, each with its evidence
MOST_COUNTED: Final = 100  # distinct verified reporters; more say nothing more
_FIND: Final = """
select id, keys, sketch from phishing_campaign
where sites = %s and marks && %s::varchar[] and last_at > %s order by last_at desc limit %s
"""
_COUNT: Final = """
update phishing_campaign c set mails = c.mails + n.mails, last_at = greatest(c.last_at, n.last_at),
    verified_sources = least(c.verified_sources + n.sources, %s)
from unnest(%s::uuid[], %s::int[], %s::timestamptz[], %s::int[]) n (id, mails, last_at, sources)
where c.id = n.id returning c.id, c.verified_sources
"""


class Read(NamedTuple):
    """A mail that was read and scrubbed, with the report of it that is not saved yet."""

    mail: Mail
    report: Report


@transaction.atomic
def take(*, actor: Actor, read: Sequence[Read], own: Sequence[str] = ()) -> None:
    """Save the reports, each with its campaign, and tell who weighs evidence what is new. `own`: our own hosts."""
    traits = [rules.traits_of(one.mail, own) for one in read]
    places = _known({one.exact for one in traits})
    begun: dict[UUID, Campaign] = {}
    grown: set[UUID] = set()
    # In one order everywhere: two workers that begin the same campaign wait for each other, never crosswise.
    for one, found in sorted(zip(read, traits, strict=True), key=lambda pair: (pair[1].sites, pair[1].exact)):
        if found.exact not in places:
            places[found.exact] = _place(one.mail, found, begun, grown)
        one.report.campaign_id = places[found.exact]
    before = _new_sources([one.report for one in read])
    insert([one.report for one in read])
    counted = _count([one.report for one in read], before)
    _tell(actor, begun, grown, counted)


def _known(keys: set[str]) -> dict[str, UUID]:
    return dict(
        Variant.objects.filter(key__in=keys, campaign__last_at__gt=timezone.now() - ASLEEP).values_list(
            "key", "campaign_id"
        )
    )


def _place(mail: Mail, traits: Traits, begun: dict[UUID, Campaign], grown: set[UUID]) -> UUID:
    """Find the campaign of a mail whose exact key is new, or begin one."""
    with connection.cursor() as cursor:
        number = int.from_bytes(hashlib.sha256(traits.sites.encode()).digest()[:8], "big", signed=True)
        cursor.execute("select pg_advisory_xact_lock(%s)", [number])
    known = _known({traits.exact}).get(traits.exact)  # another worker may have begun it meanwhile
    if known is not None:
        return known
    found = _alike(traits)
    if found is None:
        row = _begin(mail, traits)
        begun[row.id] = row
        found = row.id
    elif _grow(found, mail, traits):
        grown.add(found)
    Variant.objects.update_or_create(key=traits.exact, defaults={"campaign_id": found, "at": timezone.now()})
    return found


def _alike(traits: Traits) -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [traits.sites, traits.marks, timezone.now() - ASLEEP, CANDIDATES])
        rows = cursor.fetchall()
    return next((identifier for identifier, keys, sketch in rows if rules.same(traits, keys, sketch)), None)


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


def _grow(campaign: UUID, mail: Mail, traits: Traits) -> bool:
    """Add hosts that the campaign did not have, each with its own evidence; the sites are the same."""
    row = Campaign.objects.only("hosts").get(id=campaign)
    new = [host for host in traits.hosts if host not in row.hosts][: max(0, MOST_HOSTS - len(row.hosts))]
    if not new:
        return False
    row = Campaign.objects.select_for_update().get(id=campaign)
    found = stored(analyse(mail))
    links = [link for link in found["links"] if link["link"]["host"] in new]
    row.hosts = list(dict.fromkeys([*row.hosts, *new]))[:MOST_HOSTS]
    row.analysis = {**row.analysis, "links": [*row.analysis.get("links", []), *links]}
    row.save(update_fields=["hosts", "analysis"])
    return True


def stored(analysis: Analysis) -> dict[str, Any]:
    """Give an analysis as JSON that PostgreSQL can hold: without NUL and half surrogates."""
    text = msgspec.json.encode(analysis).replace(b"\\u0000", b"")
    found: dict[str, Any] = msgspec.json.decode(text)
    return found


def _new_sources(reports: Sequence[Report]) -> dict[UUID, set[str]]:
    """Give by campaign the verified reporters who had not reported it before."""
    found: dict[UUID, set[str]] = defaultdict(set)
    for one in reports:
        if one.verified and one.source and one.campaign_id:
            found[one.campaign_id].add(one.source)
    sources = {source for group in found.values() for source in group}
    known = Report.objects.filter(campaign__in=list(found), source__in=sources, verified=True)
    for campaign, source in known.values_list("campaign_id", "source").distinct():
        found[campaign].discard(source)
    return found


def _count(reports: Sequence[Report], sources: dict[UUID, set[str]]) -> dict[UUID, tuple[int, int]]:
    """Count the mails, one statement a batch; give by campaign the verified reporters before and after."""
    mails: dict[UUID, list[datetime]] = defaultdict(list)
    for one in reports:
        if one.campaign_id:
            mails[one.campaign_id].append(one.received_at)
    order = sorted(mails)
    list(Campaign.objects.filter(id__in=order).order_by("id").select_for_update().values_list("id"))
    numbers = [len(sources.get(one, ())) for one in order]
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            [MOST_COUNTED, order, [len(mails[one]) for one in order], [max(mails[one]) for one in order], numbers],
        )
        after = dict(cursor.fetchall())
    return {one: (after[one] - number, after[one]) for one, number in zip(order, numbers, strict=True) if number}


def _tell(actor: Actor, begun: dict[UUID, Campaign], grown: set[UUID], counted: dict[UUID, tuple[int, int]]) -> None:
    record_many(
        Fact(
            actor=actor,
            action="phishing:campaign:begin",
            target=("campaign", row.id),
            detail={"verdict": row.analysis["verdict"], "hosts": row.hosts[:5]},
        )
        for row in begun.values()
    )
    corroborated = {one for one, numbers in counted.items() if rules.crossed(*numbers)} - begun.keys() - grown
    for campaign in sorted(begun.keys() | grown | corroborated):
        why = "corroboration" if campaign in corroborated else "new"
        events.campaign_changed.send(Campaign, campaign=campaign, why=why)
