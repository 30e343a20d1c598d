"""The golden cases of every regime: a folder that is added is tried here without a line of code."""

from datetime import date, datetime

import pytest

from dijkwacht.law.incidents import IncidentRecord, due, load, project
from dijkwacht.law.incidents.regimes import HOUSE
from dijkwacht.law.incidents.regimes.reading import read_cases

REGIMES = load()
TODAY = date(2026, 11, 25)
CASES = [(slug, case) for slug in REGIMES for case in read_cases(HOUSE / slug)]
KEYS = {"name", "facts", "due", "articles", "lenient", "applies", "next", "missing", "undecided", "to"}


def told(moments):
    return {stage: moment.isoformat() for stage, moment in moments.items()}


def judge(slug, case):
    """What differs from what the case expects; every key of the case is looked at."""
    record = IncidentRecord.read(case["facts"])
    regime = REGIMES.nearest(slug, record.first_known() or TODAY)
    clocks = due(regime, record)
    found = project(record, regime, TODAY)
    seen = {
        "due": told({one.stage: one.due for one in clocks}),
        "articles": {one.stage: one.article for one in clocks if one.stage in case.get("articles", {})},
        "lenient": told({one.stage: one.lenient for one in clocks if one.lenient}),
        "applies": found.applies.value,
        "next": found.next_stage,
        "undecided": list(found.undecided),
        "to": [one.body for one in found.recipients],
        "missing": [field.fact for field in found.stage(found.next_stage).missing] if found.next_stage else [],
    }
    return [
        f"{key}: {seen[key]} is not {case[key]}"
        for key in KEYS & case.keys() - {"name", "facts"}
        if seen[key] != case[key]
    ]


@pytest.mark.parametrize(("slug", "golden"), CASES, ids=[f"{slug}: {case['name']}" for slug, case in CASES])
def test_a_regime_answers_as_the_law_does(slug, golden):
    assert golden.keys() <= KEYS
    assert judge(slug, golden) == []


def test_no_two_cases_of_a_regime_have_the_same_name():
    names = [(slug, case["name"]) for slug, case in CASES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("slug", "code"), [(slug, stage.code) for slug in REGIMES for stage in REGIMES[slug].stage if not stage.on_request]
)
def test_every_clock_is_in_a_case(slug, code):
    assert any(code in case.get("due", {}) for other, case in CASES if other == slug)


@pytest.mark.parametrize(
    ("slug", "code"),
    [(slug, row.code) for slug in REGIMES for row in (*REGIMES[slug].trigger, *REGIMES[slug].exception)],
)
def test_every_trigger_and_exception_decides_a_case(slug, code):
    """Left out, it would change the answer of a case."""
    regime = REGIMES[slug]
    without = regime.model_copy(
        update={
            "trigger": tuple(row for row in regime.trigger if row.code != code),
            "exception": tuple(row for row in regime.exception if row.code != code),
        }
    )
    cases = [case for other, case in CASES if other == slug and "applies" in case]
    records = [IncidentRecord.read(case["facts"]) for case in cases]
    assert any(project(one, regime, TODAY).applies != project(one, without, TODAY).applies for one in records)


def test_moments_come_back_in_amsterdam():
    record = IncidentRecord.read({"awareness": "2026-11-24T23:30:00-05:00"})
    assert next(one.due for one in due(REGIMES["cbw"], record)) == datetime.fromisoformat("2026-11-26T05:30:00+01:00")
    assert [str(one.due.tzinfo) for one in due(REGIMES["cbw"], record)] == ["Europe/Amsterdam"] * 2
