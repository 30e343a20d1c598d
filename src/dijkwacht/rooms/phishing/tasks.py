"""The jobs of this room; each part keeps its own."""

from dijkwacht.rooms.phishing.answers.tasks import answer, verdict_came
from dijkwacht.rooms.phishing.fetching.tasks import known, let_go, look
from dijkwacht.rooms.phishing.intake.tasks import read

__all__ = ["answer", "known", "let_go", "look", "read", "verdict_came"]
