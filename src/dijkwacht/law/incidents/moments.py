"""Moments as RFC 3339 writes them, with an offset. One without is refused: nobody could tell which moment is meant."""

import re
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Europe/Amsterdam")
RFC_3339: Final = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})[Tt](?P<time>\d{2}:\d{2}:\d{2})(?P<part>\.\d{1,9})?(?P<offset>[Zz]|[+-]\d{2}:\d{2})?",
    re.ASCII,
)
EXAMPLE: Final = "2026-11-27T03:05:00+01:00"
FIRST_YEAR, LAST_YEAR = 2000, 2199  # before, Amsterdam had offsets that RFC 3339 cannot write
LONGEST_OFFSET: Final = 14  # hours from UTC, of any place on earth


def read_moment(given: Any) -> Any:
    """Return a moment in its own offset. Raises ValueError, saying what is wrong and what to write."""
    if given is None or isinstance(given, datetime):
        return _aware(given)
    if not isinstance(given, str):
        raise ValueError(f"a moment is a text such as {EXAMPLE}")  # noqa: TRY004 - pydantic takes ValueError
    found = RFC_3339.fullmatch(given)
    if found is None:
        raise ValueError(f"not a moment of RFC 3339; write it as {EXAMPLE}")
    if found["offset"] is None:
        raise ValueError(f"the offset from UTC is missing, so the moment is not certain; write it as {EXAMPLE}")
    text = f"{found['day']}T{found['time']}{(found['part'] or '')[:7]}{found['offset']}"
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise ValueError(f"there is no such moment ({error}); write it as {EXAMPLE}") from error
    return _aware(moment)


def _aware(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError(f"the offset from UTC is missing, so the moment is not certain; write it as {EXAMPLE}")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"the year is not between {FIRST_YEAR} and {LAST_YEAR}")
    offset = moment.utcoffset()
    if offset is not None and abs(offset.total_seconds()) > LONGEST_OFFSET * 3600:
        raise ValueError("no place on earth is more than 14 hours from UTC; look at the offset")
    return moment


def local(moment: datetime) -> datetime:
    """Return the same moment in Europe/Amsterdam."""
    return moment.astimezone(UTC).astimezone(ZONE)
