"""Where the shield's personal data stand, and from when a term counts. Raw mails have a term in days: see intake."""

from pathlib import Path
from typing import Final

from django.apps import apps

from dijkwacht.law.tables import Row
from dijkwacht.rooms.registry.keeping.holdings import Holding
from dijkwacht.rooms.registry.keeping.moments import Place, filled

LAW: Final = "csirt-personal-data"  # the row of law/tables/retention.toml: Cbb 29
WRITTEN: Final = {
    "AbuseContact": "r.released_at",
    "Answer": "r.created_at",
    "Appeal": "r.created_at",
    "Arrival": "r.received_at",
    "Campaign": "r.last_at",
    "CampaignMark": "r.at",
    "Consumer": "r.created_at",
    "Decision": "r.at",
    "Entry": "r.added_at",
    "Halt": "r.at",
    "OptOut": "r.at",
    "Report": "r.received_at",
    "Reputation": "r.at",
    "Variant": "r.at",
}


def place(term: Row) -> Place:
    """Return where the values of a term stand, and from which moment it counts."""
    model = apps.get_model("phishing", term["model"])
    holds = "true" if term["then"] == "remove" else filled(model, term)
    return Place(model, model._meta.db_table, WRITTEN[term["model"]], holds)


HOLDING: Final = Holding("phishing", Path(__file__).parent, LAW, place)
