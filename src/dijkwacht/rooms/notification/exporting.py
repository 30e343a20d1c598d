"""Findings as files: CSV that no spreadsheet takes for a formula, and JSON Lines."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from dijkwacht import feeds
from dijkwacht.kernel.actor import Actor, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.notification.errors import NotFound
from dijkwacht.rooms.notification.models import Decision, Finding, NoticeItem
from dijkwacht.rooms.notification.rendering import kinds

CLERK: Final = system("notification:export")
COLUMNS: Final = (
    "id", "organisation", "asset", "how", "feed", "kind", "address", "host", "port", "protocol", "severity", "count",
    "first_seen", "last_seen", "state", "evidence",
)  # fmt: skip
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
AT_MOST: Final = 1_000_000
TYPES: Final = {"csv": "text/csv; charset=utf-8", "json": "application/x-ndjson"}


def safe(value: Any) -> str:
    """A cell that a spreadsheet shows and never runs (OWASP: CSV injection)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def findings(actor: Actor, rows: QuerySet[Finding], form: str) -> StreamingHttpResponse:
    """Give the findings as `csv` or `json`; the export is recorded as a disclosure. Raises NotFound."""
    if form not in TYPES:
        raise NotFound
    found = list(rows[:AT_MOST])
    grounds = {} if actor.is_centre else _grounds(actor, found)
    shown = [_values(row, None if actor.is_centre else kinds.evidence(row, grounds.get(row.id))) for row in found]
    record(
        actor=actor,
        action="notification:finding:export",
        target=("finding", form),
        detail={"rows": len(shown)},
    )
    lines = _csv(shown) if form == "csv" else (json.dumps(row, default=str) + "\n" for row in shown)
    answer = StreamingHttpResponse(lines, content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="findings.{form}"'
    return answer


def _grounds(actor: Actor, rows: Iterable[Finding]) -> dict[UUID, Decision]:
    """On which decision this receiver was told of each finding: it may say that no column of the source goes out."""
    told = dict(
        NoticeItem.objects.filter(organisation_id__in=actor.writable, finding_id__in=[row.id for row in rows])
        .order_by("id")
        .values_list("finding_id", "decision_id")
    )
    with tenancy.acting(CLERK):
        decisions = Decision.objects.in_bulk(set(told.values()))
    return {finding: decisions[number] for finding, number in told.items()}


def _values(row: Finding, evidence: dict[str, str] | None) -> dict[str, Any]:
    """The columns of a finding; `evidence`: what this receiver may see of it (none: all that is held)."""
    values = {name: getattr(row, name) for name in COLUMNS}
    if evidence is not None:
        values["evidence"] = evidence
    return {**values, "organisation": row.organisation.name, "severity": feeds.SEVERITIES[row.severity]}


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for row in rows:
        cells = {**row, "evidence": json.dumps(row["evidence"], ensure_ascii=False)}
        yield writer.writerow([safe(cells[name]) for name in COLUMNS])
