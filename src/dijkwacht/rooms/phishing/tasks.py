"""The jobs of the room: each part keeps its own."""

from dijkwacht.rooms.phishing.fetching import tasks as fetching

__all__ = ["fetching"]
