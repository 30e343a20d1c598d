"""The jobs of this room; each part keeps its own."""

from dijkwacht.rooms.advisories.delivery.tasks import dispatch, rematch, run, run_lines, take_seen
from dijkwacht.rooms.advisories.sourcing.tasks import ask

__all__ = ["ask", "dispatch", "rematch", "run", "run_lines", "take_seen"]
