"""What holds for every combination of facts."""

import json
import re
from dataclasses import replace
from datetime import date

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dijkwacht.kernel.tlp import Tlp
from dijkwacht.law import AssetStatus, Decision, Facts, PolicySet, RelayStatus, Route, decide, decide_many, explain

from .strategies import ANY_FACTS, VALUES

POLICIES = PolicySet.load()
NOTHING = PolicySet.from_texts({})
CBW_STARTS = date(2026, 8, 15)
# Facts that say which routes exist or how one is chosen; the rest can only matter through a policy that mentions them.
CHOOSING = {"relay", "network_owner", "has_direct_contact", "receiver_class"}


@given(ANY_FACTS)
def test_tlp_red_never_leaves_its_named_receivers(facts: Facts) -> None:
    decision = decide(replace(facts, tlp=Tlp.RED), POLICIES)
    assert set(decision.routes) <= {Route.DIRECT if facts.named_receiver else Route.NOBODY, Route.NOBODY}


@given(ANY_FACTS)
def test_tlp_amber_strict_stays_within_the_organisation(facts: Facts) -> None:
    decision = decide(replace(facts, tlp=Tlp.AMBER_STRICT), POLICIES)
    assert set(decision.routes) <= {Route.DIRECT, Route.NOBODY}


@given(ANY_FACTS, st.sampled_from([status for status in AssetStatus if status is not AssetStatus.VERIFIED]))
def test_nothing_goes_to_an_organisation_or_its_relay_on_an_unverified_asset(facts: Facts, status: AssetStatus) -> None:
    decision = decide(replace(facts, asset_status=status), POLICIES)
    assert not {Route.DIRECT, Route.RELAY} & set(decision.routes)


@given(ANY_FACTS, st.sampled_from([RelayStatus.WITHDRAWN, RelayStatus.SUSPENDED]))
def test_a_relay_that_left_gets_nothing(facts: Facts, status: RelayStatus) -> None:
    assume(facts.relay is not None)
    gone = replace(facts, relay=replace(facts.relay, status=status))  # type: ignore[type-var]
    assert Route.RELAY not in decide(gone, POLICIES).routes


@given(ANY_FACTS)
def test_a_source_that_forbids_redistribution_is_always_obeyed(facts: Facts) -> None:
    from dijkwacht.law import SourceTerms

    forbidden = replace(facts, source_terms=SourceTerms.NO_REDISTRIBUTION)
    assert decide(forbidden, POLICIES).routes == (Route.NOBODY,)


@given(ANY_FACTS)
def test_confidential_data_never_go_without_all_four_tests_under_the_cbw(facts: Facts) -> None:
    assume(facts.on >= CBW_STARTS)
    tests = (facts.necessary, facts.proportionate, facts.confidentiality_guaranteed, facts.interests_protected)
    decision = decide(replace(facts, confidential=True), POLICIES)
    assert decision.routes == (Route.NOBODY,) or all(tests)
    assert decision.to_record()["confidentiality_tests"] is not None


@given(ANY_FACTS)
def test_no_law_is_cited_outside_the_time_it_is_in_force(facts: Facts) -> None:
    decision = decide(facts, POLICIES)
    laws = {c.law.split()[0] for r in decision.rulings for c in (*r.determining, *r.obligations)}
    assert not laws & ({"Wbni"} if facts.on >= CBW_STARTS else {"Cbw", "Wbdwb"})


@given(ANY_FACTS)
def test_without_policies_nobody_gets_anything(facts: Facts) -> None:
    decision = decide(facts, NOTHING)
    assert decision.routes == (Route.NOBODY,)
    assert not any(ruling.allowed for ruling in decision.rulings)


@given(ANY_FACTS)
def test_only_allowed_and_possible_routes_are_chosen_and_each_has_a_ground(facts: Facts) -> None:
    decision = decide(facts, POLICIES)
    assert decision.routes
    for route in decision.routes:
        ruling = decision.ruling(route)
        assert route is Route.NOBODY or (ruling is not None and ruling.allowed and ruling.articles)
        assert route is Route.NOBODY or route in facts.possible_routes
    assert Route.NETWORK_OWNER not in decision.routes or len(decision.routes) == 1


@given(ANY_FACTS)
def test_a_decision_never_rests_on_unverified_grounds_alone(facts: Facts) -> None:
    assert not any(ruling.unverified for ruling in decide(facts, POLICIES).chosen)


@given(ANY_FACTS)
def test_a_stored_decision_reads_back_the_same_and_explains_itself(facts: Facts) -> None:
    decision = decide(facts, POLICIES)
    stored = Decision.from_record(json.loads(json.dumps(decision.to_record())))
    assert stored == decision
    assert explain(stored, "nl") == explain(decision, "nl")
    assert explain(stored, "en").startswith("This concerns ")


@given(st.lists(ANY_FACTS, max_size=20))
@settings(max_examples=30)
def test_deciding_many_at_once_is_the_same_as_one_by_one(facts: list[Facts]) -> None:
    assert decide_many([*facts, *facts], POLICIES) == [decide(one, POLICIES) for one in [*facts, *facts]]


def mentioned(facts: Facts) -> set[str]:
    """Read from the policies' text which facts the decision about these facts may depend on."""
    names = set(CHOOSING)
    for policy in POLICIES.in_force(facts.on):
        if policy.routes & {route.value for route in facts.possible_routes}:
            names |= set(re.findall(r'"attr": "(\w+)"', policy.body))
    return names | ({"country"} if "eu_member" in names else set())


@given(ANY_FACTS, st.data())
@settings(max_examples=400)
def test_changing_one_fact_changes_only_decisions_that_depend_on_it(facts: Facts, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(VALUES.keys() - {"on"})))
    other = replace(facts, **{name: data.draw(VALUES[name])})
    old, new = decide(facts, POLICIES), decide(other, POLICIES)
    if name not in mentioned(facts) | mentioned(other):
        assert (old.routes, old.rulings) == (new.routes, new.rulings)


@given(ANY_FACTS, st.data())
def test_facts_about_the_relay_change_nothing_on_the_other_routes(facts: Facts, data: st.DataObject) -> None:
    other = replace(facts, relay=data.draw(VALUES["relay"]))
    for route in (Route.DIRECT, Route.NETWORK_OWNER, Route.FOREIGN_CSIRT):
        old, new = decide(facts, POLICIES).ruling(route), decide(other, POLICIES).ruling(route)
        assert (old and (old.allowed, old.determining)) == (new and (new.allowed, new.determining))


@given(ANY_FACTS, st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_the_four_tests_matter_only_to_confidential_or_personal_data(
    facts: Facts, necessary: bool, proportionate: bool, guaranteed: bool, protected: bool
) -> None:
    plain = replace(facts, confidential=False, personal_data=False)
    other = replace(
        plain,
        necessary=necessary,
        proportionate=proportionate,
        confidentiality_guaranteed=guaranteed,
        interests_protected=protected,
    )
    assert decide(plain, POLICIES).rulings == decide(other, POLICIES).rulings


@given(ANY_FACTS)
def test_a_stricter_label_never_opens_a_route(facts: Facts) -> None:
    open_routes: set[Route] | None = None
    for label in Tlp:
        rulings = decide(replace(facts, tlp=label), POLICIES).rulings
        now = {ruling.route for ruling in rulings if ruling.allowed}
        assert open_routes is None or now <= open_routes
        open_routes = now
