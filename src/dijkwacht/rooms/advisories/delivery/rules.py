"""The pure decisions of telling: how severe, how said, what an answer means for a match."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

CRITICAL: Final = 4
LONGEST_NOTE: Final = 2_000  # characters beside an answer
SEVERITIES: Final = {"low": 1, "medium": 2, "high": 3}


class Verdict(StrEnum):
    """What a match says."""

    AFFECTED = "affected"
    UNKNOWN = "unknown"
    NOT_AFFECTED = "not_affected"


class Ground(StrEnum):
    """Why an organisation is told."""

    MATCH = "match"  # something that it runs
    NAMED = "named"  # an advisory without products that is for it
    SUBSCRIPTION = "subscription"  # it said yes to the product, and told us nothing of what it runs


class Answer(StrEnum):
    """What an organisation says of an advisory."""

    RECEIVED = "received"
    WORKING = "working"
    MITIGATED = "mitigated"
    PATCHED = "patched"
    NOT_AFFECTED = "not_affected"


class Status(StrEnum):
    """How far one match is. CSAF 2.0 9.1.13, 9.1.17: not remediated, remediation in progress, remediation done.

    And apart from these: its organisation says that it is not affected, so nothing was remediated.
    """

    NOT_REMEDIATED = "not_remediated"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    NOT_AFFECTED = "not_affected"


# What an answer makes of every match of the advisory that is not done yet; a receipt changes nothing. Mitigated is in
# progress: the vulnerable version still runs.
AFTER: Final[Mapping[Answer, Status]] = {
    Answer.WORKING: Status.IN_PROGRESS,
    Answer.MITIGATED: Status.IN_PROGRESS,
    Answer.PATCHED: Status.DONE,
    Answer.NOT_AFFECTED: Status.NOT_AFFECTED,
}
SETTLED: Final = (Answer.MITIGATED, Answer.PATCHED, Answer.NOT_AFFECTED)  # nobody needs to ask again
PUBLIC_TLP: Final = ("CLEAR", "GREEN")  # what may go to whom it does not concern for sure


def severity(likelihood: str, impact: str) -> int:
    """Return 0 to 4, as contacts choose their minimum: high and high is critical, else their mean, rounded down.

    Empty: not assessed yet, and told as medium.
    """
    one, other = (SEVERITIES.get(value, 2) for value in (likelihood, impact))
    return CRITICAL if one == other == 3 else max(1, (one + other) // 2)  # noqa: PLR2004 - both high


def tidy(note: str) -> str | None:
    """Give a note as it is kept; None: it is longer than LONGEST_NOTE, or holds a NUL, which no database takes."""
    note = note.replace("\r\n", "\n").strip()
    return None if len(note) > LONGEST_NOTE or "\x00" in note else note
