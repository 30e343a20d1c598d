"""Terms of law: the Algemene termijnenwet (Atw, BWBR0002448) and Regulation (EEC, Euratom) 1182/71. Pure: no Django.

A term of days, weeks or months starts the day after its event. One that would end on a Saturday, Sunday or holiday ends
on the next day that is none (Atw 1(1); 1182/71 article 3(4)). A term of three days or more (Union: two) holds at least
two working days (Atw 2; 1182/71 article 3(5)). Neither extends a term in hours (Atw 4(a); 1182/71 article 3(4)). The
Atw is not for terms above three months, twelve weeks or ninety days (Atw 4).
"""

import calendar as gregorian
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dijkwacht.law.calendars import ATW, Calendar

LONGEST_MONTHS: Final = 3
LONGEST_WEEKS: Final = 12
LEAST_WORKING_DAYS: Final = 2
ZONE: Final = ZoneInfo("Europe/Amsterdam")
LAST_SECOND: Final = time(23, 59, 59)


def weeks_after(event: date, weeks: int) -> date:
    """Return the last day of a term of weeks after `event`. Raises ValueError above twelve weeks."""
    if not 1 <= weeks <= LONGEST_WEEKS:
        raise ValueError("the Atw is for terms of one to twelve weeks")
    return extended(event, event + timedelta(weeks=weeks), ATW)


def months_after(event: date, months: int) -> date:
    """Return the last day of a term of months after `event`: the same date number, else the month's last day.

    Raises ValueError above three months.
    """
    if not 1 <= months <= LONGEST_MONTHS:
        raise ValueError("the Atw is for terms of one to three months")
    return extended(event, same_day(event, months), ATW)


def same_day(event: date, months: int) -> date:
    """Return the day with the same number some months later, or the last day of a shorter month; nothing extends it."""
    year, month = divmod(event.year * 12 + event.month - 1 + months, 12)
    return date(year, month + 1, min(event.day, gregorian.monthrange(year, month + 1)[1]))


def hours_after(event: datetime, hours: int) -> datetime:
    """Return the moment that many elapsed hours later, in Europe/Amsterdam. Raises ValueError without a zone."""
    if event.tzinfo is None:
        raise ValueError("a moment without a time zone starts no term")
    return (event.astimezone(UTC) + timedelta(hours=hours)).astimezone(ZONE)


def end_of(day: date) -> datetime:
    """Return the last second of a day in Europe/Amsterdam."""
    return datetime.combine(day, LAST_SECOND, ZONE)


def working_day(day: date) -> bool:
    """Tell whether a day is no Saturday, Sunday or generally recognised holiday (Atw 3)."""
    return ATW.working(day)


def extended(event: date, last: date, calendar: Calendar) -> date:
    """Return the last day of a term in days, weeks or months that would end on `last`, after `event`."""
    least = LEAST_WORKING_DAYS if (last - event).days >= calendar.least_from else 0
    inside = calendar.working_days(event + timedelta(days=1), last)
    while not calendar.working(last) or inside < least:
        last += timedelta(days=1)
        inside += calendar.working(last)
    return last
