"""`dijkwacht deadlines` and `dijkwacht significant` as a script relies on them."""

import json
import subprocess
import sys

import jsonschema_rs
import pytest
from click.testing import CliRunner
from tests.law.incidents.golden_incidents import GOLDEN

from dijkwacht.__main__ import main
from dijkwacht.law.incidents.regimes import HOUSE

AWARE = {"awareness": "2026-11-24T10:00:00+01:00"}


def invoke(*arguments, given=None):
    text = given if given is None or isinstance(given, str | bytes) else json.dumps(given)
    return CliRunner().invoke(main, [str(one) for one in arguments], input=text, catch_exceptions=False)


def deadlines(regime, facts):
    done = invoke("deadlines", "--regime", regime, "-", "--json", given=facts)
    assert done.exit_code == 0, done.output
    return {one["stage"]: one for one in json.loads(done.stdout)}


def test_the_answer_is_a_list_of_stage_due_and_article(tmp_path):
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({**AWARE, "notification": "2026-11-27T09:30:00+01:00"}))
    done = invoke("deadlines", "--regime", "cbw", file, "--json")
    assert json.loads(done.stdout) == [
        {"stage": "early-warning", "due": "2026-11-25T10:00:00+01:00", "article": "Cbw 26(1)"},
        {"stage": "notification", "due": "2026-11-27T10:00:00+01:00", "article": "Cbw 27(1)"},
        {"stage": "final", "due": "2026-12-28T23:59:59+01:00", "article": "Cbw 29(1)"},
        {"stage": "progress", "due": "2026-12-28T23:59:59+01:00", "article": "Cbw 29(2)"},
    ]
    assert done.stderr == ""


@pytest.mark.parametrize(
    "written",
    ["2026-11-24T09:00:00Z", "2026-11-24t09:00:00z", "2026-11-24T10:00:00.000+01:00", "2026-11-24T04:00:00-05:00"],
)
def test_a_moment_may_be_written_in_any_offset(written):
    assert deadlines("cbw", {"awareness": written})["early-warning"]["due"].startswith("2026-11-25T10:00:00")


def test_nothing_known_gives_an_empty_list():
    assert deadlines("cbw", {}) == {}
    assert deadlines("cbw", {"awareness": None}) == {}
    assert "no start is known" in invoke("deadlines", "--regime", "cbw", "-", given={}).stdout


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"awareness": "2026-11-24T10:00:00"}, "awareness: the offset from UTC is missing"),
        ({"awareness": "2026-11-24"}, "awareness: not a moment of RFC 3339"),
        ({"awareness": "24-11-2026 10:00"}, "awareness: not a moment of RFC 3339"),
        ({"awareness": "2026-11-24 10:00:00+01:00"}, "awareness: not a moment of RFC 3339"),
        ({"awareness": "2026-11-31T10:00:00+01:00"}, "awareness: there is no such moment"),
        ({"awareness": "2026-11-24T24:00:00+01:00"}, "awareness: there is no such moment"),
        ({"awareness": "2026-11-24T10:00:60+01:00"}, "awareness: there is no such moment"),
        ({"awareness": "2026-11-24T10:00:00+25:00"}, "awareness"),
        ({"awareness": "2026-11-24T10:00:00+15:00"}, "14 hours"),
        ({"awareness": "1999-12-31T10:00:00+01:00"}, "between 2000 and 2199"),
        ({"awareness": "٢٠٢٦-11-24T10:00:00+01:00"}, "awareness: not a moment of RFC 3339"),
        ({"awareness": 1764000000}, "awareness: a moment is a text"),
        ({"awareness": ["2026-11-24T10:00:00+01:00"]}, "awareness: a moment is a text"),
        ({"awarenes": "2026-11-24T10:00:00+01:00"}, "Did you mean awareness"),
        ({"trust_service": "yes"}, "trust_service"),
        ([AWARE], "one JSON object"),
        ("null", "one JSON object"),
        ("{", "line 1, column 2"),
        ('{"awareness": 1, "awareness": 2}', "stands twice"),
        ('{"users_eu": NaN}', "NaN is not JSON"),
        ('{"users_eu": 1e999}', "users_eu"),
        (b'{"awareness": "\xff"}', "not UTF-8"),
        ('{"\\ud800": 1}', "facts cannot be used"),
        ("[" * 100_000, "not usable JSON"),
    ],
)
def test_facts_that_cannot_be_used_are_told_with_their_place_and_end_in_2(facts, named):
    done = invoke("deadlines", "--regime", "cbw", "-", "--json", given=facts)
    assert done.exit_code == 2
    assert named in done.stderr
    assert "schema" in done.stderr
    told = json.loads(done.stdout)  # a script that reads the answer reads what is wrong with it too
    assert told["type"] == "wrong-use"
    assert named in told["title"]
    assert invoke("deadlines", "--regime", "cbw", "-", given=facts).stdout == ""


def test_every_fault_is_told_at_once():
    done = invoke("deadlines", "--regime", "cbw", "-", given={"awareness": "x", "handled": "y"})
    assert "awareness:" in done.stderr
    assert "handled:" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["deadlines", "-"], "--regime avg|cbw|cra|dora|netcode|wwke"),
        (["deadlines", "--regime", "nis2", "-"], "There is no regime nis2"),
        (["deadlines", "--regime", "cbw"], "give a file"),
        (["deadlines", "--regime", "cbw", "/nowhere/facts.json"], "does not exist"),
        (["significant"], "give a file"),
        (["significant", "/nowhere/facts.json"], "does not exist"),
        (["deadlines", "--regime", "cbw", "."], "is a directory"),
    ],
)
def test_wrong_use_ends_in_2(arguments, named):
    done = invoke(*arguments, given=AWARE)
    assert done.exit_code == 2
    assert named in done.stderr
    told = invoke(*arguments, "--json", given=AWARE)
    assert (told.exit_code, json.loads(told.stdout)["type"]) == (2, "wrong-use")


def test_moments_in_an_odd_order_are_answered_and_pointed_out():
    facts = {**AWARE, "detection": "2026-11-25T10:00:00+01:00"}
    done = invoke("deadlines", "--regime", "cbw", "-", "--json", given=facts)
    assert (done.exit_code, len(json.loads(done.stdout))) == (0, 2)
    assert "detection lies after awareness" in done.stderr


def test_a_day_before_the_law_is_counted_as_if_and_says_so():
    done = invoke("deadlines", "--regime", "cbw", "-", "--json", given={"awareness": "2026-03-28T12:00:00+01:00"})
    assert json.loads(done.stdout)[0]["due"] == "2026-03-29T13:00:00+02:00"
    assert "not in force on 2026-03-28" in done.stderr


def test_a_person_reads_both_readings_of_the_law_and_what_is_not_verified():
    done = invoke("deadlines", "--regime", "avg", "-", given={"awareness": "2026-11-27T17:20:00+01:00"})
    assert "2026-11-30 17:20:00 CET" in done.stdout
    assert "by 1182/71 3(1), 3(5) at the latest 2026-12-01 23:59:59 CET" in done.stdout
    assert "not read in the source" in done.stdout


def test_a_regime_of_an_own_folder_needs_no_code(tmp_path):
    folder = tmp_path / "isle"
    folder.mkdir()
    for file in (HOUSE / "wwke").iterdir():
        text = file.read_text("utf-8").replace("hours = 24", "hours = 12")
        (folder / file.name).write_text(text, "utf-8")
    done = invoke("deadlines", "--regimes", tmp_path, "--regime", "isle", "-", "--json", given=AWARE)
    assert json.loads(done.stdout)[0]["due"] == "2026-11-24T22:00:00+01:00"
    (folder / "regime.toml").write_text("rules = 1", "utf-8")
    done = invoke("deadlines", "--regimes", tmp_path, "--regime", "isle", "-", given=AWARE)
    assert done.exit_code == 1
    assert "isle/regime.toml" in done.stderr


def test_the_published_schema_takes_the_golden_cases_and_refuses_what_the_command_refuses():
    schema = json.loads(invoke("deadlines", "--schema").stdout)
    assert schema == json.loads(invoke("significant", "--schema").stdout)
    check = jsonschema_rs.validator_for(schema, validate_formats=True)
    for golden in GOLDEN:
        check.validate(golden.record.model_dump(mode="json", exclude_unset=True))
    for bad in ({"awareness": "2026-11-24T10:00:00"}, {"awarenes": None}, {"entity_types": "1.9-msp"}, []):
        assert not check.is_valid(bad)


def test_the_published_schema_of_a_regime_takes_ours():
    import tomllib

    schema = json.loads(invoke("deadlines", "--schema", "regime").stdout)
    check = jsonschema_rs.validator_for(schema)
    for file in sorted(HOUSE.glob("*/regime.toml")):
        text = tomllib.loads(file.read_text("utf-8"))
        check.validate(json.loads(json.dumps(text, default=str)))


def test_significant_names_the_criterion_that_fired():
    facts = {"entity_types": ["1.9-msp"], "unavailable_minutes": 31}
    done = invoke("significant", "-", "--json", given=facts)
    verdict = json.loads(done.stdout)
    assert done.exit_code == 0
    assert verdict["significant"] is True
    assert [(one["code"], one["article"]) for one in verdict["fired"]] == [("cir-10-a", "CIR 10(a)")]
    assert verdict["missing"] == []
    told = invoke("significant", "-", "--language", "nl", given=facts).stdout
    assert told.splitlines()[:2] == [
        "significant",
        "  CIR 10(a): De dienst is langer dan 30 minuten volledig onbeschikbaar.",
    ]


def test_significant_says_what_decides_when_it_cannot_be_told():
    done = invoke("significant", "-", "--json", given={"entity_types": ["1.6-supplier"], "others_harmed": False})
    verdict = json.loads(done.stdout)
    assert verdict["significant"] is None
    assert verdict["missing"] == ["financial_loss", "severe_disruption"]
    assert [one["code"] for one in verdict["provisional"]] == ["gap-ienw"]


def test_significant_takes_confidential_criteria_from_a_file(tmp_path):
    own = tmp_path / "own.json"
    own.write_text(
        json.dumps(
            [
                {
                    "code": "own-trains",
                    "all": [{"fact": "own.trains", "above": 12}],
                    "sentence_nl": "Meer dan twaalf treinen.",
                    "sentence_en": "More than twelve trains.",
                }
            ]
        )
    )
    facts = {"entity_types": ["1.2b-undertaking"], "own": {"trains": 13}}
    done = invoke("significant", "-", "--criteria", own, "--json", given=facts)
    assert json.loads(done.stdout)["fired"][0]["confidential"] is True


def test_the_commands_need_no_django():
    code = "import sys, dijkwacht.law.incidents.cli; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
