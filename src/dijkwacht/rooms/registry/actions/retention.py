"""What was kept as long as the table of terms allows goes; the audit log keeps counts, never values."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.law.tables import Row
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import rules
from dijkwacht.rooms.registry.history import provenance
from dijkwacht.rooms.registry.keeping import beside, counting, forgetting, holdings
from dijkwacht.rooms.registry.keeping.holdings import Holding
from dijkwacht.rooms.registry.keeping.models import Forecast


def forget_due(*, actor: Actor, now: datetime | None = None) -> int:
    """Take out all that is over, of each term; a daily job. Source: Cbb 29, Cbw 65.

    Each step is a transaction of its own, so nothing is held long and what was done stays done when a later one fails.
    Returns how many values went. Raises NotAllowed.
    """
    rules.require(rules.may_manage(actor))
    moment, all_gone = now or timezone.now(), 0
    for holding, term in _terms():
        after: Any = None
        while True:
            gone, after = _step(actor, holding, term, moment, after)
            all_gone += gone
            if after is None:
                break
    return all_gone


def _step(actor: Actor, holding: Holding, term: Row, moment: datetime, after: Any) -> tuple[int, Any]:
    with tenancy.acting(actor):
        with provenance("retention", ground=term["ground"]):
            gone = forgetting.forget(holding, term, moment, after)
        if gone.rows or gone.history:
            told = {name: term[name] for name in ("model", "field", "part", "then", "months", "after")}
            record(
                actor=actor,
                action="registry:retention:forget",
                target=("term", term["code"]),
                detail={"app": holding.app, **told, "rows": gone.rows, "history": gone.history},
            )
    return gone.rows + gone.history, gone.after


def _terms() -> list[tuple[Holding, Row]]:
    return [(holding, term) for holding in holdings.every() for term in holding.terms]


def forecast_retention(*, actor: Actor, now: datetime | None = None) -> list[Forecast]:
    """Count, for the officer's page, what goes when; a daily job. Raises NotAllowed."""
    rules.require(rules.may_manage(actor))
    moment = now or timezone.now()
    rows = [_counted(actor, term, moment, partial(counting.count, holding)) for holding, term in _terms()]
    rows += [_counted(actor, term, moment, beside.count) for term in beside.terms()]
    with tenancy.acting(actor):
        Forecast.objects.all().delete()
        Forecast.objects.bulk_create(rows)
        record(
            actor=actor,
            action="registry:retention:forecast",
            target=("terms", "all"),
            detail={"over": sum(row.over for row in rows), "terms": len(rows)},
        )
    return rows


def _counted(actor: Actor, term: Row, now: datetime, count: Callable[[Row, datetime], list[int]]) -> Forecast:
    with tenancy.acting(actor):  # a transaction each: one of minutes would keep the server from tidying up
        over, month, quarter, year, later = count(term, now)
    return Forecast(code=term["code"], counted_at=now, over=over, month=month, quarter=quarter, year=year, later=later)
