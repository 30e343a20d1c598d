"""From concerns to tellings: who receives, by which lawful way, at which contact, when. A few statements for all."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.delivery import lawful, published
from dijkwacht.rooms.advisories.delivery.running import RUNNER, alone

# Every concern that is told and was not yet, once for each relay of the organisation or once without.
_WAYS: Final = """
create temporary table advisories_way on commit drop as
select c.id as concern, c.organisation_id, r.relay_id,
    case when o.kind = 'csirt' then 'foreign' else o.classification end as classification, o.country,
    exists (select 1 from registry_contact k where k.organisation_id = o.id and k.status = 'working') as reached,
    c.ground in ('match', 'named') as matched,
    case when r.id is null then '' when r.valid_to < %(today)s then 'withdrawn' else r.status end as relay,
    coalesce(r.informations @> '["vulnerability"]', false) as covers,
    coalesce(r.confidentiality, false) as confidentiality, coalesce(r.mandatory, false) as mandatory
from advisories_concern c
join registry_organisation o on o.id = c.organisation_id
left join registry_mandate r on r.member_id = o.id and r.valid_from <= %(today)s and c.ground = 'match'
    and exists (select 1 from registry_organisation t where t.id = r.relay_id and t.active)
where c.advisory = %(advisory)s and c.version = %(version)s and c.told and c.told_at is null
"""
_COLUMNS: Final = "classification, country, reached, matched, relay, covers, confidentiality, mandatory"
_TELL: Final = """
insert into advisories_telling (
    id, concern_id, organisation_id, about_id, advisory, version, round, route, decision_id, contact_id, channel,
    language, urgent, due_at, state, created_at)
select gen_random_uuid(), c.id, w.receiver, c.organisation_id, c.advisory, c.version, c.round, w.route, w.decision,
    k.id,
    coalesce(k.channel, ''), coalesce(k.language, o.language), c.urgent,
    case when c.urgent or c.severity >= 4 or k.rhythm = 'run' or k.id is null then %(now)s
         when k.rhythm = 'weekly' then %(weekly)s else %(daily)s end,
    case when k.id is null then 'no-contact'
         when not c.urgent and c.severity < 4 and c.severity < k.minimum_severity then 'below'
         else 'waiting' end,
    %(now)s
from (
    select distinct on (w.concern, a.route, case when a.route = 'relay' then w.relay_id else w.organisation_id end)
        w.concern, a.route, a.decision,
        case when a.route = 'relay' then w.relay_id else w.organisation_id end as receiver
    from advisories_way w
    join unnest(%(classification)s::text[], %(country)s::text[], %(reached)s::bool[], %(matched)s::bool[],
        %(relay)s::text[], %(covers)s::bool[], %(confidentiality)s::bool[], %(mandatory)s::bool[], %(route)s::text[],
        %(decision)s::bigint[]) as a (classification, country, reached, matched, relay, covers, confidentiality,
        mandatory, route, decision)
      using (classification, country, reached, matched, relay, covers, confidentiality, mandatory)
) w
join advisories_concern c on c.id = w.concern
join registry_organisation o on o.id = w.receiver
left join lateral (
    select k.* from registry_contact k where k.organisation_id = w.receiver and k.status = 'working'
    order by array_position(array['security', 'abuse', 'technical', 'board'], k.role), k."order", k.id limit 1
) k on true
on conflict do nothing
"""
# Whom no lawful way reaches, so that the centre sees it and may call.
_NOBODY: Final = """
insert into advisories_telling (
    id, concern_id, organisation_id, about_id, advisory, version, round, route, contact_id, channel, language, urgent,
    due_at, state, created_at)
select gen_random_uuid(), c.id, c.organisation_id, c.organisation_id, c.advisory, c.version, c.round, 'direct', null,
    '', o.language, c.urgent, %(now)s, 'no-contact', %(now)s
from advisories_concern c join registry_organisation o on o.id = c.organisation_id
where c.advisory = %(advisory)s and c.version = %(version)s and c.told
  and c.told_at is null
  and not exists (select 1 from advisories_telling t where t.concern_id = c.id and t.round = c.round)
on conflict do nothing
"""
# From here on they are told, also when their tellings are forgotten.
_TOLD: Final = """
update advisories_concern set told_at = %(now)s
where advisory = %(advisory)s and version = %(version)s and told and told_at is null
"""


def tell(advisory: UUID, version: int, *, now: datetime | None = None) -> int:
    """Make the tellings of every concern of the newest version that was not told; give how many. Safe to repeat."""
    with tenancy.acting(RUNNER):
        alone(advisory)
        one = published.of(advisory, version)
        if one is None or published.library().newest(advisory) != version:
            return 0
        values: dict[str, Any] = {"advisory": advisory, "version": version, "today": timezone.localdate()}
        values |= moments(now or timezone.localtime())
        with connection.cursor() as cursor:
            cursor.execute("drop table if exists advisories_way")
            cursor.execute(_WAYS, values)
            cursor.execute(f"select distinct {_COLUMNS} from advisories_way")
            combinations = [lawful.Combination(*row) for row in cursor.fetchall()]
            ways = lawful.decide(combinations, one.tlp, values["today"])
            cursor.execute(_TELL, values | _arrays(ways))
            made = int(cursor.rowcount)
            cursor.execute(_NOBODY, values)
            cursor.execute(_TOLD, values)
            cursor.execute("drop table advisories_way")
    return made


def moments(now: datetime) -> dict[str, datetime]:
    """Return when digests leave that are gathered from `now` (local) on: the hour and days of notices, one truth."""
    from dijkwacht.rooms.notification.writing import next_digest

    return {"now": now, "daily": next_digest("daily", now), "weekly": next_digest("weekly", now)}


def _arrays(ways: dict[lawful.Combination, dict[str, int]]) -> dict[str, list[Any]]:
    """The lawful ways as columns, to be joined with."""
    names = [name.strip() for name in _COLUMNS.split(",")]
    rows = [(one, route, number) for one, routes in ways.items() for route, number in routes.items()]
    arrays: dict[str, list[Any]] = {name: [getattr(one, name) for one, _, _ in rows] for name in names}
    return arrays | {"route": [route for _, route, _ in rows], "decision": [number for _, _, number in rows]}
