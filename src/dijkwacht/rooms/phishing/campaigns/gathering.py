"""Save the reports of mails that were read, each with its campaign, and count who reported it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.mails.reading import Mail
from dijkwacht.platform.audit.record import Fact, record_many
from dijkwacht.platform.database.inserting import insert
from dijkwacht.rooms.phishing import events
from dijkwacht.rooms.phishing.campaigns import rules
from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report
from dijkwacht.rooms.phishing.campaigns.placing import Placing

MOST_COUNTED: Final = 100  # distinct verified reporters; more say nothing more
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
    placing = Placing(zip([one.mail for one in read], traits, strict=True))
    for one, found in zip(read, traits, strict=True):
        one.report.campaign_id = placing.places[found.exact]
    before = _new_sources([one.report for one in read])
    insert([one.report for one in read])
    counted = _count([one.report for one in read], before)
    _tell(actor, placing.begun, placing.grown, counted)


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
        pressing = campaign not in begun or begun[campaign].analysis["verdict"] in {"phishing", "suspicious"}
        events.campaign_changed.send(Campaign, campaign=campaign, why=why, pressing=pressing)
