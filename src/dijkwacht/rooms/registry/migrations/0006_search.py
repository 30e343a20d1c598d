"""Search by name at any size: a vocabulary that forgives typing errors, stems of Dutch, and who stands in which sector.

Under row-level security an index answers only for leakproof operators (equality and order of text), not for those of
full-text search and trigrams. So what is searched by name stands apart in a schema that the application cannot enter,
and one function of the owner answers from it, to the centre alone.
"""

import django.db.models.deletion
from django.db import migrations, models

AS_OWNER = "security definer set search_path = pg_catalog, public, pg_temp"
TABLES = """
create extension if not exists pg_trgm with schema public;
create extension if not exists unaccent with schema public;
create schema registry_search;
create table registry_search.name (
  organisation_id uuid primary key, name text not null, plain text collate "C" not null, words tsvector not null
);
create index name_by_plain on registry_search.name (plain);
create index name_by_words on registry_search.name using gin (words) with (fastupdate = off);
create table registry_search.word (word text collate "C" primary key);
create index word_by_trigrams on registry_search.word using gin (word gin_trgm_ops) with (fastupdate = off);
create index organisation_by_kvk on registry_organisation (kvk) where kvk is not null;
create index organisation_by_rsin on registry_organisation (rsin) where rsin is not null;
create index organisation_by_roo on registry_organisation (roo) where roo is not null;
create index organisation_by_kind on registry_organisation (kind, name, id);
create index organisation_by_class on registry_organisation (classification, name, id);
"""
# Letters without accents; stems of Dutch, and nothing where a name consists of words like "de" alone.
NORMAL = """
create function registry_plain(said text) returns text language sql stable parallel safe as
$$ select lower(public.unaccent('public.unaccent', said)) $$;
create function registry_words(said text) returns tsvector language sql stable parallel safe as
$$ select to_tsvector('pg_catalog.dutch', public.registry_plain(said)) $$;
"""
# In step with the register: names and sectors follow in the transaction that changes them.
KEEP = f"""
create function registry_found_added() returns trigger language plpgsql {AS_OWNER} as $$
declare scope text := registry_said('scope');
begin
  perform set_config('dijkwacht.scope', 'centre', true);
  with named as materialized (
    select id, name, registry_plain(name) as plain, registry_words(name) as words from added
  ), kept as (
    insert into registry_search.name (organisation_id, name, plain, words) select id, name, plain, words from named
  )
  insert into registry_search.word select distinct unnest(tsvector_to_array(words)) from named
  on conflict do nothing;
  insert into registry_organisationsector (organisation_id, sector)
  select distinct id, jsonb_array_elements_text(sectors) from added;
  perform set_config('dijkwacht.scope', scope, true);
  return null;
end $$;
create function registry_found_changed() returns trigger language plpgsql {AS_OWNER} as $$
declare scope text := registry_said('scope');
begin
  if not exists (select from added a join removed r using (id)
                  where a.name <> r.name or a.sectors is distinct from r.sectors) then
    return null;
  end if;
  perform set_config('dijkwacht.scope', 'centre', true);
  with named as materialized (
    select a.id, a.name, registry_plain(a.name) as plain, registry_words(a.name) as words
      from added a join removed r using (id) where a.name <> r.name
  ), kept as (
    update registry_search.name n set name = named.name, plain = named.plain, words = named.words
      from named where n.organisation_id = named.id
  )
  insert into registry_search.word select distinct unnest(tsvector_to_array(words)) from named
  on conflict do nothing;
  delete from registry_organisationsector s using added a join removed r using (id)
   where s.organisation_id = a.id and a.sectors is distinct from r.sectors;
  insert into registry_organisationsector (organisation_id, sector)
  select distinct a.id, jsonb_array_elements_text(a.sectors) from added a join removed r using (id)
   where a.sectors is distinct from r.sectors;
  perform set_config('dijkwacht.scope', scope, true);
  return null;
end $$;
create function registry_found_removed() returns trigger language plpgsql {AS_OWNER} as $$
begin
  delete from registry_search.name n using removed r where n.organisation_id = r.id;
  return null;
end $$;
create trigger found_added after insert on registry_organisation referencing new table as added
  for each statement execute function registry_found_added();
create trigger found_changed after update on registry_organisation referencing old table as removed new table as added
  for each statement execute function registry_found_changed();
create trigger found_removed after delete on registry_organisation referencing old table as removed
  for each statement execute function registry_found_removed();
"""
# Every word that was said becomes the words of the register that are it, hold it or are like it; a name must have one of
# each. Names that begin as said come first, then the most alike. Asked by anybody but the centre, it finds nothing.
FIND = f"""
create function registry_find(said text, most int) returns table (organisation_id uuid, score real)
language plpgsql stable {AS_OWNER} as $$
declare
  wanted text := registry_plain(said);
  query tsquery;
begin
  if registry_said('scope') <> 'centre' or wanted = '' then
    return;
  end if;
  select string_agg(alternatives, ' & ')::tsquery into query from (
    select '(' || string_agg(quote_literal(near.word), ' | ') || ')' as alternatives
      from (select lexeme from unnest(registry_words(wanted)) order by length(lexeme) desc limit 6) asked
     cross join lateral (
       (select lexeme as word)
       union
       (select w.word from registry_search.word w
         where length(lexeme) > 3 and w.word like '%' || replace(replace(replace(lexeme, '\\', '\\\\'), '%', '\\%'), '_', '\\_') || '%'
         order by length(w.word), w.word limit 25)
       union
       (select w.word from registry_search.word w
         where length(lexeme) > 2 and w.word % lexeme and similarity(w.word, lexeme) >= 0.35
         order by similarity(w.word, lexeme) desc, w.word limit 15)
     ) near
     group by lexeme
  ) each;
  return query
  with begins as (
    select n.organisation_id as id, n.plain from registry_search.name n
     where n.plain >= wanted and n.plain < wanted || chr(1114111) order by n.plain limit most
  ), alike as (
    select n.organisation_id as id, n.plain from registry_search.name n where n.words @@ query limit 600
  ), both_ways as (
    select id, plain from begins union select id, plain from alike
  )
  select b.id, (similarity(b.plain, wanted) + case when starts_with(b.plain, wanted) then 1 else 0 end)::real as score
    from both_ways b order by 2 desc, b.plain, b.id limit most;
end $$;
revoke execute on function registry_find(text, int) from public;
"""
FILL = """
select set_config('dijkwacht.scope', 'centre', true);
insert into registry_search.name (organisation_id, name, plain, words)
select id, name, registry_plain(name), registry_words(name) from registry_organisation;
insert into registry_search.word select distinct unnest(tsvector_to_array(words)) from registry_search.name;
insert into registry_organisationsector (organisation_id, sector)
select distinct id, jsonb_array_elements_text(sectors) from registry_organisation;
"""
DROP = """
drop trigger found_added on registry_organisation;
drop trigger found_changed on registry_organisation;
drop trigger found_removed on registry_organisation;
drop function registry_found_added, registry_found_changed, registry_found_removed, registry_find, registry_words,
  registry_plain;
drop schema registry_search cascade;
drop index organisation_by_kvk, organisation_by_rsin, organisation_by_roo, organisation_by_kind, organisation_by_class;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_history")]
    operations = [
        migrations.CreateModel(
            name="OrganisationSector",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("sector", models.CharField(max_length=10)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sector_rows",
                        to="registry.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sector", "organisation"), name="a_sector_once_per_organisation")
                ],
            },
        ),
        migrations.RunSQL(TABLES + NORMAL + KEEP + FIND + FILL, DROP),
    ]
