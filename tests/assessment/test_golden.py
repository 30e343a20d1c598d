"""The golden cases: every row of the decision table, both sides of every ceiling; and that each rule is needed."""

import pytest
from tests.assessment.golden import CASES, Case

from dijkwacht.law.applicability import Class, assess, house_rulebook

BOOK = house_rulebook()


def judge(case: Case, book=BOOK) -> list[str]:
    """What differs from what the case expects; every key of the case is looked at."""
    found = assess(case.facts, book)
    duties = {duty.code: duty for duty in found.duties}

    def applies(word: str) -> list[str]:
        return sorted(code for code, duty in duties.items() if duty.applies.value == word)

    seen = {
        "class": found.klass.value,
        "possible": found.possible_classes,
        "rules": [rule.code for rule in found.rules],
        "duties": applies("yes"),
        "off": applies("no"),
        "partly": applies("partly"),
        "later": {code: str(duties[code].starts) for code in applies("later")},
        "deadlines": {deadline.duty: str(deadline.on) for deadline in found.deadlines},
        "authority": found.authority,
        "supervisor": found.supervisor,
        "csirt": found.csirt,
        "interim": [point.interim_csirt.code for point in found.contact_points if point.interim_csirt],
        "unsettled": [remark.code for remark in found.unsettled],
        "assumed": [remark.code for remark in found.assumptions],
        "open": [question.fact for question in found.open_questions],
        "answer": found.answer,
        "two_year_rule": found.size.two_year_rule,
    }
    wanted = {key: value for key, value in case.expected.items() if key not in {"name", "facts"}}
    for key in {"duties", "off", "partly"} & wanted.keys():
        wanted[key] = sorted(case.list(key))
    return [f"{key}: {seen[key]} is not {value}" for key, value in wanted.items() if seen[key] != value]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_table_answers_as_the_law_does(case: Case) -> None:
    assert ("class" in case.expected) != ("possible" in case.expected)
    assert judge(case) == []


def test_no_two_cases_have_the_same_name() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("rule", [row["code"] for row in BOOK.rules.rows])
def test_leaving_out_a_rule_fails_a_case(rule: str) -> None:
    broken = BOOK.without(rule)
    assert any(judge(case, broken) for case in CASES), f"no case needs rule {rule}"


@pytest.mark.parametrize("code", [row["code"] for row in BOOK.duties.rows])
def test_every_duty_is_in_a_case(code: str) -> None:
    assert any(code in case.list("duties") for case in CASES if "duties" in case.expected)


@pytest.mark.parametrize("code", [row["code"] for row in BOOK.conditions.rows])
def test_every_condition_is_answered_both_ways_or_is_left_open(code: str) -> None:
    answers = {case.facts.conditions[code] for case in CASES if code in case.facts.conditions}
    assert answers, f"no case has {code}"


def test_every_class_is_reached() -> None:
    reached = {case.expected["class"] for case in CASES if "class" in case.expected}
    assert reached == {klass.value for klass in Class} - {"depends"}
