"""The jobs of this room; each part keeps its own."""

from dijkwacht.rooms.advisories.delivery.tasks import count, dispatch, run, run_all, run_lines, take_seen
from dijkwacht.rooms.advisories.sourcing.tasks import ask, poll

__all__ = ["ask", "count", "dispatch", "poll", "run", "run_all", "run_lines", "take_seen"]
