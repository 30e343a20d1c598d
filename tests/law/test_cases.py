"""The golden cases, and that the table bites: every policy is reached, and no prohibition can be missed."""

from collections.abc import Iterable

import pytest

from dijkwacht.law import Decision, PolicySet, decide, decide_many, explain, explain_rulings

from .conftest import Case


def cited(decisions: Iterable[Decision]) -> set[str]:
    rulings = [ruling for decision in decisions for ruling in decision.rulings]
    return {citation.policy for ruling in rulings for citation in (*ruling.determining, *ruling.obligations)}


def allowed(decision: Decision) -> set[str]:
    return {ruling.route.value for ruling in decision.rulings if ruling.allowed}


def test_a_case_takes_its_routes(case: Case, policies: PolicySet) -> None:
    assert decide(case.facts, policies).routes == case.routes


def test_a_case_is_determined_by_its_policies(case: Case, policies: PolicySet) -> None:
    decision = decide(case.facts, policies)
    assert {ruling.route.value: sorted(ruling.policies) for ruling in decision.rulings} == {
        route: sorted(names) for route, names in case.policies.items()
    }


def test_a_case_brings_its_obligations(case: Case, policies: PolicySet) -> None:
    if case.obligations is None:
        return
    decision = decide(case.facts, policies)
    assert {citation.policy for ruling in decision.chosen for citation in ruling.obligations} == set(case.obligations)


def test_a_case_cites_its_article(case: Case, policies: PolicySet) -> None:
    decision = decide(case.facts, policies)
    laws = {c.law for ruling in decision.rulings for c in (*ruling.determining, *ruling.obligations)}
    assert case.article in laws or (not case.article and decision.obligations == ())


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_case_is_explained_with_its_grounds(case: Case, policies: PolicySet, language: str) -> None:
    decision = decide(case.facts, policies)
    sentence = explain(decision, language)  # type: ignore[arg-type]
    assert "{" not in sentence
    for ruling in decision.chosen or decision.rulings:
        for citation in ruling.determining:
            assert (citation.ground_nl if language == "nl" else citation.ground_en) in sentence
    assert set(explain_rulings(decision, language)) == {ruling.route for ruling in decision.rulings}  # type: ignore[arg-type]


def test_the_table_has_at_least_sixty_cases_with_different_names(cases: list[Case]) -> None:
    assert len({case.name for case in cases}) == len(cases) >= 60


def test_every_policy_is_reached_by_a_case(cases: list[Case], policies: PolicySet) -> None:
    reached = cited(decide_many([case.facts for case in cases], policies))
    assert reached == {policy.id for policy in policies.policies}


def test_leaving_out_any_prohibition_opens_a_route_that_a_case_keeps_shut(
    cases: list[Case], policies: PolicySet
) -> None:
    facts = [case.facts for case in cases]
    before = [allowed(decision) for decision in decide_many(facts, policies)]
    for policy in policies.policies:
        if policy.effect == "forbid":
            without = policies.with_overrides({policy.id: ""})
            after = [allowed(decision) for decision in decide_many(facts, without)]
            assert before != after, f"no case depends on {policy.id}"


def test_leaving_out_any_ground_or_obligation_changes_a_case(cases: list[Case], policies: PolicySet) -> None:
    facts = [case.facts for case in cases]
    before = decide_many(facts, policies)
    for policy in policies.policies:
        if policy.effect == "permit":
            after = decide_many(facts, policies.with_overrides({policy.id: ""}))
            changed = [old for old, new in zip(before, after, strict=True) if old.rulings != new.rulings]
            assert changed, f"no case depends on {policy.id}"
