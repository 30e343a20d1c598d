"""Count, for the officer's page, what goes when."""

import json
from datetime import datetime
from typing import Any, Final

from django.db import connection

from dijkwacht.law.tables import Row
from dijkwacht.rooms.registry.keeping.forgetting import personal_in_history
from dijkwacht.rooms.registry.keeping.holdings import Holding
from dijkwacht.rooms.registry.keeping.moments import MARK

_COUNT: Final = """
with held as materialized (
  select {moment} + make_interval(months => %(months)s) as ends from {table} where {holds}
)
select count(*) filter (where ends < %(now)s),
       count(*) filter (where ends >= %(now)s and ends < %(now)s + interval '1 month'),
       count(*) filter (where ends >= %(now)s + interval '1 month' and ends < %(now)s + interval '3 months'),
       count(*) filter (where ends >= %(now)s + interval '3 months' and ends < %(now)s + interval '1 year'),
       count(*) filter (where ends >= %(now)s + interval '1 year')
  from held where ends is not null
"""
# Each value of the history beside the next change of the same row that set, or erased, the same field, or took the row
# away: one walk in the order of the rows, for all fields at once.
_VALUES: Final = """(
  select c.at, c.values->f.field as value, lead(c.at) over (partition by c.row, f.field order by c.id) as replaced
    from registry_change c cross join lateral jsonb_array_elements_text(%(fields)s::jsonb->c.record) f(field)
   where c.verb = 'remove' or c.values ? f.field or f.field = any(c.erased)
) r"""
_REPLACED: Final = "r.value not in ('\"\"', '[]', 'null') and r.replaced is not null"
_ACTORS: Final = f"r.actor <> '' and left(r.actor, 1) <> '{MARK}' and r.actor not like 'system:%%'"


def count(holding: Holding, term: Row, now: datetime) -> list[int]:
    """Count the values of a term: over, within a month, a quarter, a year, and later. In the scope of the centre."""
    return counted(*_counted(holding, term), months=term["months"], now=now)


def counted(source: str, moment: str, holds: str, *, months: int, now: datetime) -> list[int]:
    """Count the rows of a source by when they are over, some months after a moment; all three are SQL of ours."""
    asked: dict[str, Any] = {"now": now, "months": months, "fields": json.dumps(personal_in_history())}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(table=source, moment=moment, holds=holds), asked)
        return list(cursor.fetchone())


def _counted(holding: Holding, term: Row) -> tuple[str, str, str]:
    if (holding.app, term["model"]) != ("registry", "Change"):
        where = holding.place(term)
        return f"{where.table} r", where.moment, where.holds
    if term["field"] == "actor":
        return "registry_change r", "r.at", _ACTORS
    return _VALUES, "r.replaced", _REPLACED
