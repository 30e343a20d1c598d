"""Where the personal data of proof stand, and from when a term counts."""

from pathlib import Path
from typing import Final

from dijkwacht.rooms.registry.keeping.holdings import plain

LAW: Final = "csirt-personal-data"  # the row of law/tables/retention.toml: Cbb 29
WRITTEN: Final = {
    "Challenge": "case when r.state not in ('open', 'proposed', 'proven') then r.created_at end",
    "Check": "r.at",
    "Piece": "r.at",
    "Snapshot": "r.imported_at",
}

HOLDING: Final = plain("proof", Path(__file__).parent, LAW, WRITTEN)
