"""Full-text search in Dutch and English over documents, and the words to find what somebody meant.

Under row-level security an index answers only for leakproof operators, so the vectors stand in a schema that the
application cannot enter. Two functions of the owner answer from it: numbers of documents that the asker may see, and
words of public documents.
"""

from django.db import migrations

AS_OWNER = "security definer set search_path = pg_catalog, public, pg_temp"
TABLES = """
create schema knowledge_search;
create table knowledge_search.document (
  id bigint primary key, room text not null, language text not null, audience text not null,
  published_at timestamptz not null, head tsvector not null, vector tsvector not null
);
create index document_by_vector on knowledge_search.document using gin (vector) with (fastupdate = off);
create index document_by_head on knowledge_search.document using gin (head) with (fastupdate = off);
create table knowledge_search.word (word text collate "C" primary key);
create index word_by_trigrams on knowledge_search.word using gin (word gin_trgm_ops) with (fastupdate = off);
"""
# Stems by the rules of the language; acronyms, numbers and keywords as they are.
VECTOR = """
create function knowledge_vector(language text, title text, summary text, keywords text, body text)
returns tsvector language sql stable parallel safe as $$
  select setweight(to_tsvector(case language when 'en' then 'english' else 'dutch' end::regconfig, title), 'A')
    || setweight(to_tsvector('simple', title || ' ' || keywords), 'A')
    || setweight(to_tsvector(case language when 'en' then 'english' else 'dutch' end::regconfig, summary), 'B')
    || setweight(to_tsvector(case language when 'en' then 'english' else 'dutch' end::regconfig, body), 'D')
$$;
"""
KEEP = f"""
create function knowledge_document_kept() returns trigger language plpgsql {AS_OWNER} as $$
begin
  if tg_op <> 'INSERT' then
    delete from knowledge_search.document where id = old.id;
  end if;
  if tg_op <> 'DELETE' then
    insert into knowledge_search.document values (new.id, new.room, new.language, new.audience, new.published_at,
      public.knowledge_vector(new.language, new.title, new.summary, new.keywords, ''),
      public.knowledge_vector(new.language, new.title, new.summary, new.keywords, new.body));
    if new.audience = 'public' then
      insert into knowledge_search.word
      select said.lexeme from unnest(tsvector_to_array(
        to_tsvector('simple', new.title || ' ' || new.summary || ' ' || new.keywords || ' ' || new.body))) as said(lexeme)
      where length(said.lexeme) between 4 and 40 and said.lexeme ~ '^[[:alpha:]]+$'
      on conflict do nothing;
    end if;
  end if;
  return null;
end $$;
create trigger document_kept after insert or update or delete on knowledge_document
  for each row execute function knowledge_document_kept();
"""
# Ranking reads vectors, which is dear: titles, summaries and keywords first; bodies only when those are few. Of very many
# hits the newest are ranked, measures of our own always.
ANSWER = f"""
create function knowledge_find(question text, wanted text, only_room text, most int)
returns table (id bigint, rank real) language sql stable {AS_OWNER} as $$
  with asked as (
    select to_tsquery('dutch', question) || to_tsquery('english', question) || to_tsquery('simple', question) as q
  )
  , heads as materialized (
    select d.id, d.language, d.published_at, ts_rank('{{0.1, 0.2, 0.6, 1.0}}', d.head, asked.q) + 1 as rank
    from (select * from knowledge_search.document d, asked where d.head @@ asked.q and (only_room = '' or d.room = only_room)
        and (coalesce(current_setting('dijkwacht.scope', true), '') = 'centre'
          or (d.audience = 'public' and d.published_at <= now()))
      order by (d.room = 'knowledge') desc, d.published_at desc limit 300) d, asked
  ), bodies as materialized (
    select d.id, d.language, d.published_at, ts_rank('{{0.1, 0.2, 0.6, 1.0}}', d.vector, asked.q) as rank
    from (select * from knowledge_search.document d, asked where d.vector @@ asked.q and (only_room = '' or d.room = only_room)
        and (select count(*) from heads) < most
        and (coalesce(current_setting('dijkwacht.scope', true), '') = 'centre'
          or (d.audience = 'public' and d.published_at <= now()))
      order by (d.room = 'knowledge') desc, d.published_at desc limit 100) d, asked
  )
  select found.id, (max(found.rank) * case when max(found.language) = wanted then 1.5 else 1 end)::real as rank
  from (select * from heads union all select * from bodies) as found
  group by found.id order by 2 desc, max(found.published_at) desc, found.id limit least(most, 200)
$$;
create function knowledge_meant(words text[])
returns table (typed text, meant text) language sql stable {AS_OWNER} set pg_trgm.similarity_threshold = 0.35 as $$
  select asked.word, near.word from unnest(words[1:8]) as asked(word)
  cross join lateral (
    select w.word from knowledge_search.word w where w.word operator(public.%) asked.word
    order by public.similarity(w.word, asked.word) desc, w.word limit 1
  ) near
  where not exists (
    select 1 from knowledge_search.word w where w.word collate "C" >= asked.word and w.word collate "C" < asked.word || chr(1114111)
  )
$$;
"""
DROP = """
drop trigger if exists document_kept on knowledge_document;
drop function if exists knowledge_document_kept, knowledge_find, knowledge_meant, knowledge_vector;
drop schema if exists knowledge_search cascade;
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_knowledge"), ("registry", "0006_search")]
    operations = [migrations.RunSQL(TABLES + VECTOR + KEEP + ANSWER, DROP)]
