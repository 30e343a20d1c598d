"""The tables of the room: each part keeps its own."""

from dijkwacht.rooms.advisories.delivery.models import Concern, Exposure, Match, Telling
from dijkwacht.rooms.advisories.inventory.models import Intake, Inventory, Line, Name
from dijkwacht.rooms.advisories.writing.models import Advisory, Counter, Document, Recipient, Version

__all__ = [
    "Advisory",
    "Concern",
    "Counter",
    "Document",
    "Exposure",
    "Intake",
    "Inventory",
    "Line",
    "Match",
    "Name",
    "Recipient",
    "Telling",
    "Version",
]
