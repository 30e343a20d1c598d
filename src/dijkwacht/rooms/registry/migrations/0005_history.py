"""The history of every field: triggers write what changed, in the transaction that changed it, whatever path it took."""

import django.contrib.postgres.fields
from django.db import migrations, models

# The owner's functions write; the application may only read (platform/database/roles.py). Inside them the scope is the
# centre's, because whoever may change a row may also leave its trace.
AS_OWNER = "security definer set search_path = pg_catalog, public, pg_temp"
BEGIN = """declare scope text := registry_said('scope');
begin
  perform set_config('dijkwacht.scope', 'centre', true);"""
END = """  perform set_config('dijkwacht.scope', scope, true);
  return null;
end"""
# A transaction has one moment, taken after it holds a lock that names the day: who reads the register as of a moment
# waits for the transactions that may still commit a change of that moment (history.settle).
MOMENT = """
create function registry_moment() returns timestamptz language plpgsql volatile as $$
declare known text := coalesce(current_setting('dijkwacht.changed_at', true), '');
begin
  if known = '' then
    perform pg_advisory_xact_lock_shared(1685286507, floor(extract(epoch from clock_timestamp()) / 86400)::int);
    known := clock_timestamp()::text;
    perform set_config('dijkwacht.changed_at', known, true);
  end if;
  return known::timestamptz;
end $$;
create function registry_said(name text) returns text language sql stable as
$$ select coalesce(current_setting('dijkwacht.' || name, true), '') $$;
"""
COLUMNS = "organisation_id, record, row, verb, values, at, actor, source, ground, erased"
SAID = "registry_moment(), left(registry_said('actor'), 200), left(registry_said('source'), 100), left(registry_said('ground'), 100), '{}'::varchar[]"
# Arguments of the triggers: record, column that identifies the row, column that names its owner, columns left out.
WRITERS = f"""
create function registry_remember_added() returns trigger language plpgsql {AS_OWNER} as $$
{BEGIN}
  insert into registry_change ({COLUMNS})
  select (doc->>tg_argv[2])::uuid, tg_argv[0], (doc->>tg_argv[1])::uuid, 'add',
         jsonb_strip_nulls(doc - tg_argv[3]::text[]), said.*
    from (select to_jsonb(a) as doc from added a offset 0) d, (select {SAID} offset 0) said;
{END} $$;
create function registry_remember_changed() returns trigger language plpgsql {AS_OWNER} as $$
{BEGIN}
  insert into registry_change ({COLUMNS})
  with pair as materialized (
    select to_jsonb(a) as doc, to_jsonb(r) as prior from added a join removed r using (id)
  ), delta as materialized (
    select doc, prior, (select jsonb_object_agg(n.key, n.value) from jsonb_each(doc - tg_argv[3]::text[]) n
                       where n.value is distinct from prior->n.key) as values from pair
  ), said as materialized (select {SAID})
  select (doc->>tg_argv[2])::uuid, tg_argv[0], (doc->>tg_argv[1])::uuid, 'change', values, said.*
    from delta, said where values is not null
  union all
  select (prior->>tg_argv[2])::uuid, tg_argv[0], (doc->>tg_argv[1])::uuid, 'leave', '{{}}'::jsonb, said.*
    from delta, said where doc->>tg_argv[2] <> prior->>tg_argv[2];
{END} $$;
create function registry_remember_removed() returns trigger language plpgsql {AS_OWNER} as $$
{BEGIN}
  insert into registry_change ({COLUMNS})
  select (doc->>tg_argv[2])::uuid, tg_argv[0], (doc->>tg_argv[1])::uuid, 'remove', '{{}}', said.*
    from (select to_jsonb(r) as doc from removed r offset 0) d, (select {SAID} offset 0) said;
{END} $$;
"""
READERS = """
create function registry_fold_step(state jsonb, verb text, delta jsonb) returns jsonb
language sql immutable parallel safe as
$$ select case verb when 'add' then delta when 'remove' then null else coalesce(state, '{}') || delta end $$;
create aggregate registry_fold(text, jsonb) (sfunc = registry_fold_step, stype = jsonb);
"""
# The one change of the past: values of a person go, that there were values stays. The caller's scope says of whom.
ERASE = f"""
create function registry_erase(rows uuid[], fields text[], before timestamptz) returns bigint
language sql {AS_OWNER} as $$
  with gone as (
    update registry_change c set values = c.values - fields,
           erased = array(select distinct f from unnest(c.erased || fields) f where f = any(c.erased) or c.values ? f)
     where c.row = any(rows) and c.at < before and c.values ?| fields returning 1
  ) select count(*) from gone
$$;
revoke execute on function registry_erase(uuid[], text[], timestamptz) from public;
"""
LEFT_OUT = "{id,uid,network,reversed,created_at,updated_at,webhook_sealed,demo}"
TABLES = {
    "organisation": ("id", "id"),
    "contact": ("id", "organisation_id"),
    "asset": ("uid", "organisation_id"),
    "mandate": ("id", "member_id"),
}
TRIGGERS = "".join(
    f"""
create trigger remember_added after insert on registry_{record} referencing new table as added
  for each statement execute function registry_remember_added('{record}', '{row}', '{owner}', '{LEFT_OUT}');
create trigger remember_changed after update on registry_{record} referencing old table as removed new table as added
  for each statement execute function registry_remember_changed('{record}', '{row}', '{owner}', '{LEFT_OUT}');
create trigger remember_removed after delete on registry_{record} referencing old table as removed
  for each statement execute function registry_remember_removed('{record}', '{row}', '{owner}', '{LEFT_OUT}');
"""
    for record, (row, owner) in TABLES.items()
)
# What stands in a register older than its history: known since the row came, from we no longer know whom.
BEFORE = "select set_config('dijkwacht.scope', 'centre', true);" + "".join(
    f"""
insert into registry_change ({COLUMNS})
select r.{owner}, '{record}', r.{row}, 'add', jsonb_strip_nulls(to_jsonb(r) - '{LEFT_OUT}'::text[]),
       r.{"claimed_at" if record == "asset" else "created_at"}, '', 'before-history', '', '{{}}'
  from registry_{record} r order by r.id;
"""
    for record, (row, owner) in TABLES.items()
)
DROP = (
    "".join(
        f"drop trigger remember_{what} on registry_{record};"
        for record in TABLES
        for what in ("added", "changed", "removed")
    )
    + "drop function registry_erase, registry_remember_added, registry_remember_changed, registry_remember_removed,"
    " registry_said, registry_moment; drop aggregate registry_fold(text, jsonb); drop function registry_fold_step;"
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_registration_fields")]
    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("organisation_id", models.UUIDField()),
                ("record", models.CharField(max_length=12)),
                ("row", models.UUIDField()),
                ("verb", models.CharField(max_length=6)),
                ("values", models.JSONField()),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=200)),
                ("source", models.CharField(max_length=100)),
                ("ground", models.CharField(blank=True, max_length=100)),
                (
                    "erased",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
            ],
            options={
                "ordering": ("id",),
                "indexes": [
                    models.Index(fields=["organisation_id", "id"], name="change_by_organisation"),
                    models.Index(fields=["row", "id"], name="change_by_row"),
                ],
            },
        ),
        migrations.RunSQL(MOMENT + WRITERS + READERS + ERASE + TRIGGERS + BEFORE, DROP),
    ]
