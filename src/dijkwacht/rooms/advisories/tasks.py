"""The jobs of this room; each part keeps its own."""

from dijkwacht.rooms.advisories.delivery.tasks import count, dispatch, run, run_all, run_lines, take_seen
from dijkwacht.rooms.advisories.sourcing.tasks import ask

__all__ = ["ask", "count", "dispatch", "run", "run_all", "run_lines", "take_seen"]
