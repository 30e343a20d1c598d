"""`dijkwacht attribute` in the hands of somebody clumsy or hostile: it says what, where and what to do."""

import gzip
import os
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from reports import NAME, report, row, text

from dijkwacht.data.cli import attribute_command
from dijkwacht.data.jsontables import json_tables
from dijkwacht.feeds.parsing import Parser

REGISTRY = "organisation,kind,value\nhospital,prefix,192.0.2.0/24\n"
FOUND = "hospital,prefix,192.0.2.0/24,prefix"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "registry.csv").write_text(REGISTRY)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def attribute(*files: object, out: str = "result.csv", registry: str = "registry.csv") -> Result:
    done = CliRunner().invoke(attribute_command, [*map(str, files), "--registry", registry, "--out", out])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


@pytest.mark.parametrize("time", ["0000-01-01 00:00:00", "-001-01-01 00:00:00", "9999-12-31 23:59:59", "1989-12-31"])
def test_a_time_that_no_calendar_can_hold_sets_its_row_aside(folder, time):
    report(folder, [row("192.0.2.1", timestamp=time), row("192.0.2.2")])
    done = attribute(NAME)
    assert f"{NAME}, data row 1, timestamp: not a valid time from 1990 to 2100 “{time}”" in done.stderr
    assert (folder / "result.csv").read_text().splitlines()[1:] == [f"{NAME},2,{FOUND}"]


def test_a_protocol_longer_than_any_name_sets_its_row_aside(folder):
    report(folder, [row("192.0.2.1", protocol="t" * 21), row("192.0.2.2", protocol="t" * 20)])
    assert f"data row 1, protocol: not the name of a protocol “{'t' * 21}”" in attribute(NAME).stderr


def test_what_was_read_of_a_file_before_it_was_refused_is_in_no_result(folder):
    whole = text([row("192.0.2.1")]).encode()
    with zipfile.ZipFile("several.zip", "w") as archive:
        archive.writestr(NAME, whole)
        archive.writestr("2026-11-21-scan_nothing-nl.csv", whole)
    report(folder, [row("192.0.2.3")])
    done = attribute("several.zip", NAME)
    assert done.exit_code == 1
    assert "several.zip: Shadowserver" in done.stderr
    assert (folder / "result.csv").read_text().splitlines()[1:] == [f"{NAME},1,{FOUND}"]


def test_what_macos_adds_to_an_archive_is_no_report(folder):
    with zipfile.ZipFile("report.zip", "w") as archive:
        archive.writestr(NAME, text([row("192.0.2.1")]))
        archive.writestr(f"__MACOSX/._{NAME}", b"\0\5\26\7")
        archive.writestr("folder/.DS_Store", b"\0\0\0\1")
    assert attribute("report.zip").exit_code == 0
    assert (folder / "result.csv").read_text().splitlines()[1:] == [f"report.zip/{NAME},1,{FOUND}"]


def test_a_file_whose_name_is_not_utf8_is_read(folder):
    name = os.fsdecode(b"\xff-" + NAME.encode())
    report(folder, [row("192.0.2.1")]).rename(name)
    assert attribute(os.fsencode(name).decode(errors="surrogateescape")).exit_code == 0
    assert (folder / "result.csv").read_text().splitlines()[1:] == [f"\ufffd-{NAME},1,{FOUND}"]


@pytest.mark.parametrize("out", [NAME, "registry.csv", f"./{NAME}"])
def test_the_result_never_replaces_what_it_is_made_from(folder, out):
    report(folder, [row("192.0.2.1")])
    before = Path(out).read_bytes()
    done = attribute(NAME, out=out)
    assert (done.exit_code, Path(out).read_bytes()) == (2, before)
    assert "is read as well: the result would replace it" in done.stderr


def test_a_result_that_cannot_be_written_is_said_in_a_sentence(folder):
    report(folder, [row("192.0.2.1")])
    done = attribute(NAME, out="/proc/result.csv")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: /proc/result.csv cannot be written: ")


def test_an_asset_given_twice_is_told_by_its_value(folder):
    (folder / "registry.csv").write_text(REGISTRY + "carrier,asn,AS64500\ncarrier,asn,64500\n")
    report(folder, [row("192.0.2.1")])
    assert "registry line 4: '64500' stands above already, as 'AS64500'" in attribute(NAME).stderr


def test_a_damaged_archive_says_to_fetch_it_again(folder):
    Path(f"{NAME}.gz").write_bytes(gzip.compress(text([row("192.0.2.1")]).encode())[:-9])
    assert "is damaged and cannot be unpacked; fetch it again" in attribute(f"{NAME}.gz").stderr


def test_a_nul_inside_a_list_of_json_reaches_no_database(tmp_path):
    (tmp_path / "one.jsonl").write_text('{"name": ["a\\u0000b", "c"]}\n')
    with (tmp_path / "one.jsonl").open("rb") as file:
        (table,) = [table for table in json_tables(file, ["name"], "", Parser()) if table.frame.height]
    assert table.frame["name"].to_list() == ["a\ufffdb,c"]
