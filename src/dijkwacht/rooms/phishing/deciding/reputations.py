"""What became of the reports of each source and network."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import connection

from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report
from dijkwacht.rooms.phishing.deciding.models import Reputation
from dijkwacht.rooms.phishing.judging.reputation import HALF_LIFE, Standing, Word, unless_wrong, weight

PARTNER: Final = "partner:"  # begins the source of what came with an organisation's token
MOST: Final = 5_000  # words of one campaign that are heard: far more than any that would change what they say
_TELL: Final = """
insert into phishing_reputation as old (kind, key, confirmed, refuted, at)
select %(kind)s, key, %(confirmed)s, %(refuted)s, %(now)s from unnest(%(keys)s::text[]) as key
on conflict (kind, key) do update set
  confirmed = greatest(old.confirmed * power(0.5, {age}) + excluded.confirmed, 0),
  refuted = greatest(old.refuted * power(0.5, {age}) + excluded.refuted, 0),
  at = excluded.at
""".format(age=f"greatest(extract(epoch from excluded.at - old.at), 0) / 86400 / {HALF_LIFE}")


def words_of(campaign: Campaign, now: datetime) -> Iterator[Word]:
    """Give the verified words of a campaign with what each weighs."""
    rows = Report.objects.filter(campaign=campaign, verified=True).order_by("source", "network")
    pairs = [*rows.values_list("source", "network").distinct()[:MOST]]
    sources = _standings("source", {source for source, _ in pairs})
    networks = _standings("network", {network for _, network in pairs})
    for source in sorted({source for source, _ in pairs if source.startswith(PARTNER)}):
        yield Word(unless_wrong(sources.get(source), now), source, 1.0)  # an organisation is a network of its own
    for source, network in pairs:
        if source in sources and not source.startswith(PARTNER):
            yield Word(weight(sources[source], now), network, unless_wrong(networks.get(network), now))


def _standings(kind: str, keys: set[str]) -> dict[str, Standing]:
    rows = Reputation.objects.filter(kind=kind, key__in=keys).values_list("key", "confirmed", "refuted", "at")
    return {key: Standing(confirmed, refuted, at) for key, confirmed, refuted, at in rows}


def tell(campaign: Campaign, now: datetime, *, confirmed: int, refuted: int) -> None:
    """Count for every verified reporter of a campaign what became of it; -1 takes back what was counted before."""
    rows = Report.objects.filter(campaign=campaign, verified=True)
    for kind in ("source", "network"):
        keys = sorted({key for key in rows.values_list(kind, flat=True).distinct() if key})
        with connection.cursor() as cursor:
            cursor.execute(_TELL, {"kind": kind, "keys": keys, "confirmed": confirmed, "refuted": refuted, "now": now})
