"""Findings as files: CSV that no spreadsheet takes for a formula, and JSON Lines."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from dijkwacht import feeds
from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.notification import minimising
from dijkwacht.rooms.notification.errors import NotFound
from dijkwacht.rooms.notification.models import Finding

COLUMNS: Final = (
    "id", "organisation", "asset", "how", "feed", "kind", "address", "host", "port", "protocol", "severity", "count",
    "first_seen", "last_seen", "state", "evidence",
)  # fmt: skip
FORMULA: Final = (*"=+-@|%", *"\uff1d\uff0b\uff0d\uff20")  # the last four: the same signs in full width
CONTROL: Final = ("\t", "\r", "\n")
AT_MOST: Final = 1_000_000
TYPES: Final = {"csv": "text/csv; charset=utf-8", "json": "application/x-ndjson"}


def safe(value: Any) -> str:
    """A cell that a spreadsheet shows and never runs (OWASP: CSV injection)."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(CONTROL) or text.lstrip().startswith(FORMULA) else text


def findings(actor: Actor, rows: QuerySet[Finding], form: str) -> StreamingHttpResponse:
    """Give the findings as `csv` or `json`; the export is recorded as a disclosure. Raises NotFound."""
    if form not in TYPES:
        raise NotFound
    shown = [_values(row) for row in minimising.shown_to(actor, rows[:AT_MOST])]
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


def _values(row: Finding) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in COLUMNS}
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
