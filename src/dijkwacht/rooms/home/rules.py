"""What is due, in which order, and why somebody cannot be reached. Pure: no Django."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

NEAR: Final = timedelta(days=30)  # before an asset's proof ends
MANDATE_NEAR: Final = timedelta(days=60)  # before a mandate ends
REVIEW_MONTHS: Final = 24  # Cbw 43: at least every two years


class Say(NamedTuple):
    """A text for people: the English message, a key of the catalogue, and what fills it."""

    message: str
    values: dict[str, Any] = {}


@dataclass(frozen=True)
class Due:
    """Something to do: what, until when, why, and where it is done. `now`: not merely coming."""

    code: str
    title: Say
    why: Say
    article: str
    address: str
    door: Say
    on: date | None = None
    now: bool = True
    may_do: bool = True
    over: bool = False  # a term of hours has ended, also when its day has not
    values: tuple[str, ...] = field(default=())

    def late(self, today: date) -> bool:
        """Tell whether its day, or its term of hours, has passed."""
        return self.over or (self.on is not None and self.on < today)


def in_order(found: Iterable[Due], today: date) -> list[Due]:
    """Sort what is due: what is too late first, then what has a day, what has none, and what is merely coming."""
    return sorted(found, key=lambda one: (not one.now, not one.late(today), one.on is None, one.on or today, one.code))


def legal_class(classification: str, declaration: str) -> str:
    """Return the class in the words of the tables of the law."""
    if classification in {"essential", "important"}:
        return classification
    return "register-only" if declaration == "domain-registrar" else "outside"


class Obstacle(NamedTuple):
    """Why a member cannot be reached, or not about everything; `blocks` tells the one from the other."""

    code: str
    blocks: bool


def obstacles(
    *, active: bool, verified: int, contacts: int, working: int, confidentiality: bool, informations: Iterable[str]
) -> list[Obstacle]:
    """Return what stands between a member and a warning through its relay, the worst first.

    Without a verified asset nothing is attributed. Without a working contact nobody is told directly. Confidential data
    goes to a relay that guarantees confidentiality (Cbw 66), and only about what its mandate covers.
    """
    checks = (
        (not active, Obstacle("inactive", blocks=True)),
        (not verified, Obstacle("no-asset", blocks=True)),
        (not contacts, Obstacle("no-contact", blocks=True)),
        (bool(contacts) and not working, Obstacle("contact-fails", blocks=True)),
        (not confidentiality, Obstacle("no-confidentiality", blocks=False)),
        ("victim" not in informations, Obstacle("no-victims", blocks=False)),
    )
    return [obstacle for holds, obstacle in checks if holds]
