"""`dijkwacht registry import|export`, as an operator types it, in a process of its own home."""

import json

import pytest
from click.testing import CliRunner

from dijkwacht.rooms.registry.cli import registry

pytestmark = pytest.mark.django_db


def run(*arguments):
    return CliRunner().invoke(registry, [str(argument) for argument in arguments])


def test_a_file_goes_in_and_comes_out(tmp_path):
    source = tmp_path / "a.csv"
    source.write_text("organisation;name\nx;X\n")
    brought = run("import", source, "--json")
    assert brought.exit_code == 0, brought.output
    assert json.loads(brought.stdout)["stored"]["organisation"] == 1
    target = tmp_path / "b.json"
    assert run("export", target).exit_code == 0
    assert json.loads(target.read_text())["organisations"][0]["name"] == "X"
    assert target.stat().st_mode & 0o077 == 0


def test_refused_rows_are_printed_and_the_exit_code_is_1(tmp_path):
    source = tmp_path / "a.csv"
    source.write_text("organisation,name\nx,X\nx,X\n")
    brought = run("import", source)
    assert brought.exit_code == 1
    assert "row 2 organisation organisation 'x': stands twice in this file" in brought.stdout


def test_a_trial_stores_nothing(tmp_path):
    source = tmp_path / "a.csv"
    source.write_text("organisation,name\nx,X\n")
    assert "Would store: 1 organisation" in run("import", source, "--try").stdout
    assert run("export", tmp_path / "b.csv").exit_code == 0
    assert len((tmp_path / "b.csv").read_text().splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["import", "nowhere.csv"], 2), (["import"], 2), (["dance"], 2), (["export", "a.xlsx"], 1)],
)
def test_wrong_use_is_2_and_failure_is_1(arguments, code):
    assert run(*arguments).exit_code == code


def test_an_unreadable_file_is_a_problem_in_json(tmp_path):
    source = tmp_path / "a.csv"
    source.write_bytes(b"organisation,name\nx,\xff\n")
    brought = run("import", source, "--json")
    assert brought.exit_code == 1
    assert json.loads(brought.stdout)["type"] == "unreadable-file"
