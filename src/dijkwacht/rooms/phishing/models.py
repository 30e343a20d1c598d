"""The tables of the room: each part keeps its own."""

from dijkwacht.rooms.phishing.answers.models import Answer, OptOut
from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report, Variant
from dijkwacht.rooms.phishing.intake.models import Arrival
from dijkwacht.rooms.phishing.listing.models import Change, Entry

__all__ = ["Answer", "Arrival", "Campaign", "Change", "Entry", "OptOut", "Report", "Variant"]
