"""What time does by itself: findings that are not seen any more are gone, feeds that should speak fall silent."""

import datetime as dt
from typing import Any, Final

import structlog
from django.db import connection
from django.utils import timezone

from dijkwacht import feeds
from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.notification import reads
from dijkwacht.rooms.notification.models import FeedSilence

log = structlog.get_logger(__name__)
CLOCK: Final = system("notification:clock")
AT_ONCE: Final = 50_000  # findings of one transaction
# A disputed finding stays: somebody said that it is not theirs, and that is for a person to decide.
_GONE: Final = """
with lasts as (
    select * from unnest(%(feeds)s::text[], %(kinds)s::text[], %(days)s::int[]) as last (feed, kind, days)
), over as (
    select f.id, f.organisation_id, f.state, f.severity, f.version, l.days
    from notification_finding f join lasts l on l.feed = f.feed and l.kind = f.kind
    where f.state in ('open', 'acknowledged', 'reopened') and f.last_seen < now() - make_interval(days => l.days)
    limit %(limit)s for update of f skip locked
), moved as (
    update notification_finding f set state = 'gone', state_changed_at = now() from over where f.id = over.id
)
insert into notification_event (
    finding_id, organisation_id, at, actor, from_state, to_state, severity, version, reason, outcome)
select id, organisation_id, now(), %(actor)s, state, 'gone', severity, version,
    'not seen for ' || days || ' days', 'silent'
from over
"""


def let_go() -> int:
    """Bring findings that were not seen for their kind's number of days to "gone"; give their number."""
    kinds = [(feed.slug, kind) for feed in feeds.catalogue().values() for kind in feed.kinds.values()]
    values: dict[str, Any] = {
        "feeds": [feed for feed, _ in kinds],
        "kinds": [kind.slug for _, kind in kinds],
        "days": [kind.gone_after_days for _, kind in kinds],
        "limit": AT_ONCE,
        "actor": CLOCK.id,
    }
    total = 0
    while gone := _some(values):
        total += gone
    return total


def _some(values: dict[str, Any]) -> int:
    with tenancy.acting(CLOCK), connection.cursor() as cursor:
        cursor.execute(_GONE, values)
        gone: int = cursor.rowcount
        if gone:
            record(
                actor=CLOCK, action="notification:finding:gone", target=("findings", gone), detail={"findings": gone}
            )
    return gone


def listen() -> list[str]:
    """Raise the alarm for each feed that fell silent, once per silence, and end the silences of those that speak again.

    Gives the feeds for which an alarm was raised now.
    """
    with tenancy.acting(CLOCK):
        silent = {row["feed"].slug: row["newest"] for row in reads.feed_health(CLOCK) if row["state"] == "silent"}
        FeedSilence.objects.filter(ended_at__isnull=True).exclude(feed__in=list(silent)).update(ended_at=timezone.now())
        return [feed for feed, newest in silent.items() if _alarm(feed, newest)]


def _alarm(feed: str, newest: dt.datetime) -> bool:
    _, new = FeedSilence.objects.get_or_create(feed=feed, since=newest)
    if new:
        record(
            actor=CLOCK,
            action="notification:feed:silent",
            target=("feed", feed),
            result="failed",
            detail={"since": str(newest)},
        )
        log.error("a feed is silent", feed=feed, since=str(newest))
    return new
