"""Moments in an order that cannot be, or is odd: nothing is refused for it, somebody is asked to look."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, NamedTuple

from dijkwacht.law.incidents.record import IncidentRecord

# The first does not come after the second.
PAIRS: Final = (
    ("occurrence", "detection"),
    ("detection", "awareness"),
    ("awareness", "determination"),
    ("awareness", "early_warning"),
    ("awareness", "notification"),
    ("early_warning", "notification"),
    ("notification", "progress"),
    ("notification", "final"),
    ("progress", "final"),
    ("occurrence", "handled"),
    ("detection", "handled"),
    ("handled", "final"),
    ("occurrence", "receipt"),
)


class OutOfOrder(NamedTuple):
    """Two moments of which the first lies after the second."""

    first: str
    second: str

    @property
    def text_en(self) -> str:
        """What is odd, in English."""
        return f"{self.first} lies after {self.second}; is one of the two wrong?"

    @property
    def text_nl(self) -> str:
        """What is odd, in Dutch."""
        return f"{self.first} ligt na {self.second}; is een van de twee onjuist?"


def out_of_order(record: IncidentRecord) -> Iterator[OutOfOrder]:
    """Return the pairs of moments that stand the wrong way round. They may be true: a report sent out of caution."""
    for first, second in PAIRS:
        one, other = record.moment(first), record.moment(second)
        if one is not None and other is not None and one > other:
            yield OutOfOrder(first, second)


def moments_before(name: str, record: IncidentRecord) -> Iterator[datetime]:
    """Return the known moments that do not come after one of this name."""
    for first, second in PAIRS:
        if second == name and (moment := record.moment(first)) is not None:
            yield moment
