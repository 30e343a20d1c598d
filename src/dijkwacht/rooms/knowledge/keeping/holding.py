"""Where the personal data of measures and plans stand, and from when a term counts."""

from pathlib import Path
from typing import Final

from django.apps import apps

from dijkwacht.law.tables import Row
from dijkwacht.rooms.registry.keeping.holdings import Holding
from dijkwacht.rooms.registry.keeping.moments import Place, filled

LAW: Final = "csirt-personal-data"  # the row of law/tables/retention.toml: Cbb 29
WRITTEN: Final = {
    "Change": "r.at",
    "Item": "r.changed_at",
    "Lesson": "coalesce(r.handled_at, r.written_at)",
    "Revision": "coalesce(r.decided_at, r.written_at)",
    "Scan": "r.taken_at",
}


def place(term: Row) -> Place:
    """Return where the values of a term stand, and from which moment it counts."""
    model = apps.get_model("knowledge", term["model"])
    return Place(model, model._meta.db_table, WRITTEN[term["model"]], filled(model, term))


HOLDING: Final = Holding("knowledge", Path(__file__).parent, LAW, place)
