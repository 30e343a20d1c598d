"""`dijkwacht assess` as a script relies on it."""

import json
import subprocess
import sys

import jsonschema_rs
import pytest
from click.testing import CliRunner
from tests.assessment.golden import CASES

from dijkwacht.__main__ import main
from dijkwacht.law.applicability import Facts, FactsNotUsable
from dijkwacht.law.applicability.facts import Model
from dijkwacht.law.applicability.rulebook import HOUSE

MSP = {
    "name": "Netbeheer Plus",
    "entity_types": ["1.9-msp"],
    "staff": 60,
    "turnover": 12_000_000,
    "balance": 11_000_000,
}
BAKERY = {"name": "De Korst", "staff": 3, "turnover": 400_000, "balance": 100_000}


def invoke(*arguments, given=None):
    return CliRunner().invoke(main, ["assess", *map(str, arguments)], input=given, catch_exceptions=False)


def schema(kind):
    return json.loads(invoke("--schema", kind).output)


def as_json(facts: Model) -> dict:
    return facts.model_dump(mode="json", exclude_unset=True)


def test_one_organisation_in_gives_one_answer_out(tmp_path):
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({**MSP, "as_of": "2026-11-25"}))
    done = invoke(file, "--json")
    answer = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (answer["name"], answer["class"]) == ("Netbeheer Plus", "important")
    assert (answer["authority"], answer["supervisor"], answer["csirt"]) == (["EZ"], ["RDI"], ["NCSC"])
    assert [(rule["code"], rule["article"]) for rule in answer["rules"]] == [
        ("J1", "Cbw 4(3), 4(5)"),
        ("12", "Cbw 12(1)(a)"),
    ]
    assert "Cbw 21" in {duty["article"] for duty in answer["duties"]}


def test_several_organisations_in_one_file_give_a_list_in_the_same_order():
    done = invoke("-", "--json", given=json.dumps([MSP, BAKERY]))
    assert [(one["name"], one["class"]) for one in json.loads(done.stdout)] == [
        ("Netbeheer Plus", "important"),
        ("De Korst", "outside"),
    ]


def test_the_answer_in_words_is_there_in_both_languages():
    assert "belangrijke entiteit" in invoke("-", "--language", "nl", given=json.dumps(MSP)).stdout
    assert "important entity" in invoke("-", given=json.dumps(MSP)).stdout


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("", "line 1, column 1"),
        ('{"staff": 3,}', "line 1, column 1"),
        ('{"staff": NaN}', "NaN is not JSON"),
        ('{"staff": 3, "staff": 4}', "staff stands twice"),
        ("[" * 100_000, "not usable JSON"),
        ("[]", "a list of 0"),
        ('"text"', "(top)"),
        ('{"staff": -1}', "staff: Input should be greater than or equal to 0"),
        ('{"staf": 1}', "staf: There is no such field"),
        ('[{}, {"earlier_years": [{}, {"staff": "x"}]}]', "[1].earlier_years[1].staff"),
        ('{"entity_types": ["1.9-mps"]}', "entity_types[0]: There is no 1.9-mps. Did you mean 1.9-msp"),
        (b"\xff\xfe", "not UTF-8 at byte 0"),
    ],
)
def test_what_cannot_be_used_ends_with_code_2_and_says_where_and_what_to_do(given, told):
    done = invoke("-", given=given)
    assert done.exit_code == 2
    assert told in done.stderr
    assert done.stdout == ""


def test_one_bad_organisation_in_a_list_gives_no_half_answer():
    done = invoke("-", "--json", given=json.dumps([MSP, {"staff": -1}, {"balance": "x"}]))
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "[1].staff" in done.stderr
    assert "[2].balance" in done.stderr


def test_tables_that_are_not_in_order_are_a_failure(tmp_path):
    (tmp_path / "rules.toml").write_text("nonsense")
    done = invoke("-", "--tables", tmp_path, given="{}")
    assert done.exit_code == 1
    assert "entity-types-annex-1" in done.stderr


def test_another_country_can_bring_its_own_tables():
    done = invoke("-", "--tables", HOUSE, "--json", given=json.dumps(MSP))
    assert json.loads(done.stdout)["class"] == "important"


def test_without_a_file_it_says_what_to_give():
    assert invoke().exit_code == 2
    assert invoke("nowhere.json").exit_code == 2


def test_types_are_found_by_plain_words():
    assert invoke("--types", "ziekenhuis").stdout.startswith("1.5-provider")
    assert "Nothing in the law fits" in invoke("--types", "xyzzyx").stdout
    assert len(json.loads(invoke("--types", "--json").stdout)) > 80


def test_it_runs_without_django_and_without_a_database():
    program = (
        "import sys; from dijkwacht.__main__ import main\n"
        "main(['assess', '-', '--json'], standalone_mode=False)\n"
        "assert not {'django', 'ninja', 'psycopg', 'polars'} & sys.modules.keys(), 'too much was loaded'\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(BAKERY), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["class"] == "outside"


def test_both_schemas_are_valid_json_schema():
    for kind in ("facts", "assessment"):
        jsonschema_rs.meta.validate(schema(kind))


def test_the_published_schemas_hold_for_every_golden_case():
    facts, answers = (jsonschema_rs.validator_for(schema(kind)) for kind in ("facts", "assessment"))
    given = [as_json(case.facts) for case in CASES]
    done = invoke("-", "--json", given=json.dumps(given))
    facts.validate(given)
    answers.validate(json.loads(done.stdout))


@pytest.mark.parametrize(
    "given",
    [
        {"staff": "60"}, {"staff": True}, {"staff": -1}, {"employees": 3}, {"entity_types": ["nothing"]}, {"as_of": 5},
        {"established": "NL"}, {"conditions": {"nothing": True}}, {"conditions": {"government-body": "yes"}},
        {"designations": ["nothing"]}, {"related": [{"relation": "aunt"}]}, {"new_enterprise": 1}, "text", 5, None,
        {"entity_types": ["1.9-msp", "1.9-msp"]}, {"earlier_years": [{"staff": []}]}, {"name": "x" * 201},
    ],
)  # fmt: skip
def test_schema_and_command_refuse_the_same(given):
    assert not jsonschema_rs.validator_for(schema("facts")).is_valid(given)
    assert invoke("-", given=json.dumps(given)).exit_code == 2


def test_facts_read_back_from_their_json():
    for case in CASES:
        assert Facts.read(as_json(case.facts)) == case.facts


def test_a_fault_in_the_middle_of_facts_is_told_with_every_other():
    with pytest.raises(FactsNotUsable) as refused:
        Facts.read({"staff": -1, "balance": -2})
    assert [fault.path for fault in refused.value.faults] == ["staff", "balance"]


BAD = [
    {"entity_types": ["1.9-mps", 5], "staff": -1, "employees": 3, "designations": ["critical"], "as_of": "soon"},
    MSP,
    {
        "related": [{"relation": "partner", "staff": "x", "turnovr": 1}],
        "earlier_years": [{"related": [{"relation": "aunt"}], "balance": True}],
        "conditions": {"a/b~c": True, "government-body": "yes"},
    },
]
FAULTS = {
    "/0/entity_types/0": "Did you mean 1.9-msp",
    "/0/entity_types/1": "codes of types of entity",
    "/0/staff": "Annual work units",
    "/0/employees": "Correct the name or leave it out",
    "/0/designations/0": "Did you mean critical-entity",
    "/0/as_of": "written as 2026-11-25",
    "/2/related/0/share": "25 to 50",
    "/2/related/0/staff": "Annual work units of that enterprise",
    "/2/related/0/turnovr": "turnover",
    "/2/earlier_years/0/related/0/relation": "'linked' or 'partner'",
    "/2/earlier_years/0/balance": "Balance sheet total",
    "/2/conditions/a~1b~0c": "dijkwacht assess --schema",
    "/2/conditions/government-body": "valid boolean",
}


def test_every_fault_of_every_organisation_is_told_at_once_with_its_pointer_and_what_to_do():
    done = invoke("-", "--json", given=json.dumps(BAD))
    assert (done.exit_code, done.stdout) == (2, "")
    told = json.loads(done.stderr)
    assert told["valid"] is False
    found = {fault["pointer"]: f"{fault['message']} {fault['do']}" for fault in told["errors"]}
    assert found.keys() == FAULTS.keys()
    assert len(told["errors"]) == len(FAULTS)
    assert all(FAULTS[pointer] in said for pointer, said in found.items())
    assert all(fault["do"] for fault in told["errors"])
    in_words = invoke("-", given=json.dumps(BAD))
    assert (in_words.exit_code, in_words.stdout) == (2, "")
    assert all(fault["path"] in in_words.stderr for fault in told["errors"])


def test_a_program_reads_what_is_no_json_at_all_in_the_same_form():
    for given, message in (('{"staff": 3,}', "line 1, column 1"), ("[]", "a list of 0")):
        done = invoke("-", "--json", given=given)
        (fault,) = json.loads(done.stderr)["errors"]
        assert (done.exit_code, fault["pointer"]) == (2, "")
        assert message in fault["message"]
        assert fault["do"]
