"""Which assets each version of the registry changed: what an index that is a little behind does not know."""

from django.db import migrations, models

# More assets at once than an index of their own is worth, or none that whoever acts may see: a row without an asset.
# A verified asset that was only looked at again, its date moved, is no change: every index would be made anew for it.
FUNCTIONS = """
create function registry_note(assets bigint[]) returns void language plpgsql as $$
declare
  raised registry_registryversion;
begin
  update registry_registryversion set number = number + 1, changed_at = clock_timestamp() where id = 1
    returning * into raised;
  insert into registry_changedasset (number, changed_at, asset_id)
    select raised.number, raised.changed_at, asset
      from unnest(case when cardinality(assets) between 1 and 10000 then assets else array[null::bigint] end) asset;
end $$;

create or replace function registry_bump() returns trigger language plpgsql as $$
begin
  perform registry_note(array(select id from registry_asset where organisation_id = new.id limit 10001));
  return null;
end $$;

create or replace function registry_asset_added() returns trigger language plpgsql as $$
declare
  found bigint[] := array(select id from added where status = 'verified' limit 10001);
begin
  if cardinality(found) > 0 then perform registry_note(found); end if;
  return null;
end $$;

create or replace function registry_asset_removed() returns trigger language plpgsql as $$
declare
  found bigint[] := array(select id from removed where status = 'verified' limit 10001);
begin
  if cardinality(found) > 0 then perform registry_note(found); end if;
  return null;
end $$;

create or replace function registry_asset_changed() returns trigger language plpgsql as $$
declare
  found bigint[] := array(
    select id from removed before full join added after using (id)
     where before.status = 'verified'
           and (after.status is distinct from 'verified' or after.expires_at <= now())  -- it may stand in an index
        or after.status = 'verified' and (after.expires_at is null or after.expires_at > now())
           and (before.status is distinct from 'verified'
                or before.expires_at <= clock_timestamp() + interval '1 day'  -- it may stand in none
                or (before.organisation_id, before.kind, before.value, before.fallback)
                   is distinct from (after.organisation_id, after.kind, after.value, after.fallback))
     limit 10001);
begin
  if cardinality(found) > 0 then perform registry_note(found); end if;
  return null;
end $$;
"""
BACK = """
create or replace function registry_bump() returns trigger language plpgsql as $$
begin
  update registry_registryversion set number = number + 1, changed_at = clock_timestamp() where id = 1;
  return null;
end $$;
create or replace function registry_asset_added() returns trigger language plpgsql as $$
begin
  if exists (select from added where status = 'verified') then
    update registry_registryversion set number = number + 1, changed_at = clock_timestamp() where id = 1;
  end if;
  return null;
end $$;
create or replace function registry_asset_removed() returns trigger language plpgsql as $$
begin
  if exists (select from removed where status = 'verified') then
    update registry_registryversion set number = number + 1, changed_at = clock_timestamp() where id = 1;
  end if;
  return null;
end $$;
create or replace function registry_asset_changed() returns trigger language plpgsql as $$
begin
  if exists (select from removed where status = 'verified') or exists (select from added where status = 'verified') then
    update registry_registryversion set number = number + 1, changed_at = clock_timestamp() where id = 1;
  end if;
  return null;
end $$;
drop function registry_note;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0015_forgetting_in_steps")]
    operations = [
        migrations.CreateModel(
            name="ChangedAsset",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                ("changed_at", models.DateTimeField()),
                ("asset_id", models.BigIntegerField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["number"], name="changed_by_version")]},
        ),
        migrations.RunSQL(FUNCTIONS, BACK),
    ]
