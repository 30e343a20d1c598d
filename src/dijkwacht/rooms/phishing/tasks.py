"""The jobs of this room; each part keeps its own."""

from dijkwacht.rooms.phishing.answers.tasks import answer, verdict_came
from dijkwacht.rooms.phishing.intake.tasks import read
from dijkwacht.rooms.phishing.listing.tasks import push

__all__ = ["answer", "push", "read", "verdict_came"]
