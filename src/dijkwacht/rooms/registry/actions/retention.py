"""What was kept as long as the table of terms allows goes; the audit log keeps counts, never values."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.law.tables import Row
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import rules
from dijkwacht.rooms.registry.history import provenance
from dijkwacht.rooms.registry.keeping import forgetting, holdings
from dijkwacht.rooms.registry.keeping.holdings import Holding
from dijkwacht.rooms.registry.keeping.models import Forecast


@transaction.atomic
def forget_due(*, actor: Actor, now: datetime | None = None) -> int:
    """Take out some of what is over, of each term; a daily job, called until it gives 0. Source: Cbb 29, Cbw 65.

    Returns how many values went. Raises NotAllowed.
    """
    rules.require(rules.may_manage(actor))
    moment, all_gone = now or timezone.now(), 0
    for holding, term in _terms():
        with provenance("retention", ground=term["ground"]):
            gone = forgetting.forget(holding, term, moment)
        if gone.rows or gone.history:
            told = {name: term[name] for name in ("model", "field", "part", "then", "months", "after")}
            record(
                actor=actor,
                action="registry:retention:forget",
                target=("term", term["code"]),
                detail={"app": holding.app, **told, "rows": gone.rows, "history": gone.history},
            )
        all_gone += gone.rows + gone.history
    return all_gone


def _terms() -> list[tuple[Holding, Row]]:
    return [(holding, term) for holding in holdings.every() for term in holding.terms]


@transaction.atomic
def forecast_retention(*, actor: Actor, now: datetime | None = None) -> list[Forecast]:
    """Count, for the officer's page, what goes when; a daily job. Raises NotAllowed."""
    rules.require(rules.may_manage(actor))
    moment = now or timezone.now()
    rows = [_counted(holding, term, moment) for holding, term in _terms()]
    Forecast.objects.all().delete()
    Forecast.objects.bulk_create(rows)
    record(
        actor=actor,
        action="registry:retention:forecast",
        target=("terms", "all"),
        detail={"over": sum(row.over for row in rows), "terms": len(rows)},
    )
    return rows


def _counted(holding: Holding, term: Row, now: datetime) -> Forecast:
    over, month, quarter, year, later = forgetting.count(holding, term, now)
    return Forecast(code=term["code"], counted_at=now, over=over, month=month, quarter=quarter, year=year, later=later)
