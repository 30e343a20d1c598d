"""A changed law shows what it changes, and a decision is explained on the command line."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from dijkwacht.kernel.errors import Problem
from dijkwacht.kernel.pap import Pap
from dijkwacht.law import Facts, PolicySet, decide, differences, explain, explain_facts, explain_record
from dijkwacht.law.cli import law_command
from dijkwacht.law.explain import BIND_RECEIVER, explain_to_receiver

from .conftest import Case


class NoSuchOrganisation(Problem):
    """There is no organisation {organisation}."""

    nl = "Er is geen organisatie {organisation}."


def test_a_receiver_reads_why_it_is_told_and_what_binds_it_and_not_what_binds_the_centre(
    cases: list[Case], policies: PolicySet
) -> None:
    decision = decide(replace(cases[0].facts, pap=Pap.RED), policies)
    whole, record = explain(decision, "nl"), decision.to_record()
    assert {"tlp-label", "passive-only"} <= set(decision.obligations)
    assert explain_to_receiver(whole, record, "nl").endswith(
        "artikel 53 Cbw. Daarbij geldt: alleen passief gebruik binnen eigen systemen: niets wat van buitenaf zichtbaar "
        "is, dus ook niet blokkeren."
    )
    plain = decide(cases[0].facts, policies)
    said = explain_to_receiver(explain(plain, "en"), plain.to_record(), "en")
    assert said.endswith("article 16(2)(b) Cbw and article 53 Cbw.")
    assert set(BIND_RECEIVER) <= {one.obligation for one in policies.policies}


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


def ask(*extra: str) -> list[str]:
    return ["explain", "--organisation", "1", "--feed", "shadowserver", "--kind", "scan-http", *extra]


def test_the_same_law_changes_nothing(cases: list[Case], policies: PolicySet) -> None:
    assert differences(policies, PolicySet.load(), [case.facts for case in cases]) == []


def test_a_lifted_prohibition_shows_the_decisions_it_changes(cases: list[Case], policies: PolicySet) -> None:
    changed = differences(policies, policies.with_overrides({"asset-not-verified": ""}), [c.facts for c in cases])
    assert {difference.facts.asset_status.value for difference in changed} == {"claimed", "disputed", "expired"}
    assert all(d.what == "routes" and d.old.facts == d.new.facts for d in changed)


def test_a_changed_obligation_and_a_changed_ground_are_told_apart(cases: list[Case], policies: PolicySet) -> None:
    facts = [case.facts for case in cases]
    without_label = differences(policies, policies.with_overrides({"show-tlp": ""}), facts)
    without_ground = differences(policies, policies.with_overrides({"cbw-53-entity": ""}), facts)
    assert {difference.what for difference in without_label} == {"obligations"}
    assert {difference.what for difference in without_ground} == {"grounds"}


def test_a_sentence_names_who_how_and_the_article(cases: list[Case], policies: PolicySet) -> None:
    decision = decide(cases[0].facts, policies)
    assert explain(decision, "nl") == (
        "Dit gaat over een essentiële entiteit, als slachtoffer: het bericht gaat rechtstreeks op grond van "
        "artikel 16, tweede lid, onder b, Cbw en artikel 53 Cbw. "
        "Daarbij geldt: toon het TLP-label bovenaan het bericht."
    )
    assert explain(decision, "en") == (
        "This concerns an essential entity, as a victim: the notice goes directly on the ground of "
        "article 16(2)(b) Cbw and article 53 Cbw. With it goes: show the TLP label at the top of the notice."
    )


def test_a_ground_that_was_not_verified_is_shown_as_such(cases: list[Case], policies: PolicySet) -> None:
    company = next(case.facts for case in cases if case.article == "Wbdwb 2(1)")
    assert "artikel 2, eerste lid, Wbdwb (niet geverifieerd)" in explain(decide(company, policies), "nl")


def test_an_old_decision_keeps_its_words_when_the_policy_changes(cases: list[Case], policies: PolicySet) -> None:
    record = decide(cases[0].facts, policies).to_record()
    assert explain_record(json.loads(json.dumps(record)), "en") == explain_facts(cases[0].facts)["sentence_en"]


def test_the_command_prints_the_sentence_in_the_language_asked(runner: CliRunner, cases: list[Case]) -> None:
    result = runner.invoke(law_command(lambda *_: cases[0].facts), ask("--language", "nl"))
    assert result.exit_code == 0
    assert result.stdout.startswith("Dit gaat over een essentiële entiteit")
    assert "- Rechtstreeks mag op grond van artikel 16" in result.stdout


def test_the_command_prints_the_decision_as_json(runner: CliRunner, cases: list[Case]) -> None:
    asked: list[tuple[str, ...]] = []

    def facts_for(*names: str) -> Facts:
        asked.append(names)
        return cases[0].facts

    result = runner.invoke(law_command(facts_for), ask("--json"))
    printed = json.loads(result.stdout)
    assert asked == [("1", "shadowserver", "scan-http")]
    assert printed["decision"]["routes"] == ["direct"]
    assert printed["sentence_nl"].startswith("Dit gaat over")


def test_the_command_explains_by_the_set_of_the_installation(
    runner: CliRunner, cases: list[Case], policies: PolicySet
) -> None:
    own = policies.with_overrides({"cbw-16-2-b-entity": "", "cbw-53-entity": ""})
    result = runner.invoke(law_command(lambda *_: cases[0].facts, lambda: own), ask("--json"))
    assert json.loads(result.stdout)["decision"]["routes"] == ["nobody"]


def test_the_command_ends_with_two_for_wrong_use(runner: CliRunner, cases: list[Case]) -> None:
    command = law_command(lambda *_: cases[0].facts)
    assert runner.invoke(command, ["explain"]).exit_code == 2
    assert runner.invoke(command, ask("--language", "de")).exit_code == 2


@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_ends_with_one_when_the_organisation_is_unknown(runner: CliRunner, as_json: bool) -> None:
    def facts_for(organisation: str, _feed: str, _kind: str) -> Facts:
        raise NoSuchOrganisation(organisation=organisation)

    result = runner.invoke(law_command(facts_for), ask("--language", "nl", *(["--json"] if as_json else [])))
    assert result.exit_code == 1
    assert "Er is geen organisatie 1." in result.stderr
    assert "Traceback" not in result.output
