"""A policy set that is not in order is refused; one that is has a hash that tells it from every other."""

import re
import shutil
from pathlib import Path

import pytest

from dijkwacht.law import InvalidPolicies, PolicySet, decide
from dijkwacht.law.policies import HOUSE, ROUTES

from .conftest import Case

GOOD = """
@id("one") @law("Cbw 53") @valid_from("2026-08-15") @valid_to("") @status("seen")
@sentence_nl("zo") @sentence_en("so")
permit (principal, action == Action::"direct", resource is Disclosure)
when { context.notice.tlp == Tlp::"GREEN" };
"""

BAD = {
    "no id": (GOOD.replace('@id("one")', ""), "id"),
    "no Dutch sentence": (GOOD.replace('@sentence_nl("zo")', ""), "sentence_nl"),
    "an empty sentence": (GOOD.replace('"so"', '" "'), "sentence_en"),
    "an unknown annotation": (GOOD.replace('@status("seen")', '@status("seen") @lawx("y")'), "lawx"),
    "an unknown status": (GOOD.replace('"seen"', '"sure"'), "status"),
    "a date that is none": (GOOD.replace("2026-08-15", "2026-02-30"), "one"),
    "an end before its begin": (GOOD.replace('@valid_to("")', '@valid_to("2026-08-14")'), "ends before"),
    "a ground that is not in the table": (GOOD.replace("Cbw 53", "Cbw 999"), "Cbw 999"),
    "a ground not yet in force": (GOOD.replace("2026-08-15", "2026-08-14"), "Cbw 53"),
    "a ground that ended": (GOOD.replace("Cbw 53", "Wbni 20(2)").replace("2026-08-15", "2020-01-01"), "Wbni 20(2)"),
    "a label that does not exist": (GOOD.replace('Tlp::"GREEN"', 'Tlp::"PINK"'), "PINK"),
    "a fact that does not exist": (GOOD.replace("notice.tlp", "notice.colour"), "colour"),
    "a fact of another route": (GOOD.replace('context.notice.tlp == Tlp::"GREEN"', "context.eu_member"), "eu_member"),
    "a route that does not exist": (GOOD.replace('"direct"', '"pigeon"'), "pigeon"),
    "no question": (GOOD.replace("resource is Disclosure", "resource"), "resource is"),
    "one kind only": (GOOD.replace("resource is Disclosure", 'resource == Disclosure::"victim"'), "resource is"),
    "an obligation that permits": (GOOD.replace('@status("seen")', '@status("seen") @obligation("x")'), "resource is"),
    "an obligation that forbids": (
        GOOD.replace('@status("seen")', '@status("seen") @obligation("x")')
        .replace("permit", "forbid")
        .replace("is Disclosure", "is Obligation"),
        "permit",
    ),
    "the same id twice": (GOOD + GOOD, "more than once"),
    "no policy language at all": ("permit everything", "test.cedar"),
    "a slot": (GOOD.replace("principal,", "principal == ?principal,"), "slot"),
}  # fmt: skip


def test_the_example_of_this_test_is_in_order() -> None:
    assert [policy.id for policy in PolicySet.from_texts({"test.cedar": GOOD}).policies] == ["one"]


@pytest.mark.parametrize(("text", "named"), BAD.values(), ids=BAD.keys())
def test_a_policy_set_with_a_fault_is_refused_and_the_fault_is_named(text: str, named: str) -> None:
    with pytest.raises(InvalidPolicies, match=re.escape(named)):
        PolicySet.from_texts({"test.cedar": text})


def test_a_folder_without_schema_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidPolicies, match=r"schema\.cedarschema"):
        PolicySet.load(tmp_path)


def test_a_schema_that_is_not_one_is_refused() -> None:
    with pytest.raises(InvalidPolicies):
        PolicySet.from_texts({"test.cedar": GOOD}, schema="entity {")


def test_a_copy_of_the_folder_is_the_same_set(tmp_path: Path, policies: PolicySet) -> None:
    for part in ("policies", "tables"):
        shutil.copytree(HOUSE / part, tmp_path / part)
    shutil.copy(HOUSE / "schema.cedarschema", tmp_path)
    assert PolicySet.load(tmp_path).hash == policies.hash


def test_layout_and_comments_do_not_change_the_hash_but_words_do() -> None:
    one = PolicySet.from_texts({"a.cedar": GOOD})
    respaced = "// why\n" + GOOD.replace(" @", "\n\n  @").replace(" == ", "==")
    assert PolicySet.from_texts({"b.cedar": respaced}).hash == one.hash
    assert PolicySet.from_texts({"a.cedar": GOOD.replace('"so"', '"thus"')}).hash != one.hash
    assert PolicySet.from_texts({"a.cedar": GOOD.replace("GREEN", "AMBER")}).hash != one.hash


def test_the_hash_is_one_sha256_and_stays_the_same_between_loads(policies: PolicySet) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", policies.hash)
    assert PolicySet.load().hash == policies.hash


def test_an_override_of_a_policy_that_does_not_exist_is_refused(policies: PolicySet) -> None:
    with pytest.raises(InvalidPolicies, match="no-such"):
        policies.with_overrides({"no-such": ""})


def test_an_override_at_loading_is_the_same_as_one_afterwards(policies: PolicySet) -> None:
    assert PolicySet.load(overrides={"wbdwb-2": ""}).hash == policies.with_overrides({"wbdwb-2": ""}).hash


def test_every_policy_speaks_both_languages_and_about_known_routes(policies: PolicySet) -> None:
    for policy in policies.policies:
        assert policy.sentence_nl != policy.sentence_en
        assert policy.routes <= set(ROUTES)
        assert not policy.sentence_nl.endswith(".")
        assert ";" not in policy.sentence_nl + policy.sentence_en


def test_a_decision_names_the_set_it_was_taken_with(cases: list[Case], policies: PolicySet) -> None:
    assert decide(cases[0].facts, policies).policy_set_hash == policies.hash
