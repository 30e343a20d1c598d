"""An inventory as a file: CSV that no spreadsheet takes for a formula, or JSON. What comes out can be read in again."""

import json
from typing import Any, Final
from uuid import UUID

from django.http import StreamingHttpResponse

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.advisories.inventory import actions, reads
from dijkwacht.rooms.notification.rendering.inert import table

COLUMNS: Final = ("vendor", "product", "version", "cpe", "purl", "source", "added_at")
TYPES: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def inventory(actor: Actor, inventory: UUID, form: str) -> StreamingHttpResponse:
    """Give the lines in use as `csv` or `json`; the export is recorded. Raises NotFound."""
    rows = [_values(row) for row in reads.lines_of(actor, inventory)]
    actions.note_export(actor=actor, inventory=inventory, form=form, lines=len(rows))
    if form == "csv":
        content = table(COLUMNS, ([row[name] for name in COLUMNS] for row in rows))
    else:
        content = json.dumps({"inventory": str(inventory), "lines": rows}, ensure_ascii=False).encode()
    answer = StreamingHttpResponse([content], content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="inventory.{form}"'
    return answer


def _values(row: Any) -> dict[str, str]:
    return {name: str(getattr(row, name)) for name in COLUMNS[:-1]} | {"added_at": row.added_at.isoformat()}
