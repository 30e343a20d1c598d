"""Terms of Dutch law in days: the Algemene termijnenwet (Atw, BWBR0002448). Pure: no Django.

A term of weeks or months starts the day after its event. One that would end on a Saturday, Sunday or generally
recognised holiday ends on the next day that is none (Atw 1(1)). A term of three days or more holds at least two days
that are none of those (Atw 2). The Act is not for hours, years, or above three months or twelve weeks (Atw 4).
"""

import calendar
from datetime import date, timedelta
from functools import cache
from typing import Final

LONGEST_MONTHS: Final = 3
LONGEST_WEEKS: Final = 12
LEAST_WORKING_DAYS: Final = 2


def weeks_after(event: date, weeks: int) -> date:
    """Return the last day of a term of weeks after `event`. Raises ValueError above twelve weeks."""
    if not 1 <= weeks <= LONGEST_WEEKS:
        raise ValueError("the Atw is for terms of one to twelve weeks")
    return _extended(event, event + timedelta(weeks=weeks))


def months_after(event: date, months: int) -> date:
    """Return the last day of a term of months after `event`: the same date number, else the month's last day.

    Raises ValueError above three months.
    """
    if not 1 <= months <= LONGEST_MONTHS:
        raise ValueError("the Atw is for terms of one to three months")
    return _extended(event, same_day(event, months))


def same_day(event: date, months: int) -> date:
    """Return the day with the same number some months later, or the last day of a shorter month; nothing extends it."""
    year, month = divmod(event.year * 12 + event.month - 1 + months, 12)
    return date(year, month + 1, min(event.day, calendar.monthrange(year, month + 1)[1]))


def working_day(day: date) -> bool:
    """Tell whether a day is no Saturday, Sunday or generally recognised holiday (Atw 3)."""
    return day.weekday() < 5 and day not in _holidays(day.year)  # noqa: PLR2004 - Monday to Friday


def _extended(event: date, last: date) -> date:
    inside = sum(working_day(event + timedelta(days=day)) for day in range(1, (last - event).days + 1))
    while not working_day(last) or inside < LEAST_WORKING_DAYS:
        last += timedelta(days=1)
        inside += working_day(last)
    return last


@cache
def _holidays(year: int) -> frozenset[date]:
    """Return the holidays of a year; Good Friday is equated with them, and Liberation Day counts every year (Atw 3)."""
    import holidays

    return frozenset(holidays.country_holidays("NL", years=year, categories=("public", "optional")))
