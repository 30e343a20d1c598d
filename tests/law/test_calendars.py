"""The calendar: held against an independent one, and its faults named."""

from datetime import date, timedelta

import holidays
import pytest

from dijkwacht.law import calendars
from dijkwacht.law.calendars import ATW, INSTITUTIONS, NETHERLANDS, Holidays
from dijkwacht.law.tables import InvalidTable

D = date.fromisoformat


@pytest.mark.parametrize("year", range(1980, 2101))
def test_the_dutch_holidays_are_those_that_another_calendar_knows(year):
    theirs = holidays.country_holidays("NL", years=year, categories=("public", "optional"))
    sundays = {calendars.easter(year), calendars.easter(year) + timedelta(days=49)}
    # The other calendar has 5 May as a day off from 1990; the law has had it all the time.
    assert set(calendars.house_holidays().days(("nl",), year)) == (set(theirs) | {date(year, 5, 5)}) - sundays


@pytest.mark.parametrize("day", ["2026-01-02", "2026-05-15", "2027-05-07", "2028-04-28", "2028-05-26"])
def test_a_day_equated_by_royal_decree_counts_for_dutch_law_alone(day):
    assert not ATW.working(D(day))
    assert NETHERLANDS.working(D(day))


def test_the_institutions_of_the_union_have_days_of_their_own():
    assert not INSTITUTIONS.working(D("2026-12-24"))
    assert ATW.working(D("2026-12-24"))
    assert INSTITUTIONS.working(D("2026-04-27"))
    assert not ATW.working(D("2026-04-27"))


def test_kings_day_moves_to_the_saturday():
    assert D("2025-04-26") in calendars.house_holidays().days(("nl",), 2025)
    assert D("2025-04-27") not in calendars.house_holidays().days(("nl",), 2025)


def test_every_holiday_has_a_source_and_both_names():
    for row in calendars.house_holidays().table.rows:
        assert row.source
        assert row["name_nl"]
        assert row["name_en"]


def test_the_next_working_day_of_a_working_day_is_itself():
    assert ATW.next_working(D("2026-12-24")) == D("2026-12-24")
    assert ATW.next_working(D("2026-12-25")) == D("2026-12-28")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("easter = -2", "easter = -2\nmonth = 3\nday = 3", "good-friday"),
        ("month = 1\nday = 1", "month = 13\nday = 1", "new-year"),
        ("month = 1\nday = 1", "month = 1", "new-year"),
        ("easter = 39", "", "ascension"),
    ],
)
def test_a_row_that_says_no_day_is_refused_and_named(tmp_path, old, new, named):
    text = calendars.FILE.read_text("utf-8")
    assert old in text
    (tmp_path / "holidays.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidTable, match=named):
        Holidays.load(tmp_path / "holidays.toml")
