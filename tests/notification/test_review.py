"""What a clumsy or unlucky day does to a batch: nothing is lost, nothing is stuck without a word."""

import json

import pytest
from click.testing import CliRunner
from test_pipeline import OFFICER, bakery, centre, hand_in, report, row

from dijkwacht.rooms.notification import intake, pipeline
from dijkwacht.rooms.notification.cli import ingest
from dijkwacht.rooms.notification.models import Batch

__all__ = ["bakery", "centre"]


def test_a_time_or_protocol_that_the_database_cannot_hold_sets_one_line_aside(bakery):
    bad = row("192.0.2.8", time="0000-01-01 00:00:00")
    long = row("192.0.2.9").replace('"tcp"', f'"{"t" * 21}"')
    batch = hand_in(report(bad, long, row("192.0.2.7")))
    assert (batch.state, batch.set_aside, batch.findings_new) == ("done", 2, 1)


@pytest.mark.parametrize("name", ["\udcff-report.csv", "a\x00b.csv", "a\nb.csv", "x" * 400 + ".csv"])
def test_any_name_of_a_file_can_be_kept(bakery, name):
    batch = intake.accept(actor=OFFICER, chunks=[report(row("192.0.2.7"))], filename=name, channel="cli").batch
    assert batch.filename.isprintable()
    assert batch.filename.endswith(".csv")


def test_a_quarantined_file_is_read_when_it_comes_again_with_its_feed_named(bakery):
    content = b"192.0.2.7\nsomething else\n"
    assert hand_in(content, "mystery.bin").state == "quarantined"
    batch = hand_in(content, "mystery.bin", feed="list-ip")
    assert (batch.state, batch.problem, batch.findings_new, batch.set_aside) == ("done", "", 1, 1)
    assert Batch.objects.count() == 1
    assert hand_in(content, "mystery.bin", feed="list-ip").notices == 1


def test_a_quarantined_file_is_read_when_it_comes_again_under_a_name_that_tells(bakery):
    content = report(row("192.0.2.7"))
    assert hand_in(content, "2026-11-21-scan_teapot-nl.csv").state == "quarantined"
    assert hand_in(content, "2026-11-21-scan_http-nl.csv").state == "done"


def test_a_batch_that_fails_says_so_until_it_succeeds(bakery, monkeypatch):
    batch = intake.accept(
        actor=OFFICER, chunks=[report(row("192.0.2.7"))], filename="2026-11-21-scan_http-nl.csv", channel="cli"
    ).batch
    with monkeypatch.context() as broken:
        broken.setattr(pipeline, "fold", lambda *_, **__: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            pipeline.process(batch.id)
    batch.refresh_from_db()
    assert (batch.state, batch.problem[:25]) == ("received", "Reading it failed (OSErro")
    pipeline.process(batch.id)
    batch.refresh_from_db()
    assert (batch.state, batch.problem) == ("done", "")


def test_one_refused_file_does_not_stop_the_files_after_it(bakery, tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    good = tmp_path / "2026-11-21-scan_http-nl.csv"
    good.write_bytes(report(row("192.0.2.7")))
    done = CliRunner().invoke(ingest, [str(tmp_path / "empty.csv"), str(good), "--no-wait", "--json"])
    assert done.exit_code == 1
    first, second = json.loads(done.stdout)
    assert (first["state"], second["state"]) == ("refused", "received")
    assert first["problem"] == "The file is empty. Check that it was exported or uploaded completely."


def test_a_feed_that_does_not_exist_is_wrong_use(bakery, tmp_path):
    (tmp_path / "list.txt").write_bytes(b"192.0.2.7\n")
    done = CliRunner().invoke(ingest, [str(tmp_path / "list.txt"), "--feed", "nope"])
    assert done.exit_code == 2
    assert "there are: csv-mapped" in done.stderr
