"""The past is forgotten in steps: one walk along the history for all fields, some thousands of changes a transaction.

Before, each field walked the whole history for each lot of 2,000, and each person's name was replaced in one statement.
"""

from django.db import migrations

AS_OWNER = "language sql security definer set search_path = pg_catalog, public, pg_temp"
STEPS = f"""
create function registry_forget_replaced_step(_after bigint, _last bigint, _fields jsonb, _before timestamptz)
returns bigint {AS_OWNER} as $$
  with over as materialized (
    select c.id, array_agg(f.field::varchar) as fields
      from registry_change c cross join lateral jsonb_array_elements_text(_fields->c.record) f(field)
     where c.id > _after and c.id <= _last and c.at < _before and c.values ? f.field
       and c.values->f.field not in ('""'::jsonb, '[]'::jsonb, 'null'::jsonb)
       and exists (select 1 from registry_change n where n.row = c.row and n.id > c.id and n.at < _before
                      and (n.verb = 'remove' or n.values ? f.field or f.field = any(n.erased)))
     group by c.id
  ), gone as (
    update registry_change c set values = c.values - over.fields::text[],
           erased = array(select distinct e from unnest(c.erased || over.fields) e)
      from over where c.id = over.id returning cardinality(over.fields) as fields
  ) select coalesce(sum(fields), 0)::bigint from gone
$$;
revoke execute on function registry_forget_replaced_step(bigint, bigint, jsonb, timestamptz) from public;
create function registry_forget_actors_step(
  _after bigint, _last bigint, _actors text[], _pseudonyms text[], _before timestamptz
) returns bigint {AS_OWNER} as $$
  with gone as (
    update registry_change c set actor = p.pseudonym from unnest(_actors, _pseudonyms) as p(actor, pseudonym)
     where c.id > _after and c.id <= _last and c.at < _before and c.actor = p.actor returning 1
  ) select count(*) from gone
$$;
revoke execute on function registry_forget_actors_step(bigint, bigint, text[], text[], timestamptz) from public;
drop function registry_forget_replaced(text, text, timestamptz, int);
drop function registry_forget_actor(text, text, timestamptz);
"""


def before() -> str:
    from importlib import import_module

    return str(import_module("dijkwacht.rooms.registry.migrations.0012_retention").FORGET)


DROP = """
drop function registry_forget_replaced_step(bigint, bigint, jsonb, timestamptz);
drop function registry_forget_actors_step(bigint, bigint, text[], text[], timestamptz);
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0014_lists_of_a_sector")]
    operations = [migrations.RunSQL(STEPS, DROP + before())]
