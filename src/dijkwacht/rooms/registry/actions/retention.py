"""What was kept as long as the table of terms allows goes; the audit log keeps counts, never values."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.law.tables import Row
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import rules
from dijkwacht.rooms.registry.history import provenance
from dijkwacht.rooms.registry.keeping import forgetting, table
from dijkwacht.rooms.registry.keeping.models import Forecast


@transaction.atomic
def forget_due(*, actor: Actor, now: datetime | None = None) -> int:
    """Take out some of what is over, of each term; a daily job, called until it gives 0. Source: Cbb 29, Cbw 65.

    Returns how many values went. Raises NotAllowed.
    """
    rules.require(rules.may_manage(actor))
    moment, all_gone = now or timezone.now(), 0
    for term in table.terms():
        with provenance("retention", ground=term["ground"]):
            gone = forgetting.forget(term, moment)
        if gone.rows or gone.history:
            record(
                actor=actor,
                action="registry:retention:forget",
                target=("term", term["code"]),
                detail={
                    "model": term["model"],
                    "field": term["field"],
                    "then": term["then"],
                    "months": term["months"],
                    "after": term["after"],
                    "rows": gone.rows,
                    "history": gone.history,
                },
            )
        all_gone += gone.rows + gone.history
    return all_gone


@transaction.atomic
def forecast_retention(*, actor: Actor, now: datetime | None = None) -> list[Forecast]:
    """Count, for the officer's page, what goes when; a daily job. Raises NotAllowed."""
    rules.require(rules.may_manage(actor))
    moment = now or timezone.now()
    rows = [_counted(term, moment) for term in table.terms()]
    Forecast.objects.all().delete()
    Forecast.objects.bulk_create(rows)
    record(
        actor=actor,
        action="registry:retention:forecast",
        target=("terms", "all"),
        detail={"over": sum(row.over for row in rows), "terms": len(rows)},
    )
    return rows


def _counted(term: Row, now: datetime) -> Forecast:
    over, month, quarter, year, later = forgetting.count(term, now)
    return Forecast(code=term["code"], counted_at=now, over=over, month=month, quarter=quarter, year=year, later=later)
