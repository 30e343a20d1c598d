"""On which days a term does not end: the one calendar of the system, `tables/holidays.toml`. Pure: no Django."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final, Self

from dijkwacht.law.tables import InvalidTable, Row, Table, read_table

FILE: Final = Path(__file__).parent / "tables" / "holidays.toml"
COLUMNS: Final = frozenset({"code", "calendar", "name_nl", "name_en", "month", "day", "easter", "on", "if_sunday"})
OPTIONAL: Final = frozenset({"month", "day", "easter", "on", "if_sunday"})
SATURDAY: Final = 5


@dataclass(frozen=True)
class Holidays:
    """The rows of the table, asked by calendar and year."""

    table: Table

    @classmethod
    def load(cls, file: Path = FILE) -> Self:
        """Read and check the table. Raises InvalidTable, naming the row."""
        table = read_table(file, COLUMNS, OPTIONAL)
        for row in table.rows:
            _check(row, table.name)
        return cls(table)

    def days(self, calendars: tuple[str, ...], year: int) -> dict[date, Row]:
        """Return the holidays of a year, each with its row."""
        rows = (row for row in self.table.rows if row["calendar"] in calendars)
        return {day: row for row in rows if (day := _day(row, year)) is not None and row.holds(day)}


@dataclass(frozen=True)
class Calendar:
    """Working days under one law, and from how many days a term must hold two of them."""

    name: str
    least_from: int  # days
    holidays: Callable[[int], frozenset[date]]  # year -> its holidays

    def working(self, day: date) -> bool:
        """Tell whether a day is no Saturday, Sunday or holiday."""
        return day.weekday() < SATURDAY and day not in self.holidays(day.year)

    def next_working(self, day: date) -> date:
        """Return the day itself, or the first working day after it."""
        while not self.working(day):
            day += timedelta(days=1)
        return day

    def working_days(self, first: date, last: date) -> int:
        """Count the working days from first to last, both included."""
        return sum(self.working(first + timedelta(days=number)) for number in range((last - first).days + 1))


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the algorithm of Meeus, Jones and Butcher)."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, odd = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * odd + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def house_holidays() -> Holidays:
    """Return the holidays that come with the system. Read once. Raises InvalidTable."""
    return Holidays.load()


@cache
def _of(calendars: tuple[str, ...], year: int) -> frozenset[date]:
    return frozenset(house_holidays().days(calendars, year))


# Dutch law: the Algemene termijnenwet, with the days that a royal decree equates for it.
ATW: Final = Calendar("nl, Atw 3", 3, lambda year: _of(("nl", "nl-equated"), year))
# Union law, where what must be done is done in the Netherlands, or at an institution (Regulation 1182/71 article 2(1)).
NETHERLANDS: Final = Calendar("nl, 1182/71", 2, lambda year: _of(("nl",), year))
INSTITUTIONS: Final = Calendar("eu, 1182/71", 2, lambda year: _of(("eu",), year))


def _day(row: Row, year: int) -> date | None:
    """Return the day of a row in a year, if it has one there."""
    single: date | None = row.get("on")
    if single is not None:
        return single if single.year == year else None
    if row.get("easter") is not None:
        return easter(year) + timedelta(days=row["easter"])
    day = date(year, row["month"], row["day"])
    moves = bool(row.get("if_sunday")) and day.weekday() == SATURDAY + 1
    return day + timedelta(days=row["if_sunday"]) if moves else day


def _check(row: Row, table: str) -> None:
    """Refuse a row that says no day, or says it twice. Raises InvalidTable."""
    fixed = row.get("month") is not None and row.get("day") is not None
    ways = [fixed, row.get("easter") is not None, row.get("on") is not None]
    if sum(ways) != 1:
        raise InvalidTable(f"{row['code']} has one of: month and day, easter, on.", table=table)
    if fixed:
        try:
            date(2000, row["month"], row["day"])
        except (TypeError, ValueError) as error:
            raise InvalidTable(f"{row['code']} has no such day: {error}.", table=table) from error
