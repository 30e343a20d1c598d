"""Is it significant: the golden cases, and that every rule and every figure in it is needed."""

from datetime import date

import pytest
from tests.law.incidents.golden_incidents import GOLDEN, ON, Golden

from dijkwacht.law.incidents import Answer, IncidentRecord, RecordNotUsable, judge, read_overlay
from dijkwacht.law.incidents.significance import Criteria, house_criteria
from dijkwacht.law.incidents.significance.criteria import FILE
from dijkwacht.law.tables import InvalidTable, Row, Table

BOOK = house_criteria()
RULES = [row for row in BOOK.table.rows if row["kind"] != "gap"]
COMPARED = ("above", "at_least", "below", "at_most", "above_share", "at_most_share", "cap")
FIGURES = [
    (row["code"], part, number, name)
    for row in RULES
    for part in ("all", "unless")
    for number, condition in enumerate(row[part])
    for name in COMPARED
    if condition.get(name)
]


def differs(golden: Golden, book: Criteria = BOOK) -> list[str]:
    """What differs from what the case expects; every key of the case is looked at."""
    found = judge(golden.record, ON, law=golden.expected.get("law", "cbw"), criteria=book)
    seen = {
        "significant": found.significant.value,
        "fired": [one.code for one in found.fired],
        "excluded": [one.code for one in found.excluded],
        "missing": list(found.missing),
        "provisional": [one.code for one in found.provisional],
        "with_earlier": [reference for one in found.fired for reference in one.with_earlier],
    }
    wanted = {key: value for key, value in golden.expected.items() if key in seen}
    return [f"{key}: {seen[key]} is not {value}" for key, value in wanted.items() if seen[key] != value]


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden.name)
def test_the_criteria_answer_as_the_law_does(golden):
    assert {"significant", "fired"} <= golden.expected.keys()
    assert differs(golden) == []


def fails_a_case(code: str, book: Criteria) -> bool:
    """Whether a case of a type that a criterion is for comes out otherwise."""
    types = next(set(row["types"]) for row in RULES if row["code"] == code)
    near = [one for one in GOLDEN if not types or types & set(one.record.entity_types or ())]
    return any(differs(golden, book) for golden in near)


def test_no_two_cases_have_the_same_name():
    assert len({golden.name for golden in GOLDEN}) == len(GOLDEN)


@pytest.mark.parametrize("code", [row["code"] for row in RULES])
def test_leaving_out_a_criterion_fails_a_case(code):
    assert fails_a_case(code, BOOK.without(code)), f"no case needs {code}"


@pytest.mark.parametrize(("code", "part", "number", "name"), FIGURES)
@pytest.mark.parametrize("factor", [0.98, 1.02], ids=["lower", "higher"])
def test_moving_a_threshold_by_a_fiftieth_fails_a_case(code, part, number, name, factor):
    """Both sides of every figure are in a case: nearer than this to the figure itself."""

    def moved(row: Row) -> Row:
        conditions = [dict(one) for one in row[part]]
        conditions[number][name] = (
            min(conditions[number][name] * factor, 1.0) if "share" in name else conditions[number][name] * factor
        )
        return Row({**row.values, part: conditions}, row.valid_from, row.valid_to, row.source, row.checked_on, row.mark)

    rows = tuple(moved(row) if row["code"] == code else row for row in BOOK.table.rows)
    book = Criteria.of(Table(BOOK.table.name, rows), like=BOOK)
    assert fails_a_case(code, book), f"no case stands close to {name} of {code}"


@pytest.mark.parametrize(
    ("code", "part", "number"),
    [
        (row["code"], part, number)
        for row in RULES
        for part in ("all", "unless")
        for number in range(len(row[part]))
        if len(row[part]) > 1
    ],
)
def test_leaving_out_one_condition_fails_a_case(code, part, number):
    def shorter(row: Row) -> Row:
        conditions = [one for place, one in enumerate(row[part]) if place != number]
        return Row({**row.values, part: conditions}, row.valid_from, row.valid_to, row.source, row.checked_on, row.mark)

    rows = tuple(shorter(row) if row["code"] == code else row for row in BOOK.table.rows)
    book = Criteria.of(Table(BOOK.table.name, rows), like=BOOK)
    assert fails_a_case(code, book)


def test_every_row_has_both_sentences_and_a_source():
    for row in BOOK.table.rows:
        assert row["sentence_nl"]
        assert row["sentence_en"]
        assert row.source


OWN = [
    {
        "code": "own-trains",
        "all": [{"fact": "own.trains", "above": 12}],
        "sentence_nl": "Meer dan twaalf treinen staan stil.",
        "sentence_en": "More than twelve trains stand still.",
    }
]


def test_confidential_criteria_of_one_entity_count_and_can_be_left_unnamed():
    record = IncidentRecord.read({"entity_types": ["1.2b-undertaking"], "own": {"trains": 13}})
    verdict = judge(record, ON, overlay=read_overlay(OWN))
    assert verdict.significant is Answer.YES
    assert [(one.code, one.article, one.confidential) for one in verdict.fired] == [("own-trains", "Cbb 23(1)", True)]
    told = verdict.without_confidential()
    assert "trains" not in repr(told)
    assert told.significant is Answer.YES


def test_a_fact_of_a_confidential_criterion_that_is_missing_is_asked_and_can_be_left_unnamed():
    facts = {
        "entity_types": ["1.2b-undertaking"],
        "severe_disruption": False,
        "financial_loss": False,
        "others_harmed": False,
    }
    verdict = judge(IncidentRecord.read(facts), ON, overlay=read_overlay(OWN))
    assert (verdict.significant, verdict.missing) == (Answer.UNKNOWN, ("own.trains",))
    assert "trains" not in repr(verdict.without_confidential())


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "list"),
        ([{"code": "x"}], "all"),
        ([{**OWN[0], "all": [{"fact": "trains", "above": 12}]}], "own.SOMETHING"),
        ([{**OWN[0], "all": [{"fact": "own.trains"}]}], "exactly one test"),
        ([{**OWN[0], "all": [{"fact": "own.trains", "above": 1, "below": 2}]}], "exactly one test"),
        ([{**OWN[0], "all": [{"fact": "own.trains", "above_share": 0.5}]}], "share"),
        ([{**OWN[0], "colour": "red"}], "colour"),
    ],
)
def test_confidential_criteria_that_are_not_in_order_are_refused(given, named):
    with pytest.raises(RecordNotUsable, match=named):
        read_overlay(given)


def test_a_type_that_does_not_exist_is_refused_not_judged():
    with pytest.raises(RecordNotUsable, match=r"1\.9-msp"):
        judge(IncidentRecord.read({"entity_types": ["1.9-mps"]}), ON)


def test_a_day_before_the_law_is_judged_by_the_first_criteria_and_says_so():
    record = IncidentRecord.read({"entity_types": ["1.9-msp"], "unavailable_minutes": 31})
    verdict = judge(record, date(2026, 3, 1))
    assert (verdict.on, verdict.in_force) == (date(2026, 8, 15), False)
    assert judge(record, ON).in_force


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('fact = "loss_eur"', 'fact = "los_eur"', "los_eur"),
        ('kind = "gap"', 'kind = "gab"', "gap-zorg"),
        ("above = 30", "above = 30, is = true", "exactly one test"),
        ('law = "wwke"', 'law = "wvke"', "wwke-17-1"),
    ],
)
def test_a_table_with_a_fault_is_refused_and_the_fault_is_named(tmp_path, old, new, named):
    text = FILE.read_text("utf-8")
    assert old in text
    (tmp_path / "criteria.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidTable, match=named):
        Criteria.load(tmp_path / "criteria.toml")
