"""The time, from one place, so that a test or a what-if can put the clock where it wants it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Whatever can tell the time."""

    def now(self) -> datetime:
        """Return the present moment, in UTC, with its zone."""


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, in UTC, with its zone."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still at `moment`. Raises ValueError when the moment has no zone."""

    moment: datetime

    def __post_init__(self) -> None:
        """Refuse a moment whose zone is unknown: it would be read as local time somewhere."""
        if self.moment.tzinfo is None:
            raise ValueError("a fixed clock needs a moment with a time zone")

    def now(self) -> datetime:
        """Return the fixed moment in UTC."""
        return self.moment.astimezone(UTC)


SYSTEM_CLOCK: Final[Clock] = SystemClock()


def legal_date(moment: datetime, zone: str = "Europe/Amsterdam") -> date:
    """Return the calendar date of `moment` where the law applies; law enters into force at local midnight.

    Raises ValueError when the moment has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no legal date")
    return moment.astimezone(ZoneInfo(zone)).date()
