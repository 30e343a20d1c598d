"""Where the personal data of proof stand, and from when a term counts."""

from pathlib import Path
from typing import Final

from django.apps import apps

from dijkwacht.law.tables import Row
from dijkwacht.rooms.registry.keeping.holdings import Holding
from dijkwacht.rooms.registry.keeping.moments import Place, filled

LAW: Final = "csirt-personal-data"  # the row of law/tables/retention.toml: Cbb 29
WRITTEN: Final = {
    "Challenge": "case when r.state not in ('open', 'proposed', 'proven') then r.created_at end",
    "Check": "r.at",
    "Piece": "r.at",
    "Snapshot": "r.imported_at",
}


def place(term: Row) -> Place:
    """Return where the values of a term stand, and from which moment it counts."""
    model = apps.get_model("proof", term["model"])
    holds = "true" if term["then"] == "remove" else filled(model, term)
    return Place(model, model._meta.db_table, WRITTEN[term["model"]], holds)


HOLDING: Final = Holding("proof", Path(__file__).parent, LAW, place)
