"""The tables of the room: each part keeps its own."""

from dijkwacht.rooms.advisories.assessing.models import Assessment
from dijkwacht.rooms.advisories.catalogue.models import Alias, Product, Question, Taken
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

__all__ = [
    "Alias",
    "Assessment",
    "Chance",
    "Fetched",
    "Item",
    "ItemVersion",
    "Joining",
    "Matter",
    "Naming",
    "Product",
    "Question",
    "Remedy",
    "SetAside",
    "SourceState",
    "Statement",
    "Taken",
    "Vulnerability",
]
