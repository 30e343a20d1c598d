"""What must happen all the time in this room; each part registers its own."""

from dijkwacht.rooms.advisories.delivery import ticks as delivery

__all__ = ["delivery"]
