"""`dijkwacht attribute` as a script sees it."""

import csv
import gzip
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from reports import NAME, report, row, text

from dijkwacht.data import distributed
from dijkwacht.data.cli import attribute_command

HEADER = ["file", "line", "organisation", "kind", "value", "how"]
REGISTRY = '''organisation,kind,value
bakery,domain,Bakkerij.example.nl
hospital,prefix,192.0.2.0/24
"clinic, ""west""",prefix,192.0.2.0/24
carrier,asn,AS64500
'''


def run(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dijkwacht", "attribute", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "registry.csv").write_text(REGISTRY)
    rows = [
        row("203.0.113.1"),
        row("192.0.2.9", hostname="www.bakkerij.example.nl"),
        row("nonsense"),
        row("203.0.113.9", asn="64500"),
    ]
    report(tmp_path, rows)
    return tmp_path


def result(path: Path) -> list[list[str]]:
    with path.open(newline="") as file:
        return list(csv.reader(file))


EXPECTED = [
    [NAME, "2", "bakery", "domain", "Bakkerij.example.nl", "domain"],
    [NAME, "2", 'clinic, "west"', "prefix", "192.0.2.0/24", "prefix"],
    [NAME, "2", "hospital", "prefix", "192.0.2.0/24", "prefix"],
    [NAME, "4", "carrier", "asn", "AS64500", "asn"],
]


def test_a_report_becomes_a_sorted_result_and_a_table(folder: Path):
    done = run(NAME, "--registry", "registry.csv", "--out", "result.csv", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert result(folder / "result.csv") == [HEADER, *EXPECTED]
    table = {line.rsplit(maxsplit=1)[0].strip(): line.split()[-1] for line in done.stdout.splitlines()[:5]}
    assert table == {"rows read": "4", "set aside": "1", "attributed": "2", "unattributed": "1", "pairs": "4"}
    assert "seconds of CPU" in done.stdout
    assert "peak memory" in done.stdout
    assert f"{NAME}, data row 3, ip: not a valid IP address" in done.stderr


def test_json_says_the_same(folder: Path):
    done = run(NAME, "--registry", "registry.csv", "--out", "result.csv", "--json", cwd=folder)
    said = json.loads(done.stdout)
    names = ("read", "set_aside", "attributed", "unattributed", "pairs", "findings")
    assert [said[name] for name in names] == [4, 1, 2, 1, 4, 4]
    assert said["files"][0]["feeds"] == ["shadowserver"]
    assert said["cpu_seconds"] > 0
    assert said["peak_bytes"] > 10 << 20


def test_several_files_packed_or_not_are_sorted_by_file(folder: Path):
    plain = folder / NAME
    (folder / "b").mkdir()
    packed = folder / "b" / f"{NAME}.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    with zipfile.ZipFile(folder / "a.zip", "w") as archive:
        archive.write(plain, NAME)
    files = (packed.relative_to(folder), NAME, "a.zip")
    done = run(*files, "--registry", "registry.csv", "--out", "result.csv", cwd=folder)
    assert done.returncode == 0, done.stderr
    names = (NAME, f"a.zip/{NAME}", f"b/{NAME}.gz")
    assert result(folder / "result.csv")[1:] == [[name, *line[1:]] for name in names for line in EXPECTED]


def test_bad_registry_rows_are_named_with_their_lines(folder: Path):
    (folder / "registry.csv").write_text(REGISTRY + "shop,domain,co.uk\nshop,prefix\n\nshop,prefix,1.2.3.4/8\n")
    done = run(NAME, "--registry", "registry.csv", "--out", "result.csv", cwd=folder)
    assert done.returncode == 0
    assert "registry line 6: 'co.uk' is a public suffix" in done.stderr
    assert "registry line 7: 2 columns instead of 3" in done.stderr
    assert "registry line 9: '1.2.3.4/8' has bits set beyond its length" in done.stderr
    assert result(folder / "result.csv")[1:] == EXPECTED


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["missing.csv"], 2, "missing.csv"),
        ([NAME, NAME], 2, "given twice"),
        ([NAME, "--feed", "unheard-of"], 2, "unheard-of"),
        ([], 2, "Missing argument"),
        ([NAME, "--out", "nowhere/result.csv"], 2, "no folder"),
        (["registry.csv"], 1, "registry.csv"),
        (["empty.csv", "--feed", "shadowserver"], 1, "empty.csv"),
        ([NAME, "--registry", NAME], 1, "must begin with the header organisation,kind,value"),
        ([NAME, "--registry", "empty.csv"], 1, "it has nothing"),
        ([NAME, "--registry", "latin.csv"], 1, "not UTF-8"),
        ([NAME, "--scheduler", "tcp://127.0.0.1:1"], 1, "no scheduler answers"),
    ],
)
def test_wrong_use_and_failure_are_said_without_a_trace(
    folder: Path, arguments: list[str], code: int, message: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(distributed, "CONNECT_SECONDS", 1)
    (folder / "empty.csv").write_bytes(b"")
    (folder / "latin.csv").write_bytes("organisation,kind,value\nmüller,asn,1\n".encode("latin-1"))
    done = CliRunner().invoke(attribute_command, ["--registry", "registry.csv", "--out", "result.csv", *arguments])
    assert done.exit_code == code, done.output
    assert isinstance(done.exception, SystemExit)
    assert message in done.stderr
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_a_result_that_was_there_stays_when_the_run_fails(folder: Path):
    (folder / "result.csv").write_text("earlier")
    run(NAME, "--registry", NAME, "--out", "result.csv", cwd=folder)
    assert (folder / "result.csv").read_text() == "earlier"


def test_a_report_without_rows_gives_a_result_without_pairs(folder: Path):
    (folder / NAME).write_text(text([]))
    done = run(NAME, "--registry", "registry.csv", "--out", "result.csv", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert result(folder / "result.csv") == [HEADER]


def test_a_plain_list_is_recognised_by_what_is_in_it(folder: Path):
    (folder / "addresses.txt").write_text("192.0.2.7\n203.0.113.1\n::ffff:192.0.2.8\n")
    (folder / "names.txt").write_text("www.bakkerij.example.nl\nexample.org\n")
    done = run("names.txt", "addresses.txt", "--registry", "registry.csv", "--out", "result.csv", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert [(file, line, organisation) for file, line, organisation, *_ in result(folder / "result.csv")[1:]] == [
        ("addresses.txt", "1", 'clinic, "west"'),
        ("addresses.txt", "1", "hospital"),
        ("addresses.txt", "3", 'clinic, "west"'),
        ("addresses.txt", "3", "hospital"),
        ("names.txt", "1", "bakery"),
    ]
