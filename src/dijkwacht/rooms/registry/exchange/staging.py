"""Clean rows into temporary tables by COPY, and from there into the registry, set by set.

Every statement concerns all rows at once: 100,000 organisations with a million assets are a handful of statements.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db import connection

from dijkwacht.rooms.registry.exchange.checking import NUMBERS, Row

TABLES: Final = """
drop table if exists pg_temp.stage;
create temporary table stage (
  line int, record text, key text, organisation text, id uuid, member text, member_id uuid, given jsonb,
  asset_kind text, value text, fallback boolean, status text, method text, evidence text, expires_at timestamptz
) on commit drop
"""
_COPY: Final = (
    "copy stage (line, record, key, organisation, member, given,"
    " asset_kind, value, fallback, status, method, evidence, expires_at) from stdin"
)
# "kvk:12345678" names a known organisation by its number; two with one number name nobody.
_RESOLVE: Final = """
update stage set id = organisation::uuid where strpos(organisation, ':') = 0;
update stage set member_id = member::uuid where strpos(member, ':') = 0;
"""
_BY_NUMBER: Final = """
update stage s set {target} = o.id from registry_organisation o
 where s.{source} = '{number}:' || o.{number}
   and not exists (select from registry_organisation twin where twin.{number} = o.{number} and twin.id <> o.id);
"""
_PREPARE: Final = """
create index on stage (id, record);
analyze stage;
"""
# Each gives (line, record, column, value, identifier of the organisation) of rows that cannot be stored.
Query = tuple[str, str, str]
REFUSALS: Final[tuple[Query, ...]] = (
    (
        """select s.line, s.record, 'organisation', s.key, s.organisation from stage s
            where s.record <> 'mandate' and (s.id is null or s.record <> 'organisation'
              and not exists (select from registry_organisation o where o.id = s.id)
              and not exists (select from stage d where d.id = s.id and d.record = 'organisation'))""",
        "deze organisatie is onbekend",
        "this organisation is not known",
    ),
    (
        """select s.line, s.record, 'name', s.key, s.organisation from stage s
            where s.record = 'organisation' and not s.given ? 'name'
              and not exists (select from registry_organisation o where o.id = s.id)""",
        "een nieuwe organisatie heeft een naam nodig",
        "a new organisation needs a name",
    ),
    *(
        (
            f"""select s.line, s.record, '{number}', s.given->>'{number}', s.organisation from stage s
                where s.record = 'organisation' and s.given->>'{number}' is not null and (
                  exists (select from registry_organisation o
                           where o.{number} = s.given->>'{number}' and o.id <> s.id) or
                  exists (select from stage d where d.record = 'organisation' and d.id <> s.id
                           and d.given->>'{number}' = s.given->>'{number}'))""",
            "een andere organisatie heeft dit nummer",
            "another organisation has this number",
        )
        for number in ("oin", "lei")
    ),
    (
        """select s.line, s.record, 'id', s.given->>'id', s.organisation
             from stage s join registry_contact c on c.id = (s.given->>'id')::uuid
            where s.record = 'contact' and c.organisation_id <> s.id""",
        "dit contact is van een andere organisatie",
        "this contact belongs to another organisation",
    ),
    (
        """select s.line, s.record, 'fallback', s.value, s.organisation
             from stage s left join registry_organisation o on o.id = s.id
             left join stage d on d.id = s.id and d.record = 'organisation'
            where s.record = 'asset' and s.fallback and coalesce(d.given->>'kind', o.kind, '') <> 'network-owner'""",
        "alleen voor netwerkeigenaren",
        "for network owners only",
    ),
)

# Asked after the organisations are stored; a mandate that is refused takes nothing else with it.
MANDATE_REFUSALS: Final[tuple[Query, ...]] = (
    (
        """select s.line, s.record, 'organisation', s.key, s.organisation from stage s
             left join registry_organisation o on o.id = s.id
            where s.record = 'mandate' and coalesce(o.kind, '') <> 'relay'""",
        "dit is geen schakelorganisatie in het register",
        "this is no relay in the registry",
    ),
    (
        """select s.line, s.record, 'member', s.given->>'member', s.organisation from stage s
             left join registry_organisation o on o.id = s.member_id
            where s.record = 'mandate' and (o.id is null or s.member_id = s.id)""",
        "dit lid is onbekend of is de schakelorganisatie zelf",
        "this member is not known, or is the relay itself",
    ),
)


def fill(rows: Iterable[Row]) -> None:
    """Make the staging table of this transaction and fill it."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
    with connection.connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row(_columns(row))


def _columns(row: Row) -> tuple[Any, ...]:
    head = (row.line, row.record, row.key, row.organisation)
    values = row.values
    if row.record != "asset":
        member = values.pop("member_id", None)
        return (*head, member, json.dumps(values, default=str), None, None, None, None, None, None, None)
    return (
        *head,
        None,
        None,
        values["kind"],
        values["value"],
        values.get("fallback"),
        values.get("status"),
        values.get("method"),
        values.get("evidence"),
        values.get("expires_at"),
    )


def resolve() -> None:
    """Find the organisation of each row."""
    with connection.cursor() as cursor:
        cursor.execute(_RESOLVE)
        cursor.execute("select exists (select from stage where strpos(concat(organisation, member), ':') > 0)")
        if cursor.fetchone() == (True,):
            for number in NUMBERS:
                for source, target in (("organisation", "id"), ("member", "member_id")):
                    cursor.execute(_BY_NUMBER.format(number=number, source=source, target=target))
        cursor.execute(_PREPARE)


def refused(queries: tuple[Query, ...]) -> Iterator[tuple[tuple[int, str, str, str, str], str, str]]:
    """Yield each row that the registry itself refuses: where it stands, and the reasons in Dutch and English."""
    with connection.cursor() as cursor:
        for query, nl, en in queries:
            cursor.execute(query)
            for line, record, column, value, organisation in cursor.fetchall():
                yield (line, record, column, value or "", organisation), nl, en


def leave_out(organisations: Iterable[str]) -> int:
    """Drop every row of these organisations; returns how many organisations that were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "with gone as (delete from stage where organisation = any(%s) and record <> 'mandate'"
            " returning organisation) select count(distinct organisation) from gone",
            [list(organisations)],
        )
        (count,) = cursor.fetchone()
    return int(count)


def execute(statement: str, arguments: dict[str, Any] | None = None) -> int:
    """Run one statement; returns how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return int(cursor.rowcount)


def fetch(statement: str, arguments: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    """Run one statement; returns its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
