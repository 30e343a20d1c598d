"""The jobs of this room; each part keeps its own."""

from dijkwacht.rooms.phishing.answers.tasks import answer, verdict_came
from dijkwacht.rooms.phishing.intake.tasks import poll, read

__all__ = ["answer", "poll", "read", "verdict_came"]
