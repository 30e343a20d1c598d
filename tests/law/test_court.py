"""The court at work: what cannot be evaluated is refused, and threads and a full memory do no harm."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from dijkwacht.law import LawNotApplicable, PolicySet, decide_many
from dijkwacht.law.decide import _COURTS, COURTS_KEPT, Court

from .conftest import Case

# Valid by the schema, yet it cannot be evaluated; Cedar would skip it and let the permits decide.
OVERFLOW = """
@id("{id}") @law("TLP") @valid_from("2018-11-09") @valid_to("") @status("known")
@sentence_nl("nooit") @sentence_en("never")
forbid (principal, action, resource is Disclosure)
when {{ 9223372036854775807 + 1 > 0 }};
"""


def test_a_prohibition_that_cannot_be_evaluated_refuses_the_decision(cases: list[Case], policies: PolicySet) -> None:
    broken = policies.with_overrides({"tlp-red-direct": OVERFLOW.format(id="broken")})
    with pytest.raises(LawNotApplicable, match="overflow"):
        decide_many([cases[0].facts], broken)


def test_threads_share_one_court_and_agree(cases: list[Case], policies: PolicySet) -> None:
    facts = [case.facts for case in cases]
    court = Court(policies)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: court.decide(facts), range(8)))
    assert all(answer == answers[0] for answer in answers)


def test_a_full_memory_is_emptied_and_answers_stay_the_same(cases: list[Case], policies: PolicySet) -> None:
    facts = [case.facts for case in cases]
    court = Court(policies, remember=10)
    assert court.decide(facts) == court.decide(facts) == [court.decide([one])[0] for one in facts]


def test_many_sets_in_turn_do_not_pile_up(cases: list[Case], policies: PolicySet) -> None:
    for policy in policies.policies[: COURTS_KEPT + 2]:
        decide_many([cases[0].facts], policies.with_overrides({policy.id: ""}))
    assert len(_COURTS) <= COURTS_KEPT


def test_equal_facts_are_decided_once_and_given_back_in_order(cases: list[Case], policies: PolicySet) -> None:
    one, other = cases[0].facts, cases[1].facts
    first, second, third = decide_many([one, other, one], policies)
    assert first is third
    assert (first.facts, second.facts) == (one, other)


def test_nothing_asked_is_nothing_decided(policies: PolicySet) -> None:
    assert decide_many([], policies) == []
