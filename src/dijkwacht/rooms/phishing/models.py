"""The tables of the room: each part keeps its own."""

from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report
from dijkwacht.rooms.phishing.listing.models import Change, Consumer, Entry, ZoneUse
from dijkwacht.rooms.phishing.warning.models import Appeal, Visit

__all__ = ["Appeal", "Campaign", "Change", "Consumer", "Entry", "Report", "Visit", "ZoneUse"]
