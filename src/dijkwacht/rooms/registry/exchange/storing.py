"""From the staging table into the registry: organisations, contacts, assets, mandates, in that order."""

import secrets
from typing import Any, Final
from uuid import UUID

from dijkwacht.rooms.registry import overlaps
from dijkwacht.rooms.registry.exchange import staging
from dijkwacht.rooms.registry.models import Contact

# jsonb_populate_record lays what the file says over the row that is there, or over the defaults of a new one.
_ORGANISATION: Final = (
    "name, country, kind, classification, sectors, kvk, rsin, oin, roo, lei, foreign_register, foreign_number,"
    " declaration, entity_types, member_states, emails, phones, addresses, arrangements,"
    " identified_by, legal_form, activities, staff, language, active"
)
_CHANGE_ORGANISATIONS: Final = f"""
update registry_organisation o set ({_ORGANISATION}, updated_at) =
       (select {_ORGANISATION}, now() from jsonb_populate_record(o, s.given))
  from stage s where s.id = o.id and s.record = 'organisation' and jsonb_populate_record(o, s.given) is distinct from o
returning o.id
"""
_ADD_ORGANISATIONS: Final = """
insert into registry_organisation
select r.* from stage s cross join lateral jsonb_populate_record(null::registry_organisation,
  jsonb_build_object('country', 'NL', 'kind', 'organisation', 'classification', 'other', 'sectors', '[]'::jsonb,
    'language', 'nl', 'active', true, 'foreign_register', '', 'foreign_number', '', 'declaration', 'none',
    'entity_types', '[]'::jsonb, 'member_states', '[]'::jsonb, 'emails', '[]'::jsonb, 'phones', '[]'::jsonb,
    'addresses', '[]'::jsonb, 'arrangements', '[]'::jsonb, 'identified_by', '[]'::jsonb, 'legal_form', '',
    'activities', '[]'::jsonb) || s.given ||
  jsonb_build_object('id', s.id, 'demo', %(demo)s, 'source', %(source)s::text,
    'created_at', now(), 'updated_at', now())) r
 where s.record = 'organisation' and not exists (select from registry_organisation o where o.id = s.id)
returning id
"""
_CONTACT: Final = (
    "role, name, email, phone, language, channel, webhook_url, openpgp_key, smime_certificate, minimum_severity,"
    ' rhythm, quiet_from, quiet_to, optional_kinds, "order"'
)
# A contact without identifier is the one with the same role, channel and address.
_RECOGNISE_CONTACTS: Final = """
update stage s set given = s.given || jsonb_build_object('id', c.id) from registry_contact c
 where s.record = 'contact' and not s.given ? 'id' and c.organisation_id = s.id
   and c.role = coalesce(s.given->>'role', 'security') and c.channel = coalesce(s.given->>'channel', 'mail')
   and c.email = coalesce(s.given->>'email', '') and c.webhook_url = coalesce(s.given->>'webhook_url', '')
"""
_CHANGE_CONTACTS: Final = f"""
update registry_contact c set ({_CONTACT}) = (select {_CONTACT} from jsonb_populate_record(c, s.given))
  from stage s where s.record = 'contact' and c.id = (s.given->>'id')::uuid and c.organisation_id = s.id
   and jsonb_populate_record(c, s.given) is distinct from c
returning c.organisation_id
"""
_ADD_CONTACTS: Final = """
insert into registry_contact
select r.* from (
  select distinct on (id, given) id, given from stage where record = 'contact' order by id, given, line
) s join registry_organisation o on o.id = s.id
 cross join lateral jsonb_populate_record(null::registry_contact,
  jsonb_build_object('id', gen_random_uuid(), 'role', 'security', 'name', '', 'email', '', 'phone', '', 'order', 0,
    'channel', 'mail', 'webhook_url', '', 'openpgp_key', '', 'smime_certificate', '', 'minimum_severity', 0,
    'rhythm', 'run', 'optional_kinds', '[]'::jsonb, 'language', o.language) || s.given ||
  jsonb_build_object('organisation_id', s.id, 'status', 'working', 'status_reason', '', 'created_at', now())) r
 where not exists (select from registry_contact c where c.id = r.id)
returning organisation_id
"""
# An expired asset that the file names again is claimed again.
_CHANGE_ASSETS: Final = """
with said as (
  select distinct on (id, asset_kind, value) * from stage where record = 'asset' order by id, asset_kind, value, line
)
update registry_asset a set
  fallback = coalesce(s.fallback, a.fallback),
  status = coalesce(s.status, case a.status when 'expired' then 'claimed' else a.status end),
  method = coalesce(nullif(s.method, ''), case when s.status = 'verified' then 'import' end, a.method),
  evidence = coalesce(nullif(s.evidence, ''), a.evidence),
  expires_at = case when a.status = 'expired' or s.expires_at is not null then nullif(s.expires_at, 'infinity')
                    else a.expires_at end,
  verified_at = case when s.status = 'verified' and a.status <> 'verified' then now() else a.verified_at end
 from said s
where a.organisation_id = s.id and a.kind = s.asset_kind and a.value = s.value
  and (coalesce(s.fallback, a.fallback), coalesce(s.status, 'verified'), coalesce(s.expires_at, a.expires_at))
      is distinct from (a.fallback, a.status, a.expires_at)
  and not (s.status is null and s.fallback is null and s.expires_at is null and a.status <> 'expired')
returning a.id, a.status = 'verified', a.organisation_id
"""
_ADD_ASSETS: Final = """
insert into registry_asset
  (uid, organisation_id, kind, value, fallback, status, method, evidence, claimed_at, verified_at, expires_at)
select distinct on (s.id, s.asset_kind, s.value) gen_random_uuid(), s.id, s.asset_kind, s.value,
  coalesce(s.fallback, false), coalesce(s.status, 'claimed'),
  coalesce(nullif(s.method, ''), case when s.status = 'verified' then 'import' else '' end), coalesce(s.evidence, ''),
  now(), case when s.status = 'verified' then now() end, nullif(s.expires_at, 'infinity')
  from stage s
 where s.record = 'asset' and not exists (
   select from registry_asset a where a.organisation_id = s.id and a.kind = s.asset_kind and a.value = s.value)
 order by s.id, s.asset_kind, s.value, s.line
returning id, status = 'verified', organisation_id
"""
# What the file calls verified and another organisation claims too is not verified by a file.
_DISPUTE: Final = """
update registry_asset set status = 'disputed', verified_at = null where id = any(%(ids)s) and id in (
  select first_id from registry_assetconflict where decision = '' union
  select second_id from registry_assetconflict where decision = '')
returning id
"""
_OWNERS: Final = "select distinct organisation_id from registry_asset where id = any(%(ids)s) and status = 'verified'"
_MANDATE: Final = "status, informations, confidentiality, mandatory, valid_from, valid_to"
# A status that is null was not said; an end that is null is no end.
_SAID: Final = """
jsonb_strip_nulls(s.given)
|| case when s.given->'valid_to' = 'null' then jsonb_build_object('valid_to', null) else '{}'::jsonb end
"""
_CHANGE_MANDATES: Final = f"""
update registry_mandate m
   set ({_MANDATE}) = (select {_MANDATE} from jsonb_populate_record(m, {_SAID}))
  from stage s where s.record = 'mandate' and m.relay_id = s.id and m.member_id = s.member_id
   and m.status <> 'withdrawn' and jsonb_populate_record(m, {_SAID}) is distinct from m
"""
_ADD_MANDATES: Final = """
insert into registry_mandate
select r.* from (
  select distinct on (id, member_id, coalesce(given->>'status', '') = 'withdrawn') *
    from stage where record = 'mandate' order by id, member_id, coalesce(given->>'status', '') = 'withdrawn', line
) s cross join lateral jsonb_populate_record(null::registry_mandate,
  jsonb_build_object('status', 'active', 'informations', '["target", "victim", "vulnerability"]'::jsonb,
    'confidentiality', false, 'mandatory', false, 'valid_from', current_date) || jsonb_strip_nulls(s.given) ||
  jsonb_build_object('id', gen_random_uuid(), 'relay_id', s.id, 'member_id', s.member_id, 'status_reason', '',
    'created_at', now())) r
 where not exists (select from registry_mandate m where m.relay_id = s.id and m.member_id = s.member_id
   and (m.status <> 'withdrawn' and r.status <> 'withdrawn'
        or m.status = 'withdrawn' and r.status = 'withdrawn' and m.valid_from = r.valid_from))
"""


def organisations(*, source: str, demo: bool) -> list[UUID]:
    """Change and add organisations; returns those that were."""
    changed = staging.fetch(_CHANGE_ORGANISATIONS)
    added = staging.fetch(_ADD_ORGANISATIONS, {"source": source, "demo": demo})
    return [row[0] for row in changed + added]


def contacts() -> list[UUID]:
    """Change and add contacts; returns the owner of each. A webhook that has no secret gets one."""
    staging.execute(_RECOGNISE_CONTACTS)
    owners = staging.fetch(_CHANGE_CONTACTS) + staging.fetch(_ADD_CONTACTS)
    for contact in Contact.objects.filter(channel="webhook", webhook_sealed__isnull=True).iterator():
        contact.webhook_secret = secrets.token_urlsafe(32)
        contact.save(update_fields=["webhook_sealed"])
    return [row[0] for row in owners]


def assets() -> tuple[list[UUID], int, list[UUID]]:
    """Change and add assets; returns the owner of each, how many conflicts opened, and whose became verified."""
    touched: list[tuple[Any, ...]] = staging.fetch(_CHANGE_ASSETS) + staging.fetch(_ADD_ASSETS)
    found = overlaps.find([row[0] for row in touched]) if touched else 0
    verified = {"ids": [row[0] for row in touched if row[1]]}
    if found:
        staging.execute(_DISPUTE, verified)
    return [row[2] for row in touched], found, [row[0] for row in staging.fetch(_OWNERS, verified)]


def mandates() -> int:
    """Change and add mandates; returns how many."""
    return staging.execute(_CHANGE_MANDATES) + staging.execute(_ADD_MANDATES)
