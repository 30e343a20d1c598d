"""The tables of the room: each part keeps its own."""

from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report
from dijkwacht.rooms.phishing.deciding.models import (
    AbuseContact,
    Decision,
    Halt,
    Known,
    KnownName,
    Removal,
    Reputation,
    Review,
    Takedown,
)
from dijkwacht.rooms.phishing.listing.models import Change, Entry

__all__ = [
    "AbuseContact",
    "Campaign",
    "Change",
    "Decision",
    "Entry",
    "Halt",
    "Known",
    "KnownName",
    "Removal",
    "Report",
    "Reputation",
    "Review",
    "Takedown",
]
