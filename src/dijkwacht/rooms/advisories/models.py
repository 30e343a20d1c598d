"""The tables of the room: each part keeps its own."""

from dijkwacht.rooms.advisories.writing.models import Advisory, Counter, Document, Recipient, Version

__all__ = ["Advisory", "Counter", "Document", "Recipient", "Version"]
