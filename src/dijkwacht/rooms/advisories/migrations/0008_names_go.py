from django.db import migrations

# A published version never changes, but for who wrote and approved it: after the term of the law a pseudonym stands there.
NAMES_GO = """
create or replace function advisories_forever() returns trigger language plpgsql as $$
declare who text;
begin
  if tg_op = 'DELETE' then
    if coalesce(current_setting('dijkwacht.clearing', true), '') = 'demo' then return old; end if;
    raise exception 'a published advisory is never deleted';
  end if;
  if (to_jsonb(old) - array['newest', 'written_by', 'approved_by'])
      is distinct from (to_jsonb(new) - array['newest', 'written_by', 'approved_by']) then
    raise exception 'a published advisory never changes';
  end if;
  foreach who in array array['written_by', 'approved_by'] loop
    if (to_jsonb(old) ->> who) is distinct from (to_jsonb(new) ->> who)
        and left(coalesce(to_jsonb(new) ->> who, ''), 1) <> '~' then
      raise exception 'a published advisory never changes';
    end if;
  end loop;
  return new;
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("advisories", "0007_editions"),
    ]

    operations = [
        migrations.RunSQL(NAMES_GO, migrations.RunSQL.noop),
    ]
