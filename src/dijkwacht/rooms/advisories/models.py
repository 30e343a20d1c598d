"""The tables of the room: each part keeps its own."""

from dijkwacht.rooms.advisories.assessing.models import Assessment
from dijkwacht.rooms.advisories.catalogue.models import Alias, Product, Question, Taken
from dijkwacht.rooms.advisories.delivery.models import Concern, Exposure, Match, Telling
from dijkwacht.rooms.advisories.inventory.models import Edition, Intake, Inventory, Line, Name
from dijkwacht.rooms.advisories.sourcing.models import (
    Chance,
    Fetched,
    Item,
    ItemVersion,
    Joining,
    Matter,
    Naming,
    Remedy,
    SetAside,
    SourceState,
    Statement,
    Vulnerability,
)
from dijkwacht.rooms.advisories.writing.models import Advisory, Counter, Document, Named, Recipient, Version

__all__ = [
    "Advisory",
    "Alias",
    "Assessment",
    "Chance",
    "Concern",
    "Counter",
    "Document",
    "Edition",
    "Exposure",
    "Fetched",
    "Intake",
    "Inventory",
    "Item",
    "ItemVersion",
    "Joining",
    "Line",
    "Match",
    "Matter",
    "Name",
    "Named",
    "Naming",
    "Product",
    "Question",
    "Recipient",
    "Remedy",
    "SetAside",
    "SourceState",
    "Statement",
    "Taken",
    "Telling",
    "Version",
    "Vulnerability",
]
