"""What stands beside the rooms' tables and goes by the platform's own jobs: shown and counted with the rest."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from dijkwacht.law.tables import Row
from dijkwacht.rooms.registry.keeping import counting, table

APP: Final = "beside"
FILE: Final = Path(__file__).parent / "beside.toml"
LAW: Final = "csirt-personal-data"
_LOG: Final = "audit_personal r join audit_event e on e.id = r.event_id"
_MESSAGE: Final = "e.action = 'outbox:message:enqueue'"
PLACES: Final[Mapping[str, tuple[str, str, str]]] = {  # code: where, from which moment, which rows; SQL
    "outbox-message": (
        "outbox_message r",
        "r.created_at",
        "r.state in ('sent', 'failed', 'bounced', 'cancelled') and not r.announce",
    ),
    "audit-recipient": (_LOG, "e.at", _MESSAGE),
    "audit-personal": (_LOG, "e.at", f"not {_MESSAGE}"),
}


@cache
def terms() -> tuple[Row, ...]:
    """Return the rows of the table, in its order. Raises InvalidTable when it is not in order."""
    return table.read(FILE, LAW).rows


def count(term: Row, now: datetime) -> list[int]:
    """Count the values of a term as `counting.count` does. In the scope of the centre."""
    return counting.counted(*PLACES[term["code"]], months=term["months"], now=now)
