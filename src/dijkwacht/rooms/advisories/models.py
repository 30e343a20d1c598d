"""The tables of the room: each part keeps its own."""

from dijkwacht.rooms.advisories.delivery.models import Concern, Exposure, Match, Telling
from dijkwacht.rooms.advisories.inventory.models import Intake, Inventory, Line

__all__ = ["Concern", "Exposure", "Intake", "Inventory", "Line", "Match", "Telling"]
