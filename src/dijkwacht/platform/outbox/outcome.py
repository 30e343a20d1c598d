"""What came of one hand-over, as far as the sender knows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """The other side took responsibility."""


@dataclass(frozen=True, slots=True)
class Later:
    """Not accepted, for certain; worth another try. `after`: seconds the other side asked us to wait."""

    reason: str
    after: float = 0.0


@dataclass(frozen=True, slots=True)
class Refused:
    """Not accepted, and never will be."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoSuchRecipient:
    """The recipient's address was refused."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Handed over completely or in part, and no answer: it may have been accepted."""

    reason: str


@dataclass(frozen=True, slots=True)
class RelayTrouble:
    """Our own relay does not work, which is no fault of this message; nothing else needs to be tried now."""

    reason: str


Outcome = Accepted | Later | Refused | NoSuchRecipient | Unanswered | RelayTrouble
