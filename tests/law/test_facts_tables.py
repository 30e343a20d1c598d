"""Facts of the wrong kind and tables that are not in order are refused; tables are asked as of a date."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dijkwacht.law import Facts, InvalidFacts, InvalidTable, PolicySet, Tables
from dijkwacht.law.policies import HOUSE
from dijkwacht.law.tables import COLUMNS

from .conftest import CASES, Case

RECORD = CASES[0].facts.to_record()
TODAY = date(2026, 11, 22)


def test_facts_read_back_from_their_record(case: Case) -> None:
    assert Facts.from_record(case.facts.to_record()) == case.facts


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tlp", "PINK"), ("tlp", None), ("receiver_class", "friend"), ("personal_data", "yes"), ("personal_data", 1),
        ("on", "yesterday"), ("on", 20261122), ("country", "nl"), ("country", "NLD"), ("country", "N\n"),
        ("country", 5), ("colour", "blue"), ("relay", "active"), ("relay", []), ("relay", {"status": "active"}),
        ("relay", {"status": "gone", "covers": True, "confidentiality": True}),
    ],
)  # fmt: skip
def test_facts_of_the_wrong_kind_are_refused(field: str, value: object) -> None:
    with pytest.raises(InvalidFacts) as refused:
        Facts.from_record({**RECORD, field: value})
    assert refused.value.status == 422
    assert refused.value.text("nl")


def test_facts_that_are_missing_are_refused() -> None:
    with pytest.raises(InvalidFacts, match="tlp is missing"):
        Facts.from_record({key: value for key, value in RECORD.items() if key != "tlp"})


def test_a_moment_is_not_a_date() -> None:
    with pytest.raises(InvalidFacts, match="on is"):
        Facts(**{**_values(), "on": datetime(2026, 11, 22, tzinfo=UTC)})


def test_text_that_looks_like_a_label_is_not_a_label() -> None:
    with pytest.raises(InvalidFacts, match="tlp is 'RED'"):
        Facts(**{**_values(), "tlp": "RED"})


def _values() -> dict[str, object]:
    facts = CASES[0].facts
    return {name: getattr(facts, name) for name in Facts.__dataclass_fields__}


def test_the_authority_of_a_sector_is_found_as_of_a_date(policies: PolicySet) -> None:
    health = policies.tables["authorities"].row("1.5", TODAY)
    assert health is not None
    assert (health["authority"], health["supervisor"], health["csirt"]) == ("VWS", "IGJ", "Z-CERT")
    assert health.unverified
    assert policies.tables["authorities"].row("1.5", date(2026, 8, 14)) is None


def test_a_row_is_silent_where_the_table_is(policies: PolicySet) -> None:
    banking = policies.tables["authorities"].row("1.3", TODAY)
    assert banking is not None
    assert banking.get("subsector_nl") is None
    assert banking.get("note", "") == "DORA is lex specialis"


def test_a_ground_that_does_not_exist_is_not_found(policies: PolicySet) -> None:
    assert policies.tables.ground("Cbw 53", TODAY)["name_nl"] == "artikel 53 Cbw"
    with pytest.raises(KeyError):
        policies.tables.ground("Cbw 53", date(2026, 8, 14))


def test_every_sector_of_both_annexes_has_an_authority(policies: PolicySet) -> None:
    codes = {row["code"] for row in policies.tables["authorities"].as_of(TODAY)}
    assert {f"1.1{letter}" for letter in "abcde"} | {f"1.2{letter}" for letter in "abcd"} <= codes
    assert {"1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.9", "1.10a", "1.10b", "1.10c", "1.11"} <= codes
    assert {"2.1", "2.2", "2.3", "2.4", "2.6", "2.7", "X.1", "X.2"} | {f"2.5{letter}" for letter in "abcdef"} <= codes


def test_the_retention_terms_are_those_of_the_decree(policies: PolicySet) -> None:
    months = {row["code"]: row["months"] for row in policies.tables["retention"].as_of(TODAY)}
    assert months["csirt-personal-data"] == 60
    assert months["supervision-file"] == 120
    assert months["csirt-special-categories"] == 12


@pytest.mark.parametrize(
    ("country", "on", "member"),
    [("NL", TODAY, True), ("GB", TODAY, False), ("GB", date(2020, 1, 31), True), ("GB", date(2020, 2, 1), False),
     ("HR", date(2013, 6, 30), False), ("HR", date(2013, 7, 1), True), ("NO", TODAY, False)],
)  # fmt: skip
def test_membership_of_the_union_has_dates(policies: PolicySet, country: str, on: date, member: bool) -> None:
    assert policies.tables.eu_member(country, on) is member


def test_the_union_has_twenty_seven_members(policies: PolicySet) -> None:
    assert len(policies.tables["eu-members"].as_of(TODAY)) == 27


def test_every_policy_cites_a_ground_of_the_table_with_both_names(policies: PolicySet) -> None:
    for policy in policies.policies:
        ground = policies.tables["grounds"].row(policy.law, policy.valid_from)
        assert ground is not None
        assert ground["name_nl"]
        assert ground["name_en"]
        assert policy.status == ground.mark


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('mark = "known"', 'mark = "sure"', "mark"),
        ("valid_from = 1995-01-01", 'valid_from = "1995"', "date"),
        ("valid_from = 1995-01-01", "valid_from = 1995-01-01\nvalid_to = 1994-12-31", "ends before"),
        ('code = "AT"', 'code = "BE"', "two rows"),
        ('code = "AT"', 'code = "AT"\nname = "x"', "name"),
        ('code = "AT"', "", "code"),
        ("[defaults]", "[other]", "nothing else"),
        ("[defaults]", "[defaults", "eu-members"),
    ],
)
def test_a_table_with_a_fault_is_refused_and_the_fault_is_named(tmp_path: Path, old: str, new: str, named: str) -> None:
    shutil.copytree(HOUSE / "tables", tmp_path / "tables")
    file = tmp_path / "tables" / "eu-members.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidTable, match=named):
        Tables.load(tmp_path / "tables")


def test_a_table_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidTable, match=next(iter(COLUMNS))):
        Tables.load(tmp_path)
