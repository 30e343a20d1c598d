"""The jobs of the room; each part keeps its own."""

from dijkwacht.rooms.advisories.sourcing.tasks import ask

__all__ = ["ask"]
