"""Figures of this room, each one query over the records, so that anybody can reproduce them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import waiting
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.rooms.notification import reads
from dijkwacht.rooms.notification.errors import NotAllowed
from dijkwacht.rooms.notification.models import Batch, Decision, Event, Finding, Notice

DAYS: Final = 30
# Median time from the newest observation of a told finding to its notice, by day, in minutes.
_SPEED: Final = """
select date_trunc('day', n.created_at)::date as day, count(*) as told,
    round((percentile_cont(0.5) within group (
        order by extract(epoch from n.created_at - coalesce(b.received_at, n.created_at))) / 60)::numeric, 1)
        as minutes_from_receipt,
    round((percentile_cont(0.5) within group (
        order by extract(epoch from n.created_at - b.oldest_observation)) / 3600)::numeric, 1) as hours_from_observation
from notification_notice n left join notification_batch b on b.id = n.batch_id
where n.created_at > now() - interval '30 days' and n.state not in ('held', 'collecting', 'cancelled')
group by 1 order by 1
"""
# Of the findings told at least n days ago: the share that was resolved or gone within n days of the telling.
_FIXED: Final = """
with told as (
    select i.finding_id, min(n.created_at) as at from notification_noticeitem i
    join notification_notice n on n.id = i.notice_id
    where n.state not in ('held', 'collecting', 'cancelled') group by 1),
over as (
    select t.finding_id, t.at, min(e.at) as over_at from told t
    left join notification_event e
        on e.finding_id = t.finding_id and e.to_state in ('resolved', 'gone') and e.at >= t.at
    group by 1, 2)
select {group} as what, count(*) as told,
    round(100.0 * count(*) filter (where o.over_at <= o.at + interval '7 days') / count(*), 1) as after_7_days,
    round(100.0 * count(*) filter (where o.over_at <= o.at + interval '30 days') / count(*), 1) as after_30_days
from over o join notification_finding f on f.id = o.finding_id
join registry_organisation r on r.id = f.organisation_id
{join}
group by 1 order by told desc, what limit 30
"""
_SECTORS: Final = "left join lateral jsonb_array_elements_text(r.sectors) as s(code) on true"
_COVERAGE: Final = """
select coalesce(s.code, '-') as sector, count(distinct r.id) as organisations,
    count(distinct r.id) filter (where exists (
        select 1 from registry_asset a where a.organisation_id = r.id and a.status = 'verified')) as with_asset,
    count(distinct r.id) filter (where exists (
        select 1 from registry_contact c where c.organisation_id = r.id and c.status = 'working')) as with_contact,
    count(distinct r.id) filter (where exists (
        select 1 from registry_mandate m where m.member_id = r.id and m.status = 'active')) as with_relay
from registry_organisation r
left join lateral jsonb_array_elements_text(r.sectors) as s(code) on true
where r.active and r.kind = 'organisation' group by 1 order by 2 desc, 1
"""


@dataclass(frozen=True)
class Table:
    """A figure: its name, and rows of named values, ready for a table and the chart above it."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def _query(name: str, sql: str) -> Table:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return Table(name, tuple(column.name for column in cursor.description), cursor.fetchall())


def all_figures(actor: Actor) -> list[Table]:
    """Every figure of the room. Raises NotAllowed."""
    if not allows(actor, "figures:read"):
        raise NotAllowed
    return [
        _query("coverage", _COVERAGE),
        _query("speed", _SPEED),
        _query("fixed-by-sector", _FIXED.format(group="coalesce(s.code, '-')", join=_SECTORS)),
        _query("fixed-by-kind", _FIXED.format(group="f.kind", join="")),
    ]


def day(actor: Actor) -> dict[str, Any]:
    """The last 24 hours, and what waits for a person. Raises NotAllowed."""
    if not allows(actor, "day:read"):
        raise NotAllowed
    since = timezone.now() - timedelta(days=1)
    piles = waiting.piles(actor)
    outcomes = dict(
        Event.objects.filter(at__gt=since).values_list("outcome").annotate(count=Count("id")).order_by("-count")
    )
    return {
        "waiting": [pile for pile in piles if pile.count],
        "empty": [pile for pile in piles if not pile.count],
        "batches": list(Batch.objects.order_by("-received_at")[:8]),
        "outcomes": outcomes,
        "notices": dict(
            Notice.objects.filter(created_at__gt=since)
            .values_list("state")
            .annotate(count=Count("id"))
            .order_by("-count")
        ),
        "routes": dict(
            Notice.objects.filter(created_at__gt=since)
            .values_list("route")
            .annotate(count=Count("id"))
            .order_by("-count")
        ),
        "severe": list(
            Finding.objects.filter(severity__gte=3, state__in=reads.LIVE)
            .select_related("organisation")
            .order_by("-severity", "-last_seen")[:10]
        ),
        "findings": Finding.objects.filter(state__in=reads.LIVE).count(),
    }


def outcomes_of_batch(actor: Actor, batch: UUID) -> list[dict[str, Any]]:
    """What became of the changes of one batch: outcome, decision, number. Raises NotAllowed, NotFound."""
    reads.access_batch(actor, batch)
    rows = Event.objects.filter(batch_id=batch).values("outcome", "decision_id").annotate(count=Count("id"))
    decisions = Decision.objects.in_bulk({row["decision_id"] for row in rows if row["decision_id"]})
    return [{**row, "decision": decisions.get(row["decision_id"])} for row in rows.order_by("-count")]


def uses_of_decisions(actor: Actor) -> dict[int, int]:
    """How many changes each decision settled. Raises NotAllowed."""
    reads.decisions_for(actor)
    return dict(
        Event.objects.exclude(decision=None)
        .values_list("decision_id")
        .annotate(count=Count("id"))
        .order_by("-count")[:500]
    )
