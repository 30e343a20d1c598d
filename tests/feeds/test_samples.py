"""Every feed has a sample, and every sample gives what is written beside it."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from dijkwacht.data.reading import header_of, open_report, read_batches
from dijkwacht.feeds import Recognised, catalogue, recognise
from dijkwacht.feeds.generate import write_report

from .expected import result

FEEDS = Path(str(files("dijkwacht.feeds")))
SAMPLES = sorted(path for path in FEEDS.glob("*/samples/*") if not path.name.endswith(".expected.json"))


def test_every_feed_has_a_sample():
    assert {sample.parent.parent.name.replace("_", "-") for sample in SAMPLES} == set(catalogue())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_a_sample_gives_what_is_written_beside_it(sample):
    expected = json.loads(sample.with_name(sample.name + ".expected.json").read_text(encoding="utf-8"))
    assert result(sample) == expected


@pytest.mark.parametrize("feed", ["list_email", "shadowserver"])
def test_no_account_of_a_sample_is_in_its_result(feed):
    for sample in (path for path in SAMPLES if feed in str(path)):
        text = sample.with_name(sample.name + ".expected.json").read_text(encoding="utf-8")
        assert "jansen" not in text.lower()
        assert "medewerker" not in text


@pytest.mark.parametrize("name", catalogue()["shadowserver"].reports)
def test_a_generated_report_of_every_type_is_read_whole(tmp_path, name):
    path = write_report(tmp_path / f"2026-11-01-{name}-nederland.csv", name, 5)
    (member,) = open_report(path)
    known = recognise(member.name, header_of(member.stream))
    assert isinstance(known, Recognised)
    (batch,) = read_batches(member.stream, known.feed, known.report)
    assert (batch.frame.height, batch.set_aside.height, batch.announcements) == (5, 0, ())
    assert batch.frame.filter(batch.frame["ip"].is_null() & batch.frame["host"].is_null()).is_empty()


def test_equal_arguments_generate_equal_bytes(tmp_path):
    one = write_report(tmp_path / "one.csv", "scan_http", 30, seed=7).read_bytes()
    assert one == write_report(tmp_path / "two.csv", "scan_http", 30, seed=7).read_bytes()
    assert one != write_report(tmp_path / "three.csv", "scan_http", 30, seed=8).read_bytes()
