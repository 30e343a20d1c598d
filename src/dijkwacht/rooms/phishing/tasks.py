"""The jobs of the room; each part keeps its own."""

from dijkwacht.rooms.phishing.deciding import tasks as deciding

__all__ = ["deciding"]
