"""The commands, as a script uses them."""

import csv
import json
import subprocess
import sys

import pytest


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "dijkwacht", "registry", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def rows_of(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("made")
    made = run("generate-registers", place, "--scale", "0.002", "--seed", "3", "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["records"] == {"businesses": 200, "national": 120, "providers": 10}
    return place


def files(folder):
    return [folder / name for name in ("businesses.csv", "national.csv", "providers.xlsx")]


def test_registers_are_linked_without_a_database_and_measured(folder):
    out, review = folder / "clusters.csv", folder / "review.csv"
    told = run(
        "link", *files(folder), "--mapping", folder / "mapping.toml", "--out", out, "--review", review,
        "--truth", folder / "truth.csv", "--json",
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    report = json.loads(told.stdout)
    assert report["precision"] >= 0.99
    assert report["recall"] >= 0.9
    rows = rows_of(out)
    assert list(rows[0]) == ["source", "row", "cluster", "probability"]
    assert len(rows) == 330
    assert all(0 <= float(row["probability"]) <= 1 for row in rows)
    assert len(rows_of(review)) == report["review"]
    words = run(
        "link", *files(folder), "--mapping", folder / "mapping.toml", "--out", out, "--truth", folder / "truth.csv"
    )
    assert "precision 1.000000" in words.stdout
    assert "recall 0.9" in words.stdout


def test_the_same_seed_makes_the_same_registers(folder, tmp_path):
    run("generate-registers", tmp_path, "--scale", "0.002", "--seed", "3")
    for name in ("businesses.csv", "national.csv", "truth.csv", "mapping.toml"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_wrong_use_and_failure_have_codes_of_their_own(folder, tmp_path):
    mapping, out = folder / "mapping.toml", tmp_path / "out.csv"
    some = folder / "national.csv"
    assert run("link", "--help").returncode == 0
    assert run("link", some, "--out", out).returncode == 2
    assert run("link", some, some, "--mapping", mapping, "--out", out).returncode == 2
    assert run("link", some, "--mapping", mapping, "--out", some).returncode == 2
    assert run("link", some, "--mapping", mapping, "--out", tmp_path / "none" / "out.csv").returncode == 2
    broken = tmp_path / "broken.toml"
    broken.write_text("[columns]\nname = 'NAAM'\n")
    failed = run("link", some, "--mapping", broken, "--out", out, "--json")
    assert failed.returncode == 1
    assert "lacks column NAAM" in json.loads(failed.stdout)["title"]
    truth = tmp_path / "truth.csv"
    truth.write_text("source,row,entity\nelders,1,x\n")
    failed = run("link", some, "--mapping", mapping, "--out", out, "--truth", truth)
    assert failed.returncode == 1
    assert "line 2: there is no source 'elders'" in failed.stderr
    assert not out.exists()
