"""Golden cases of the Algemene termijnenwet."""

from datetime import date

import pytest

from dijkwacht.law import terms

D = date.fromisoformat


@pytest.mark.parametrize(
    ("event", "last", "why"),
    [
        ("2026-11-02", "2026-11-16", "Monday to Monday"),
        ("2026-11-07", "2026-11-23", "a Saturday ends on the Monday after"),
        ("2026-11-08", "2026-11-23", "so does a Sunday"),
        ("2026-12-11", "2026-12-28", "first Christmas day, then the second and a Sunday"),
        ("2026-12-18", "2027-01-04", "New Year's Day is a Friday"),
        ("2026-03-20", "2026-04-07", "Good Friday, to after Easter Monday"),
        ("2026-04-13", "2026-04-28", "King's Day"),
        ("2025-04-12", "2025-04-28", "King's Day was kept on Saturday the 26th"),
        ("2026-04-21", "2026-05-06", "5 May, also when it is nobody's day off"),
        ("2026-04-30", "2026-05-18", "Ascension Day, and the Friday after it by royal decree"),
        ("2029-04-26", "2029-05-11", "Ascension Day, before a decree for that year is known"),
        ("2026-05-11", "2026-05-26", "Whit Monday"),
    ],
)
def test_two_weeks(event, last, why):
    assert terms.weeks_after(D(event), 2) == D(last), why


@pytest.mark.parametrize(
    ("event", "months", "last", "why"),
    [
        ("2026-08-31", 1, "2026-09-30", "the last day of a shorter month"),
        ("2026-11-27", 1, "2026-12-28", "27 December is a Sunday"),
        ("2026-11-30", 3, "2027-03-01", "28 February 2027 is a Sunday"),
        ("2027-11-30", 3, "2028-02-29", "a leap year"),
        ("2026-10-02", 3, "2027-01-04", "2 January 2027 is a Saturday"),
        ("2026-08-15", 3, "2026-11-16", "15 November is a Sunday"),
        ("2026-06-10", 3, "2026-09-10", "nothing in the way"),
    ],
)
def test_months(event, months, last, why):
    assert terms.months_after(D(event), months) == D(last), why


def test_a_term_of_a_week_holds_two_working_days_always():
    days = [date.fromordinal(D("2026-01-01").toordinal() + number) for number in range(730)]
    for event in days:
        last = terms.weeks_after(event, 1)
        assert terms.working_day(last)
        inside = range(event.toordinal() + 1, last.toordinal() + 1)
        assert sum(terms.working_day(date.fromordinal(day)) for day in inside) >= terms.LEAST_WORKING_DAYS


@pytest.mark.parametrize(
    "wrong", [lambda: terms.weeks_after(D("2026-01-01"), 13), lambda: terms.months_after(D("2026-01-01"), 4)]
)
def test_a_term_that_the_act_is_not_for_is_refused(wrong):
    with pytest.raises(ValueError, match="Atw"):
        wrong()
