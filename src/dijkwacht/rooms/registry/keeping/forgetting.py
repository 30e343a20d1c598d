"""Take out what is over: of the tables, and of their history."""

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, models
from django.utils.crypto import salted_hmac

from dijkwacht.law.tables import Row
from dijkwacht.rooms.registry.keeping import holdings
from dijkwacht.rooms.registry.keeping.holdings import Holding
from dijkwacht.rooms.registry.keeping.moments import MARK, REPLACED, Place
from dijkwacht.rooms.registry.models import Contact
from dijkwacht.rooms.registry.vocabulary import ContactStatus

AT_ONCE: Final = 2000  # values of one term in one transaction
RECORDS: Final = {"Organisation": "organisation", "Contact": "contact", "Asset": "asset", "Mandate": "mandate"}
REACHED_BY: Final = ("email", "phone")  # a contact without these does not work
_OVER: Final = """
select r.{key} from {table} r
 where {holds} and {moment} < %(now)s - make_interval(months => %(months)s)
 order by r.{key} limit %(most)s for update of r skip locked
"""
_COUNT: Final = """
with held as materialized (
  select {moment} + make_interval(months => %(months)s) as ends from {table} r where {holds}
)
select count(*) filter (where ends < %(now)s),
       count(*) filter (where ends >= %(now)s and ends < %(now)s + interval '1 month'),
       count(*) filter (where ends >= %(now)s + interval '1 month' and ends < %(now)s + interval '3 months'),
       count(*) filter (where ends >= %(now)s + interval '3 months' and ends < %(now)s + interval '1 year'),
       count(*) filter (where ends >= %(now)s + interval '1 year')
  from held where ends is not null
"""


class Gone(NamedTuple):
    """How many values went: of the table, and of its history."""

    rows: int
    history: int


def forget(holding: Holding, term: Row, now: datetime) -> Gone:
    """Take out at most AT_ONCE values of one term that are over at `now`. In the scope of the centre."""
    if term["model"] == "Change":
        return Gone(0, _actors(term, now) if term["field"] == "actor" else _replaced(term, now))
    where = holding.place(term)
    keys = _over(term, where, now)
    if not keys:
        return Gone(0, 0)
    _take(holding, term, where, keys)
    if where.model is Contact and term["field"] in REACHED_BY:
        Contact.objects.filter(pk__in=keys, email="", phone="").update(status=ContactStatus.WRONG)
    return Gone(len(keys), _history(term, where, keys))


def _take(holding: Holding, term: Row, where: Place, keys: list[Any]) -> None:
    """Let the values go in their own table, as the term says."""
    rows: models.QuerySet[Any] = models.QuerySet(where.model).filter(pk__in=keys)
    if taken := holding.takes.get((term["model"], term["field"])):
        taken(term, keys)
    elif term["then"] == "remove":
        rows.delete()
    elif term["then"] == "erase":
        rows.update(**{term["field"]: _empty(where.model, term["field"])})
    else:
        for row in rows:
            setattr(row, term["field"], pseudonym(getattr(row, term["field"])))
            row.save(update_fields=[term["field"]])


def _over(term: Row, where: Place, now: datetime) -> list[Any]:
    key = where.model._meta.pk.column if where.model._meta.pk else "id"
    statement = _OVER.format(key=key, table=where.table, holds=where.holds, moment=where.moment)
    with connection.cursor() as cursor:
        cursor.execute(statement, {"now": now, "months": term["months"], "most": AT_ONCE})
        return [row[0] for row in cursor.fetchall()]


def _empty(model: type[models.Model], field: str) -> Any:
    """Return what stands for nothing in a field: null where it may be null, else its empty value."""
    found = model._meta.get_field(field)
    if getattr(found, "null", False):
        return None
    if isinstance(found, models.BinaryField):
        return b""
    return found.get_default() if isinstance(found, models.JSONField) else ""


def pseudonym(value: str) -> str:
    """Return what stands for a value: the same for the same value, and made with a key of this installation."""
    return MARK + salted_hmac("dijkwacht.registry.retention", value, algorithm="sha256").hexdigest()[:12]


def _history(term: Row, where: Place, keys: list[Any]) -> int:
    """Take the values of these rows out of the past too, all but what was set just now."""
    if term["model"] not in RECORDS:
        return 0
    rows: list[UUID] = keys
    if term["model"] == "Asset":
        rows = list(models.QuerySet(where.model).filter(pk__in=keys).values_list("uid", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("select registry_erase(%s, %s, registry_moment())", [rows, [term["field"]]])
        return int(cursor.fetchone()[0])


def _replaced(term: Row, now: datetime) -> int:
    """Take out of the history the values of personal fields that were replaced long enough ago."""
    gone = 0
    with connection.cursor() as cursor:
        for model, record in RECORDS.items():
            for field in holdings.of("registry").personal(model):
                cursor.execute(
                    "select registry_forget_replaced(%s, %s, %s::timestamptz - make_interval(months => %s), %s)",
                    [record, field, now, term["months"], AT_ONCE],
                )
                gone += int(cursor.fetchone()[0])
    return gone


def _actors(term: Row, now: datetime) -> int:
    """Put pseudonyms in the history for who made changes long enough ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct actor from registry_change where at < %s::timestamptz - make_interval(months => %s)"
            " and actor <> '' and left(actor, 1) <> %s and actor not like 'system:%%' limit %s",
            [now, term["months"], MARK, AT_ONCE],
        )
        gone = 0
        for (actor,) in cursor.fetchall():
            cursor.execute(
                "select registry_forget_actor(%s, %s, %s::timestamptz - make_interval(months => %s))",
                [actor, pseudonym(actor), now, term["months"]],
            )
            gone += int(cursor.fetchone()[0])
        return gone


def count(holding: Holding, term: Row, now: datetime) -> list[int]:
    """Count the values of a term: over, within a month, a quarter, a year, and later. In the scope of the centre."""
    found = [0, 0, 0, 0, 0]
    for source, moment, holds in _counted(holding, term):
        statement = _COUNT.format(table=source, moment=moment, holds=holds)
        with connection.cursor() as cursor:
            cursor.execute(statement, {"now": now, "months": term["months"]})
            more = cursor.fetchone()
        found = [before + here for before, here in zip(found, more, strict=True)]
    return found


def _counted(holding: Holding, term: Row) -> list[tuple[str, str, str]]:
    if term["model"] != "Change":
        where = holding.place(term)
        return [(where.table, where.moment, where.holds)]
    if term["field"] == "actor":
        holds = f"r.actor <> '' and left(r.actor, 1) <> '{MARK}' and r.actor not like 'system:%%'"
        return [("registry_change", "r.at", holds)]
    return [
        (
            "registry_change",
            REPLACED.format(field=field),
            f"r.record = '{record}' and r.values ? '{field}' and r.values->'{field}' not in ('\"\"', '[]', 'null')",
        )
        for model, record in RECORDS.items()
        for field in holdings.of("registry").personal(model)
    ]
