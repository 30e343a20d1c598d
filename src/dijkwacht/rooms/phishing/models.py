"""The tables of the room: each part keeps its own."""

from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report
from dijkwacht.rooms.phishing.fetching.models import Look, LookOfCampaign, RawPage
from dijkwacht.rooms.phishing.listing.models import Change, Entry

__all__ = ["Campaign", "Change", "Entry", "Look", "LookOfCampaign", "RawPage", "Report"]
