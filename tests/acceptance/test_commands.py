"""The commands as scripts rely on them: help, exit codes, JSON."""

import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from dijkwacht.__main__ import COMMANDS, main
from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.cli import QUEUES
from dijkwacht.rooms.registry.models import Organisation

HEADER = "timestamp,severity,ip,protocol,port,hostname,tag,asn,geo,region,city,naics,hostname_source,sector\n"
REPORT = HEADER + '"2026-11-21 03:00:00","high","198.51.100.7","tcp","80","","http","64500","NL","","","","",""\n'
REGISTRY = "organisation,kind,value\nbakery,prefix,198.51.100.0/24\n"


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    monkeypatch.setenv("DIJKWACHT_AS_OWNER", "")  # `migrate` sets it, even for its help


def invoke(*arguments):
    return CliRunner().invoke(main, [str(one) for one in arguments], catch_exceptions=False)


def every_command():
    """Each command with its words, those inside a group too."""
    context = click.Context(main)
    for name in COMMANDS:
        command = main.get_command(context, name)
        yield [name]
        if isinstance(command, click.Group):
            yield from ([name, inner] for inner in command.commands)


def test_every_command_has_help():
    answers = {" ".join(words): invoke(*words, "--help") for words in every_command()}
    assert len(answers) > len(COMMANDS)
    assert {words: found.exit_code for words, found in answers.items() if found.exit_code} == {}
    assert [words for words, found in answers.items() if not found.output.startswith("Usage: ")] == []


def test_every_command_refuses_an_unknown_option_with_exit_code_2():
    codes = {" ".join(words): invoke(*words, "--no-such-option").exit_code for words in every_command()}
    assert {words for words, code in codes.items() if code != 2} == set()


@pytest.mark.parametrize(
    ("arguments", "code"), [("--help", 0), ("--version", 0), ("nonsense", 2), ("up --nonsense", 2)]
)
def test_the_command_itself_ends_as_a_script_expects(arguments, code):
    found = subprocess.run(
        [sys.executable, "-m", "dijkwacht", *arguments.split()], capture_output=True, text=True, check=False
    )
    assert found.returncode == code
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("csaf check missing --json", 1),
        ("csaf check . --json", 1),
        ("csaf check --json", 2),
        ("csaf publish /proc/x/y --json", 1),
        ("advisories affected --json", 2),
        ("advisories match --inventory missing --json", 2),
        ("advisories ingest missing --json", 2),
        ("knowledge check --overlay missing --json", 2),
        ("assess missing --json", 2),
        ("deadlines missing --regime cbw --json", 2),
        ("phishing analyse missing.eml --json", 2),
        ("receipt verify missing --json", 2),
        ("registry export --json --nonsense", 2),
    ],
)
def test_who_asks_for_json_gets_json_when_it_is_refused_too(arguments, code, db):
    found = CliRunner().invoke(main, arguments.split(), catch_exceptions=False)
    assert found.exit_code == code
    assert json.loads(found.stdout)["title"] in " ".join(found.stderr.split())


def test_every_queue_has_a_process_under_up():
    from procrastinate.contrib.django import app

    app.perform_import_paths()
    assert {task.queue for task in app.tasks.values()} - {"builtin"} == set(QUEUES)


@pytest.fixture
def organisation(db):
    with tenancy.acting(system("test")):
        return Organisation.objects.create(name="Bakery", classification="important")


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "2026-11-21-scan_http-test.csv"
    path.write_text(REPORT)
    return path


def test_ingest_prints_its_batches_as_json(db, report):
    found = invoke("ingest", report, "--no-wait", "--json")
    (batch,) = json.loads(found.output)
    assert (found.exit_code, batch["filename"], batch["state"]) == (0, report.name, "received")


def test_ingest_fails_with_exit_code_2_for_a_feed_that_is_not_known(db, report):
    assert invoke("ingest", report, "--feed", "nonsense").exit_code == 2


def test_ingest_fails_with_exit_code_2_for_a_file_that_is_not_there(tmp_path):
    assert invoke("ingest", tmp_path / "nothing.csv").exit_code == 2


def test_attribute_writes_its_result_and_prints_json(tmp_path, report):
    registry, out = tmp_path / "registry.csv", tmp_path / "result.csv"
    registry.write_text(REGISTRY)
    found = invoke("attribute", report, "--registry", registry, "--out", out, "--json")
    assert found.exit_code == 0
    assert json.loads(found.stdout)
    assert out.read_text().splitlines() == [
        "file,line,organisation,kind,value,how",
        f"{report},1,bakery,prefix,198.51.100.0/24,prefix",
    ]


def test_attribute_fails_with_exit_code_1_for_a_registry_it_cannot_read(tmp_path, report):
    registry = tmp_path / "registry.csv"
    registry.write_text("nonsense\n1\n")
    found = invoke("attribute", report, "--registry", registry, "--out", tmp_path / "out.csv")
    assert found.exit_code == 1


def test_law_explain_prints_its_decision_as_json(organisation):
    arguments = ("--organisation", organisation.id, "--feed", "shadowserver", "--kind", "scan-http")
    found = invoke("law", "explain", *arguments, "--json")
    assert found.exit_code == 0
    assert json.loads(found.stdout)


def test_law_explain_fails_with_exit_code_1_for_an_organisation_that_is_not_there(db):
    nobody = "00000000-0000-4000-8000-000000000000"
    found = invoke("law", "explain", "--organisation", nobody, "--feed", "shadowserver", "--kind", "scan-http")
    assert found.exit_code == 1


def test_audit_verify_prints_json(db):
    found = invoke("audit", "verify", "--json")
    assert found.exit_code in {0, 1}  # 1: this installation has no checkpoint yet
    assert json.loads(found.stdout)


def test_registry_goes_out_and_comes_in_with_json(organisation, tmp_path):
    path = tmp_path / "registry.json"
    out = invoke("registry", "export", path, "--json")
    assert (out.exit_code, bool(json.loads(out.stdout))) == (0, True)
    back = invoke("registry", "import", path, "--json")
    assert (back.exit_code, bool(json.loads(back.stdout))) == (0, True)


def test_registry_import_fails_with_exit_code_1_when_a_row_is_refused(db, tmp_path):
    path = tmp_path / "registry.csv"
    path.write_text("nonsense\n1\n")
    assert invoke("registry", "import", path, "--json").exit_code == 1
