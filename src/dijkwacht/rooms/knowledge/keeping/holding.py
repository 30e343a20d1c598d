"""Where the personal data of measures and plans stand, and from when a term counts."""

from pathlib import Path
from typing import Final

from dijkwacht.rooms.registry.keeping.holdings import plain

LAW: Final = "csirt-personal-data"  # the row of law/tables/retention.toml: Cbb 29
WRITTEN: Final = {
    "Change": "r.at",
    "Item": "r.changed_at",
    "Lesson": "coalesce(r.handled_at, r.written_at)",
    "Revision": "coalesce(r.decided_at, r.written_at)",
    "Scan": "r.taken_at",
}

HOLDING: Final = plain("knowledge", Path(__file__).parent, LAW, WRITTEN)
