"""What must happen all the time in this room; each part registers its own."""

from dijkwacht.rooms.advisories.catalogue import ticks as catalogue
from dijkwacht.rooms.advisories.delivery import ticks as delivery
from dijkwacht.rooms.advisories.sourcing import ticks as sourcing

__all__ = ["catalogue", "delivery", "sourcing"]
