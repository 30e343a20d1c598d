"""Where the shield's personal data stand, and from when a term counts. Raw mails have a term in days: see intake."""

from pathlib import Path
from typing import Final

from dijkwacht.rooms.registry.keeping.holdings import plain

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
    "Proposal": "r.at",
    "Report": "r.received_at",
    "Reputation": "r.at",
    "Variant": "r.at",
}

HOLDING: Final = plain("phishing", Path(__file__).parent, LAW, WRITTEN)
