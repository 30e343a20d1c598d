"""The jobs of this room; each part keeps its own."""

from dijkwacht.rooms.phishing.answers.tasks import answer, verdict_came
from dijkwacht.rooms.phishing.deciding.tasks import judge, removed
from dijkwacht.rooms.phishing.fetching.rdap.tasks import domain_age
from dijkwacht.rooms.phishing.fetching.tasks import known, let_go, look
from dijkwacht.rooms.phishing.intake.tasks import poll, read
from dijkwacht.rooms.phishing.listing.tasks import push
from dijkwacht.rooms.phishing.warning.tasks import prove

__all__ = [
    "answer",
    "domain_age",
    "judge",
    "known",
    "let_go",
    "look",
    "poll",
    "prove",
    "push",
    "read",
    "removed",
    "verdict_came",
]
