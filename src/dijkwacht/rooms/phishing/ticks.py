"""What must happen all the time in this room: each part registers its own."""

from dijkwacht.rooms.phishing.listing import ticks as listing

__all__ = ["listing"]
