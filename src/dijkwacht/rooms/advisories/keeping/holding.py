"""Where the personal data of advisories and inventories stand, and from when a term counts."""

from pathlib import Path
from typing import Final

from django.apps import apps

from dijkwacht.law.tables import Row
from dijkwacht.rooms.registry.keeping.holdings import Holding
from dijkwacht.rooms.registry.keeping.moments import Place, filled

LAW: Final = "csirt-personal-data"  # the row of law/tables/retention.toml: Cbb 29
# By model, or by model and field where that was written at another moment.
WRITTEN: Final = {
    "Advisory": "r.changed_at",
    "Concern": "coalesce(r.read_at, r.created_at)",
    "Inventory": "r.created_at",
    "Inventory.removed_by": "r.removed_at",
    "Line": "r.added_at",
    "Line.removed_by": "r.removed_at",
    "Match": "coalesce(r.status_at, r.found_at)",
    "Question": "coalesce(r.answered_at, r.asked_at)",
    "Recipient": "r.added_at",
    "SetAside": "coalesce(r.done_at, r.at)",
}


def place(term: Row) -> Place:
    """Return where the values of a term stand, and from which moment it counts."""
    model = apps.get_model("advisories", term["model"])
    moment = WRITTEN.get(f"{term['model']}.{term['field']}") or WRITTEN.get(term["model"], "r.at")
    return Place(model, model._meta.db_table, moment, filled(model, term))


HOLDING: Final = Holding("advisories", Path(__file__).parent, LAW, place)
