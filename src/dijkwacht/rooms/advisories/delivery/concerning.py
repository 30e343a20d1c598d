"""Whom a version concerns, as statements of the database: one for all organisations at once.

`named`: above TLP:GREEN the organisations that the version names, else null.
"""

from typing import Final

CONCERNS: Final = """
insert into advisories_concern (
    id, organisation_id, advisory, version, ground, verdict, sure, lines, digest, severity, urgent, told, created_at,
    read_by)
select gen_random_uuid(), f.organisation_id, %(advisory)s, %(version)s, 'match', f.verdict, f.sure, f.lines, f.digest,
    %(severity)s, %(urgent)s,
    not exists (
        select 1 from advisories_concern b
        where b.organisation_id = f.organisation_id and b.advisory = %(advisory)s and b.version < %(version)s
          and b.version = (select max(version) from advisories_concern where organisation_id = f.organisation_id
                           and advisory = %(advisory)s and version < %(version)s)
          and b.digest = f.digest and b.severity >= %(severity)s and (b.urgent or not %(urgent)s)
          and not %(withdrawn)s),
    now(), ''
from (
    select m.organisation_id,
        case when bool_or(m.verdict = 'affected') then 'affected' else 'unknown' end as verdict,
        coalesce(bool_or(m.sure) filter (where m.verdict = 'affected'), bool_or(m.sure)) as sure,
        count(distinct m.line_id) as lines,
        md5(string_agg(concat_ws(' ', m.line_id, m.vulnerability, m.verdict, m.remedy), E'\\n'
            order by m.line_id, m.vulnerability)) as digest
    from advisories_match m
    where m.advisory = %(advisory)s and m.ended_at is null and m.version = %(version)s
      and m.told and (%(only)s::uuid[] is null or m.organisation_id = any (%(only)s))
    group by m.organisation_id
) f
on conflict (organisation_id, advisory, version) do nothing
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
          and b.severity >= %(severity)s and (b.urgent or not %(urgent)s) and b.digest = %(digest)s),
    now(), ''
from registry_organisation o
where o.active and o.id = any (%(subscribers)s)
  and not exists (select 1 from advisories_line l where l.organisation_id = o.id and l.removed_at is null)
  and (%(sectors)s::text[] = '{}' or exists (
      select 1 from registry_organisationsector s where s.organisation_id = o.id
      and (s.sector = any (%(sectors)s) or split_part(s.sector, '.', 1) = any (%(sectors)s))))
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
