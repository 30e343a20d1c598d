"""What Django has no words for: prefixes as a searchable network, and the trigger that raises the registry's version."""

from django.db import migrations

# B-trees rather than GiST: under row-level security only leakproof operators reach an index, and comparison is, `&&` is not.
NETWORK = """
alter table registry_asset
  add column network cidr generated always as (case when kind = 'prefix' then value::cidr end) stored,
  add column reversed text collate "C" generated always as (case when kind = 'domain' then reverse(value) end) stored;
create index asset_by_network on registry_asset (network) where network is not null;
create index asset_by_reversed on registry_asset (reversed) where reversed is not null;
"""
VERSION = """
insert into registry_registryversion (id, number, changed_at) values (1, 1, now());

create function registry_bump() returns trigger language plpgsql as $$
begin
  update registry_registryversion set number = number + 1, changed_at = clock_timestamp() where id = 1;
  return null;
end $$;

create function registry_asset_added() returns trigger language plpgsql as $$
begin
  if exists (select from added where status = 'verified') then
    update registry_registryversion set number = number + 1, changed_at = clock_timestamp() where id = 1;
  end if;
  return null;
end $$;

create function registry_asset_removed() returns trigger language plpgsql as $$
begin
  if exists (select from removed where status = 'verified') then
    update registry_registryversion set number = number + 1, changed_at = clock_timestamp() where id = 1;
  end if;
  return null;
end $$;

create function registry_asset_changed() returns trigger language plpgsql as $$
begin
  if exists (select from removed where status = 'verified') or exists (select from added where status = 'verified') then
    update registry_registryversion set number = number + 1, changed_at = clock_timestamp() where id = 1;
  end if;
  return null;
end $$;

create trigger asset_added after insert on registry_asset referencing new table as added
  for each statement execute function registry_asset_added();
create trigger asset_removed after delete on registry_asset referencing old table as removed
  for each statement execute function registry_asset_removed();
create trigger asset_changed after update on registry_asset referencing old table as removed new table as added
  for each statement execute function registry_asset_changed();
create trigger organisation_changed after update of active on registry_organisation
  for each row when (old.active is distinct from new.active) execute function registry_bump();
"""
DROP = """
drop trigger asset_added on registry_asset;
drop trigger asset_removed on registry_asset;
drop trigger asset_changed on registry_asset;
drop trigger organisation_changed on registry_organisation;
drop function registry_asset_added, registry_asset_removed, registry_asset_changed, registry_bump;
delete from registry_registryversion;
alter table registry_asset drop column network, drop column reversed;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunSQL(NETWORK + VERSION, DROP)]
