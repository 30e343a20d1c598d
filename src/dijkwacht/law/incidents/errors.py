"""What can be wrong with what is read here."""

from collections.abc import Sequence
from dataclasses import dataclass

from dijkwacht.kernel.errors import Problem


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where, what, and what to do."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class RecordNotUsable(Problem, ValueError):
    """The facts of the incident cannot be used: {first}"""

    nl = "De feiten van het incident zijn niet bruikbaar: {first}"
    status = 422

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Hold every fault; the first stands in the message."""
        super().__init__("", first=str(faults[0]) if faults else "")
        self.faults = tuple(faults)


class InvalidRegime(Problem, ValueError):
    """A law on reporting is not in order: {file}, {key}: {wrong}"""

    nl = "Een wettelijk kader voor melden is niet in orde: {file}, {key}: {wrong}"
    status = 500


class UnknownRegime(Problem, LookupError):
    """There is no regime {slug}; there are {known}."""

    nl = "Er is geen wettelijk kader {slug}; er zijn {known}."
    status = 404
