"""Every kind of source has an invented sample, and what it gives stands beside it."""

import json
from pathlib import Path

import msgspec
import pytest
from tests.advisories.said import cve

import dijkwacht
from dijkwacht.feeds.advisories.catalogue import SourceTableError, catalogue
from dijkwacht.feeds.advisories.cve.parse import parse
from dijkwacht.feeds.advisories.model import KINDS
from dijkwacht.feeds.advisories.recognise import kind_of
from dijkwacht.rooms.advisories.sourcing.reading import File, read, source_of

FOLDER = Path(dijkwacht.__file__).parent / "feeds" / "advisories"
SAMPLES = sorted(path for path in FOLDER.glob("*/samples/*") if not path.name.endswith(".expected.json"))
SOURCES = dict(catalogue())


def result(path: Path):
    """What a sample gives, as plain values; bytes and nothing left out."""
    file = File(path.name, path.read_bytes())
    parsed = read(file, source_of(file, SOURCES))
    for one in parsed.items:
        one.raw = b""
    return _short(json.loads(msgspec.json.encode(parsed)))


def _short(value):
    if isinstance(value, dict):
        return {key: _short(one) for key, one in value.items() if one not in ("", None, [], False)}
    return [_short(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_gives_what_stands_beside_it(path):
    assert result(path) == json.loads(path.with_name(path.name + ".expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_is_recognised_by_what_stands_in_it(path):
    assert kind_of(path.read_bytes()) == path.parent.parent.name


def test_every_kind_has_a_sample_and_a_source():
    assert {path.parent.parent.name for path in SAMPLES} == set(KINDS) == {one.kind for one in SOURCES.values()}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('slug = "other"', "missing required field"),
        ("slug = ", "Invalid value"),
    ],
    ids=["missing", "no-toml"],
)
def test_a_source_file_that_is_wrong_is_said_with_its_name(tmp_path, text, said):
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(SourceTableError, match=r"source mine\.toml") as raised:
        catalogue(tmp_path)
    assert said in str(raised.value)


def test_the_platforms_of_a_cve_record_are_no_model_numbers():
    record = cve("CVE-2026-1000")
    record["containers"]["cna"]["affected"][0]["platforms"] = ["x64-based Systems"]
    made = parse(json.dumps(record).encode(), "CVE-2026-1000.json")
    assert [one.models for one in made.items[0].statements] == [()]
