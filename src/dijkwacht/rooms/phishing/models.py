"""The tables of the room: each part keeps its own."""

from dijkwacht.rooms.phishing.answers.models import Answer, OptOut
from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report, Variant
from dijkwacht.rooms.phishing.deciding.models import (
    AbuseContact,
    Decision,
    Halt,
    Known,
    KnownName,
    Proposal,
    Removal,
    Reputation,
    Review,
    Takedown,
)
from dijkwacht.rooms.phishing.fetching.models import Look, LookOfCampaign, RawPage
from dijkwacht.rooms.phishing.fetching.rdap.models import DomainAge, Registry
from dijkwacht.rooms.phishing.intake.models import Arrival
from dijkwacht.rooms.phishing.listing.models import Change, Consumer, Entry, EntryOfCampaign, ZoneUse
from dijkwacht.rooms.phishing.warning.models import Appeal, Visit
from dijkwacht.rooms.phishing.waves.models import CampaignMark

__all__ = [
    "AbuseContact",
    "Answer",
    "Appeal",
    "Arrival",
    "Campaign",
    "CampaignMark",
    "Change",
    "Consumer",
    "Decision",
    "DomainAge",
    "Entry",
    "EntryOfCampaign",
    "Halt",
    "Known",
    "KnownName",
    "Look",
    "LookOfCampaign",
    "OptOut",
    "Proposal",
    "RawPage",
    "Registry",
    "Removal",
    "Report",
    "Reputation",
    "Review",
    "Takedown",
    "Variant",
    "Visit",
    "ZoneUse",
]
