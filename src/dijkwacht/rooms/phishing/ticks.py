"""What must happen all the time in the room: each part keeps its own."""

from dijkwacht.rooms.phishing.fetching import ticks as fetching

__all__ = ["fetching"]
