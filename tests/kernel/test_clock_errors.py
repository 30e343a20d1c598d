"""The clock can be set, law starts at local midnight, and a problem says itself in two languages."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from dijkwacht.kernel.clock import SYSTEM_CLOCK, FixedClock, legal_date
from dijkwacht.kernel.errors import Problem


def test_the_system_clock_tells_utc() -> None:
    assert SYSTEM_CLOCK.now().utcoffset() == timedelta(0)


def test_a_fixed_clock_stands_still_and_tells_utc() -> None:
    moment = datetime(2026, 8, 15, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    assert FixedClock(moment).now() == moment
    assert FixedClock(moment).now().tzinfo is UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 8, 15)  # noqa: DTZ001 - the missing zone is the point
    with pytest.raises(ValueError, match="zone"):
        FixedClock(naive)
    with pytest.raises(ValueError, match="zone"):
        legal_date(naive)


def test_a_law_starts_at_midnight_in_the_country_not_in_utc() -> None:
    assert legal_date(datetime(2026, 8, 14, 22, 30, tzinfo=UTC)) == date(2026, 8, 15)
    assert legal_date(datetime(2026, 8, 14, 21, 30, tzinfo=UTC)) == date(2026, 8, 14)


class ReportMissing(Problem):
    """There is no report {number}."""

    nl = "Er is geen melding {number}."
    status = 404


def test_a_problem_says_itself_in_both_languages() -> None:
    problem = ReportMissing(number=7)
    assert str(problem) == "There is no report 7."
    assert problem.text("nl") == "Er is geen melding 7."
    assert ReportMissing("Ask the duty officer.", number=7).text("en") == "There is no report 7. Ask the duty officer."


def test_a_problem_is_a_body_of_problem_json() -> None:
    assert ReportMissing(number=7).as_problem("nl") == {
        "type": "report-missing", "title": "Er is geen melding 7.", "status": 404, "number": 7,
    }  # fmt: skip


def test_a_problem_may_choose_its_own_slug() -> None:
    class Gone(Problem):
        """It is gone."""

        nl = "Het is weg."
        type = "no-longer-there"

    assert Gone().as_problem() == {"type": "no-longer-there", "title": "It is gone.", "status": 400}


def test_hostile_text_in_a_field_is_not_filled_in_again() -> None:
    assert ReportMissing(number="{number.__class__}").text("en") == "There is no report {number.__class__}."


def test_a_kind_of_problem_without_both_texts_is_refused() -> None:
    with pytest.raises(TypeError, match="Dutch"):
        type("NoDutch", (Problem,), {"__doc__": "It is wrong."})
    with pytest.raises(TypeError, match="docstring"):
        type("NoEnglish", (Problem,), {"nl": "Het is fout."})
