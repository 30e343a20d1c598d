"""The clocks against an obvious, slow reference: a day at a time, an hour at a time."""

from datetime import UTC, date, datetime, timedelta, timezone

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dijkwacht.law.incidents import IncidentRecord, due, house_regimes
from dijkwacht.law.incidents.moments import ZONE

REGIMES = house_regimes()
EQUATED = {date(2027, 5, 7), date(2028, 4, 28), date(2028, 5, 26)}  # the decree for 2026 to 2028
MOMENTS = st.integers(0, 838 * 86_400).map(lambda second: datetime(2026, 8, 16, tzinfo=UTC) + timedelta(seconds=second))
OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes))


def closed(day, *, dutch_law):
    """A Saturday, a Sunday or a holiday, by a calendar that is not ours."""
    known = holidays.country_holidays("NL", years=day.year, categories=("public", "optional"))
    return day.weekday() >= 5 or day in known or (dutch_law and day in EQUATED)


def month_later(day):
    """Walk to the same number in the next month, and back to one that exists."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


def month_ends(moment, *, dutch_law):
    last = month_later(moment.astimezone(ZONE).date())
    while closed(last, dutch_law=dutch_law):
        last += timedelta(days=1)
    return datetime(last.year, last.month, last.day, 23, 59, 59, tzinfo=ZONE)


def hours_later(moment, hours):
    for _ in range(hours):
        moment += timedelta(hours=1)  # in UTC every hour has sixty minutes
    return moment


def clocks(regime, **facts):
    record = IncidentRecord.read(
        {name: fact.isoformat() if isinstance(fact, datetime) else fact for name, fact in facts.items()}
    )
    return {one.stage: one for one in due(REGIMES[regime], record)}


@given(MOMENTS)
@settings(deadline=None)
def test_hours_are_elapsed_hours(moment):
    for regime, stage, hours in (
        ("cbw", "early-warning", 24),
        ("cbw", "notification", 72),
        ("netcode", "early-warning", 4),
        ("avg", "notification", 72),
        ("dora", "early-warning", 24),
        ("wwke", "notification", 24),
        ("cra", "early-warning", 24),
        ("cra", "notification", 72),
    ):
        assert clocks(regime, awareness=moment)[stage].due.astimezone(UTC) == hours_later(moment, hours)


@given(MOMENTS)
@settings(deadline=None)
def test_months_are_walked_day_by_day(moment):
    assert clocks("cbw", notification=moment)["final"].due == month_ends(moment, dutch_law=True)
    assert clocks("wwke", notification=moment)["final"].due == month_ends(moment, dutch_law=True)
    assert clocks("cra", notification=moment)["final"].due == month_ends(moment, dutch_law=False)


@given(MOMENTS, MOMENTS)
@settings(deadline=None)
def test_the_month_after_a_progress_report_runs_from_the_handling(notification, handled):
    found = clocks("cbw", notification=notification, handled=handled)
    end = month_ends(notification, dutch_law=True)
    assert ("final-after-progress" in found) == ("progress" in found) == (handled > end)
    if handled > end:
        assert found["final-after-progress"].due == month_ends(handled, dutch_law=True)
        assert found["progress"].due == found["final"].due == end


@given(MOMENTS, OFFSETS)
@settings(deadline=None)
def test_the_offset_a_moment_is_written_in_changes_nothing(moment, offset):
    elsewhere = moment.astimezone(timezone(offset))
    for regime in REGIMES:
        here = clocks(regime, awareness=moment, early_warning=moment, notification=moment, handled=moment)
        there = clocks(regime, awareness=elsewhere, early_warning=elsewhere, notification=elsewhere, handled=elsewhere)
        assert [(one.stage, one.due) for one in here.values()] == [(one.stage, one.due) for one in there.values()]


@given(MOMENTS, st.integers(1, 10_000_000))
@settings(deadline=None)
def test_whoever_knows_later_reports_later_or_at_the_same_moment(moment, seconds):
    later = moment + timedelta(seconds=seconds)
    for regime in REGIMES:
        early = clocks(regime, awareness=moment, early_warning=moment, notification=moment)
        late = clocks(regime, awareness=later, early_warning=later, notification=later)
        assert all(early[stage].due <= late[stage].due for stage in early)


@given(MOMENTS)
@settings(deadline=None)
def test_the_lenient_reading_is_never_earlier_than_the_strict_one(moment):
    one = clocks("avg", awareness=moment)["notification"]
    assert one.lenient is not None
    assert one.due < one.lenient <= one.due + timedelta(days=8)


@given(st.dictionaries(st.sampled_from(["occurrence", "detection", "determination", "receipt", "final"]), MOMENTS))
@settings(deadline=None)
def test_moments_that_start_nothing_move_nothing(moments):
    sure = {"awareness": datetime(2026, 11, 24, 9, tzinfo=UTC), "notification": datetime(2026, 11, 27, 9, tzinfo=UTC)}
    for regime in set(REGIMES) - {"dora"}:
        plain, more = clocks(regime, **sure), clocks(regime, **sure, **moments)
        assert {stage: one.due for stage, one in more.items()}.items() <= {
            stage: one.due for stage, one in plain.items()
        }.items()
        assert plain.keys() - more.keys() <= {"progress"}  # a final report that was sent makes it needless


@pytest.mark.parametrize("regime", list(REGIMES))
def test_editing_a_submitted_report_moves_nothing(regime):
    """The record holds the first submission; what a later version says of the incident is no moment of a clock."""
    first = {"awareness": "2026-11-24T10:00:00+01:00", "notification": "2026-11-27T09:30:00+01:00"}
    edited = {**first, "description": "rewritten", "effects": "more", "indicators": ["192.0.2.1"], "severity": "high"}
    before, after = (due(REGIMES[regime], IncidentRecord.read(facts)) for facts in (first, edited))
    assert before == after
