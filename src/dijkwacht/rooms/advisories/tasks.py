"""The jobs of this room; each part keeps its own."""

from dijkwacht.rooms.advisories.delivery.tasks import dispatch, run, run_lines, take_seen

__all__ = ["dispatch", "run", "run_lines", "take_seen"]
