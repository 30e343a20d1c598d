"""Take out what is over, step by step: of the tables, and of their history. Each step is a transaction of its own."""

import json
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils.crypto import salted_hmac

from dijkwacht.law.tables import Row
from dijkwacht.rooms.registry.keeping import holdings
from dijkwacht.rooms.registry.keeping.holdings import Holding
from dijkwacht.rooms.registry.keeping.moments import MARK, Place
from dijkwacht.rooms.registry.models import Contact
from dijkwacht.rooms.registry.vocabulary import ContactStatus

AT_ONCE: Final = 2000  # values of one term in one step
WINDOW: Final = 20_000  # changes of the history that one step looks at
RECORDS: Final = {"Organisation": "organisation", "Contact": "contact", "Asset": "asset", "Mandate": "mandate"}
REACHED_BY: Final = ("email", "phone")  # a contact without these does not work
_OVER: Final = """
select r.{key} from {table} r
 where {after} {holds} and {soonest} and {moment} < {cutoff}
 order by r.{key} limit %(most)s for update of r skip locked
"""
CUTOFF: Final = "(%(now)s::timestamptz - make_interval(months => %(months)s))"


class Step(NamedTuple):
    """How many values went, of the table and of its history; and where the next step goes on, None at the end."""

    rows: int
    history: int
    after: Any


def forget(holding: Holding, term: Row, now: datetime, after: Any = None) -> Step:
    """Take one step along what holds values of a term, and take out what is over at `now`. In the scope of the centre.

    `after`: where the step before it ended; None begins.
    """
    if (holding.app, term["model"]) == ("registry", "Change"):
        return _along_history(term, now, after or 0)
    where = holding.place(term)
    keys = _over(term, where, now, after)
    if not keys:
        return Step(0, 0, None)
    _take(holding, term, where, keys)
    if where.model is Contact and term["field"] in REACHED_BY:
        Contact.objects.filter(pk__in=keys, email="", phone="").update(status=ContactStatus.WRONG)
    return Step(len(keys), _history(term, where, keys), keys[-1] if len(keys) == AT_ONCE else None)


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
        rows.bulk_update(rows, [term["field"]], batch_size=500)


def _over(term: Row, where: Place, now: datetime, after: Any) -> list[Any]:
    key = where.model._meta.pk.column if where.model._meta.pk else "id"
    statement = _OVER.format(
        key=key,
        table=where.table,
        after="" if after is None else f"r.{key} > %(after)s and",
        holds=where.holds,
        soonest=where.soonest.format(cutoff=CUTOFF),
        moment=where.moment,
        cutoff=CUTOFF,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"now": now, "months": term["months"], "most": AT_ONCE, "after": after})
        return [row[0] for row in cursor.fetchall()]


def _empty(model: type[models.Model], field: str) -> Any:
    """Return what stands for nothing in a field: null where it may be null, else its empty value."""
    found = model._meta.get_field(field)
    if getattr(found, "null", False):
        return None
    if isinstance(found, models.BinaryField):
        return b""
    return found.get_default() if isinstance(found, models.JSONField | ArrayField) else ""


def pseudonym(value: str) -> str:
    """Return what stands for a value: the same for the same value, and made with a key of this installation."""
    return MARK + salted_hmac("dijkwacht.registry.retention", value, algorithm="sha256").hexdigest()[:12]


def _history(term: Row, where: Place, keys: list[Any]) -> int:
    """Take the values of these rows out of the past too, all but what was set just now."""
    if where.model._meta.app_label != "registry" or term["model"] not in RECORDS:
        return 0
    rows: list[UUID] = keys
    if term["model"] == "Asset":
        rows = list(models.QuerySet(where.model).filter(pk__in=keys).values_list("uid", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("select registry_erase(%s, %s, registry_moment())", [rows, [term["field"]]])
        return int(cursor.fetchone()[0])


def personal_in_history() -> dict[str, list[str]]:
    """Return by record of the history the fields that the table of the register names."""
    return {record: holdings.of("registry").personal(model) for model, record in RECORDS.items()}


def _along_history(term: Row, now: datetime, after: int) -> Step:
    """Look at the next WINDOW of changes: all personal fields at once, or all people who made them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select max(id) from (select id from registry_change where id > %s order by id limit %s) w", [after, WINDOW]
        )
        (last,) = cursor.fetchone()
    if last is None:
        return Step(0, 0, None)
    step = _actors if term["field"] == "actor" else _replaced
    return Step(0, step(term, now, after, last), last)


def _replaced(term: Row, now: datetime, after: int, last: int) -> int:
    """Take out of some of the history the values of personal fields that were replaced long enough ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select registry_forget_replaced_step(%s, %s, %s, %s::timestamptz - make_interval(months => %s))",
            [after, last, json.dumps(personal_in_history()), now, term["months"]],
        )
        return int(cursor.fetchone()[0])


def _actors(term: Row, now: datetime, after: int, last: int) -> int:
    """Put pseudonyms in some of the history for who made changes long enough ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct actor from registry_change where id > %s and id <= %s"
            " and at < %s::timestamptz - make_interval(months => %s)"
            " and actor <> '' and left(actor, 1) <> %s and actor not like 'system:%%'",
            [after, last, now, term["months"], MARK],
        )
        people = [actor for (actor,) in cursor.fetchall()]
        if not people:
            return 0
        cursor.execute(
            "select registry_forget_actors_step(%s, %s, %s, %s, %s::timestamptz - make_interval(months => %s))",
            [after, last, people, [pseudonym(actor) for actor in people], now, term["months"]],
        )
        return int(cursor.fetchone()[0])
