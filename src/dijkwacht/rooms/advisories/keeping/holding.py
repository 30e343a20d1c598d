"""Where the personal data of advisories and inventories stand, and from when a term counts."""

from pathlib import Path
from typing import Final

from dijkwacht.rooms.registry.keeping.holdings import plain

LAW: Final = "csirt-personal-data"  # the row of law/tables/retention.toml: Cbb 29
WRITTEN: Final = {
    "Advisory": "r.changed_at",
    "Alias": "r.at",
    "Assessment": "r.at",
    "Concern": "coalesce(r.read_at, r.created_at)",
    "Exposure": "r.at",
    "Intake": "r.at",
    "Inventory": "r.created_at",
    "Inventory.removed_by": "r.removed_at",
    "Joining": "r.at",
    "Line": "r.added_at",
    "Line.removed_by": "r.removed_at",
    "Match": "coalesce(r.status_at, r.found_at)",
    "Question": "coalesce(r.answered_at, r.asked_at)",
    "Recipient": "r.added_at",
    "SetAside": "coalesce(r.done_at, r.at)",
    "Version": "r.at",
}

HOLDING: Final = plain("advisories", Path(__file__).parent, LAW, WRITTEN)
