"""Whom a version concerns, as statements of the database: one for all organisations at once.

`named`: above TLP:GREEN the organisations that the version names, else null.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.db import connection

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.advisories.delivery.models import Concern
from dijkwacht.rooms.notification import calling
from dijkwacht.rooms.notification.models import Call

# Whether what is found now says more to an organisation than what it was told of this version: a match that is new or
# worse, or it was told by its subscription, or that it is not concerned.
_WORSE: Final = "(excluded.renewed_at is not null or c.ground <> 'match' or c.verdict = 'not_affected')"

CONCERNS: Final = f"""
insert into advisories_concern as c (
    id, organisation_id, advisory, version, ground, verdict, sure, lines, digest, severity, urgent, told, created_at,
    read_by, renewed_at)
select gen_random_uuid(), f.organisation_id, %(advisory)s, %(version)s, 'match', f.verdict, f.sure, f.lines, f.digest,
    %(severity)s, %(urgent)s,
    not exists (
        select 1 from advisories_concern b
        where b.organisation_id = f.organisation_id and b.advisory = %(advisory)s and b.version < %(version)s
          and b.version = (select max(version) from advisories_concern where organisation_id = f.organisation_id
                           and advisory = %(advisory)s and version < %(version)s)
          and b.digest = f.digest and b.severity >= %(severity)s and (b.urgent or not %(urgent)s)
          and (b.told_at is not null or not b.told)
          and not %(withdrawn)s),
    now(), '', case when f.worse then %(at)s end
from (
    select m.organisation_id,
        case when bool_or(m.verdict = 'affected') then 'affected' else 'unknown' end as verdict,
        coalesce(bool_or(m.sure) filter (where m.verdict = 'affected'), bool_or(m.sure)) as sure,
        count(distinct m.line_id) as lines,
        bool_or(m.found_at = %(at)s) as worse,
        md5(string_agg(concat_ws(' ', m.line_id, m.vulnerability, m.verdict, m.remedy), E'\\n'
            order by m.line_id, m.vulnerability)) as digest
    from advisories_match m
    where m.advisory = %(advisory)s and m.ended_at is null and m.version = %(version)s
      and m.told and (%(only)s::uuid[] is null or m.organisation_id = any (%(only)s))
    group by m.organisation_id
) f
on conflict (organisation_id, advisory, version) do update set
    ground = excluded.ground, verdict = excluded.verdict, sure = excluded.sure, lines = excluded.lines,
    digest = excluded.digest, severity = excluded.severity, urgent = excluded.urgent,
    told = c.told or {_WORSE}, told_at = case when not {_WORSE} then c.told_at end,
    round = c.round + {_WORSE}::int, renewed_at = case when {_WORSE} then %(at)s else c.renewed_at end
where (c.ground, c.digest, c.verdict) is distinct from (excluded.ground, excluded.digest, excluded.verdict)
"""
# Who was told of this very version, and is not concerned after all: its lines went, or a name means another product.
CLEARED: Final = """
update advisories_concern c set
    verdict = 'not_affected', sure = true, lines = 0, digest = '', urgent = false, round = c.round + 1, told_at = null,
    renewed_at = %(at)s,
    -- nobody is corrected of what waits still
    told = not c.told or (c.told_at is not null and (
        exists (select 1 from advisories_telling t where t.concern_id = c.id and t.sent_at is not null)
        or not exists (select 1 from advisories_telling t where t.concern_id = c.id and t.state = 'waiting')))
where c.advisory = %(advisory)s and c.version = %(version)s and c.ground = 'match' and c.verdict <> 'not_affected'
  and not exists (select 1 from advisories_match m where m.organisation_id = c.organisation_id
                  and m.advisory = %(advisory)s and m.ended_at is null and m.told)
"""
# Who was told that it concerns it, and is not concerned by this version any more.
CORRECTIONS: Final = """
insert into advisories_concern (
    id, organisation_id, advisory, version, ground, verdict, sure, lines, digest, severity, urgent, told, created_at,
    read_by)
select gen_random_uuid(), b.organisation_id, %(advisory)s, %(version)s, 'match', 'not_affected', true, 0, '',
    %(severity)s, false, true, now(), ''
from (
    select distinct on (organisation_id) organisation_id, verdict, ground from advisories_concern
    where advisory = %(advisory)s and version < %(version)s order by organisation_id, version desc
) b
where b.ground = 'match' and b.verdict <> 'not_affected' and not %(withdrawn)s
  and (%(named)s::uuid[] is null or b.organisation_id = any (%(named)s))
  and exists (select 1 from registry_organisation o where o.id = b.organisation_id and o.active)
  and not exists (select 1 from advisories_concern c where c.organisation_id = b.organisation_id
                  and c.advisory = %(advisory)s and c.version = %(version)s)
on conflict (organisation_id, advisory, version) do nothing
"""
# Who was told of a version hears that it is withdrawn, whatever its ground was; above TLP:GREEN whom it names.
WITHDRAWN: Final = """
insert into advisories_concern (
    id, organisation_id, advisory, version, ground, verdict, sure, lines, digest, severity, urgent, told, created_at,
    read_by)
select gen_random_uuid(), b.organisation_id, %(advisory)s, %(version)s, b.ground, 'not_affected', true, 0, '',
    %(severity)s, false, true, now(), ''
from (
    select distinct on (organisation_id) organisation_id, ground from advisories_concern
    where advisory = %(advisory)s and version < %(version)s order by organisation_id, version desc
) b
join registry_organisation o on o.id = b.organisation_id and o.active
where (%(named)s::uuid[] is null or b.organisation_id = any (%(named)s))
on conflict (organisation_id, advisory, version) do nothing
"""
# A yes to the product, and nothing told of what is run: every advisory of the sectors, once; again when it is worse.
SUBSCRIBERS: Final = """
insert into advisories_concern (
    id, organisation_id, advisory, version, ground, verdict, sure, lines, digest, severity, urgent, told, created_at,
    read_by)
select gen_random_uuid(), o.id, %(advisory)s, %(version)s, 'subscription', 'unknown', false, 0, %(digest)s,
    %(severity)s, %(urgent)s,
    not exists (
        select 1 from advisories_concern b
        where b.organisation_id = o.id and b.advisory = %(advisory)s and b.version < %(version)s
          and b.severity >= %(severity)s and (b.urgent or not %(urgent)s) and b.digest = %(digest)s
          and (b.told_at is not null or not b.told)),
    now(), ''
from registry_organisation o
where o.active and o.id = any (%(subscribers)s)
  and not exists (select 1 from advisories_line l where l.organisation_id = o.id and l.removed_at is null)
  and (%(sectors)s::text[] = '{}' or exists (
      select 1 from registry_organisationsector s where s.organisation_id = o.id
      and (s.sector = any (%(sectors)s) or split_part(s.sector, '.', 1) = any (%(sectors)s))))
on conflict (organisation_id, advisory, version) do nothing
"""
# It says nothing of products, and is for these: each is told.
NAMED: Final = """
insert into advisories_concern (
    id, organisation_id, advisory, version, ground, verdict, sure, lines, digest, severity, urgent, told, created_at,
    read_by)
select gen_random_uuid(), o.id, %(advisory)s, %(version)s, 'named', 'unknown', false, 0, %(digest)s,
    %(severity)s, %(urgent)s,
    not exists (
        select 1 from advisories_concern b
        where b.organisation_id = o.id and b.advisory = %(advisory)s and b.version < %(version)s
          and b.severity >= %(severity)s and (b.urgent or not %(urgent)s) and b.digest = %(digest)s
          and (b.told_at is not null or not b.told)),
    now(), ''
from registry_organisation o
where o.active and o.id = any (%(named)s::uuid[])
on conflict (organisation_id, advisory, version) do nothing
"""
# Who was told of a version and is not named by this one: that it is no longer for it, and nothing else.
NO_LONGER: Final = """
insert into advisories_concern (
    id, organisation_id, advisory, version, ground, verdict, sure, lines, digest, severity, urgent, told, created_at,
    read_by)
select gen_random_uuid(), b.organisation_id, %(advisory)s, %(version)s, 'match', 'not_affected', true, 0, '',
    b.severity, false, true, now(), ''
from (
    select distinct on (organisation_id) organisation_id, verdict, ground, severity from advisories_concern
    where advisory = %(advisory)s and version < %(version)s order by organisation_id, version desc
) b
join registry_organisation o on o.id = b.organisation_id and o.active
where (b.ground = 'subscription' or b.verdict <> 'not_affected')
  and %(named)s::uuid[] is not null and not b.organisation_id = any (%(named)s)
on conflict (organisation_id, advisory, version) do nothing
"""
# What waits to be told of it, and is told anew instead. The round is looked up by key for each that waits: joined, old
# statistics had everything that waits looked through once for each of those concerned.
_OVERTAKEN: Final = """
update advisories_telling t set state = 'cancelled'
where t.advisory = %s and t.version = %s and t.state = 'waiting'
  and t.round < (select c.round from advisories_concern c where c.id = t.concern_id)
"""
# An organisation took out what it ran: nothing is told, since it knows; and nothing waits for its answer.
_NOTHING_RUNS: Final = """
update advisories_concern c set verdict = 'not_affected', sure = true, lines = 0, digest = ''
where c.organisation_id = %(organisation)s and c.ground = 'match' and c.verdict <> 'not_affected'
  and c.advisory in (select m.advisory from advisories_match m where m.line_id = any (%(lines)s))
  and not exists (select 1 from advisories_match m where m.organisation_id = c.organisation_id
                  and m.advisory = c.advisory and m.ended_at is null and m.told)
"""


def settle(actor: Actor, advisory: UUID, version: int) -> None:
    """Take off what is overtaken: tellings that wait, and calls to whom it does not concern (any more)."""
    with connection.cursor() as cursor:
        cursor.execute(_OVERTAKEN, [advisory, version])
    reference = f"advisory:{advisory}:"
    called = Call.objects.filter(reference__startswith=reference, done_at=None).values_list(
        "organisation_id", flat=True
    )
    rows = Concern.objects.filter(advisory=advisory, version=version, verdict="not_affected")
    for one in rows.filter(organisation_id__in=list(called)).values_list("organisation_id", flat=True):
        calling.settle(actor=actor, organisation=one, reference=reference, result="not affected")


def untold(organisations: Iterable[UUID]) -> set[tuple[UUID, int]]:
    """Return the versions of which some of these organisations must still be told."""
    rows = Concern.objects.filter(organisation_id__in=list(organisations), told=True, told_at=None)
    return set(rows.values_list("advisory", "version").distinct())


def lines_removed(actor: Actor, organisation: UUID, lines: Iterable[UUID]) -> None:
    """Note that an organisation does not run these any more; their matches ended before."""
    gone = list(lines)
    with connection.cursor() as cursor:
        cursor.execute(_NOTHING_RUNS, {"organisation": organisation, "lines": gone})
    called = Call.objects.filter(organisation_id=organisation, reference__startswith="advisory:", done_at=None)
    for call in called:
        settle(actor, *_named(call.reference))


def _named(reference: str) -> tuple[UUID, int]:
    _, advisory, version, *_ = reference.split(":")
    return UUID(advisory), int(version)
