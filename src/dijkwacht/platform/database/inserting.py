"""Insert many rows of a model with one statement that carries a column as one binary array.

The ORM's `bulk_create` writes each value as text into the statement, which costs more than all else of a run of some
thousand notices. COPY would be faster still, but PostgreSQL refuses it on a table with row-level security, and it knows
no `on conflict`.
"""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import psycopg
from django.db import connection, models
from django.db.models.fields import AutoFieldMixin

AT_ONCE: Final = 1_000  # rows in one statement
_TEXTS: Final = ("varchar", "text", "char")


def insert(rows: Sequence[models.Model], *, skip_known: bool = False, at_once: int = AT_ONCE) -> set[Any]:
    """Insert saved-to-be rows of one model, in the caller's transaction; keys that the database makes are not read.

    `skip_known`: pass over rows that break a unique constraint; the primary keys of the others are returned (the scope
    must be allowed to read them), without it nothing is. Raises what `bulk_create` raises.
    """
    added: set[Any] = set()
    for start in range(0, len(rows), at_once):
        added |= _insert(rows[start : start + at_once], skip_known=skip_known)
    for row in rows:
        state = row._state  # noqa: SLF001 - else a later save() of the row would insert it again
        state.adding, state.db = False, connection.alias
    return added


def _insert(rows: Sequence[models.Model], *, skip_known: bool) -> set[Any]:
    fields, statement = _statement(type(rows[0]))
    arrays = [_array(field, kind, rows) for field, kind in fields]
    ending = f' on conflict do nothing returning "{rows[0]._meta.pk.column}"' if skip_known else ""
    connection.ensure_connection()
    # A plain psycopg cursor: Django's own writes the parameters into the text.
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute((statement + ending).encode(), arrays)
        return {key for (key,) in cursor} if skip_known else set()


@cache
def _statement(model: type[models.Model]) -> "tuple[list[tuple[models.Field[Any, Any], str]], str]":
    """The columns that are given, each with its type in the array, and the statement."""
    fields = [(field, _type(field)) for field in model._meta.concrete_fields if not isinstance(field, AutoFieldMixin)]
    columns = ", ".join(f'"{field.column}"' for field, _ in fields)
    arrays = ", ".join(f"%b::{kind}[]" for _, kind in fields)
    return fields, f'insert into "{model._meta.db_table}" ({columns}) select * from unnest({arrays})'


def _type(field: "models.Field[Any, Any]") -> str:
    """The type of a column. A text has no length here: a cast would cut it silently, the column refuses it."""
    kind = str(field.db_type(connection))
    return "text" if kind.startswith(_TEXTS) else kind


def _array(field: "models.Field[Any, Any]", kind: str, rows: Sequence[models.Model]) -> list[Any]:
    values = [getattr(row, field.attname) for row in rows]
    if kind == "jsonb":
        return [json.dumps(value) for value in values]
    if kind == "text":
        return [None if value is None else str(value) for value in values]
    return values
