"""What a clumsy or unlucky day does to a batch: nothing is lost, nothing is stuck without a word."""

import email
import io
import json
import zipfile
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.db import connection
from django.utils import timezone
from test_pipeline import OFFICER, bakery, centre, hand_in, report, row

from dijkwacht import feeds
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.notification import actions, ageing, feedback, intake, pipeline
from dijkwacht.rooms.notification.cli import ingest
from dijkwacht.rooms.notification.models import Batch, Finding, Notice, SetAsideLine
from dijkwacht.rooms.registry.models import Asset, Contact

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


def shadowserver(report_type: str, **values: str) -> bytes:
    """One row of a report with these values, every other column holding a canary that must not go out."""
    known = feeds.catalogue()["shadowserver"].reports[report_type].known
    given = {"timestamp": "2026-11-21 03:00:00", "severity": "info", "port": "443", "src_port": "443", "dst_port": "80"}
    empty = {name: "" for name in known if name.endswith(("asn", "port", "ip", "hostname", "naics"))}
    row = {name: f"CANARY-{name}" for name in known} | empty | given | values
    return (",".join(known) + "\n" + ",".join(f'"{row[name]}"' for name in known) + "\n").encode()


@pytest.mark.parametrize(
    ("report_type", "values", "told"),
    [
        ("event4_sinkhole", {"src_ip": "192.0.2.7", "dst_ip": "203.0.113.1"}, True),
        ("event4_sinkhole", {"src_ip": "203.0.113.1", "dst_ip": "192.0.2.7"}, False),
        ("event4_sinkhole_http", {"src_ip": "192.0.2.7", "dst_ip": "203.0.113.1"}, True),
        ("event4_sinkhole_http", {"src_ip": "203.0.113.1", "dst_ip": "192.0.2.7"}, False),
        ("event4_honeypot_brute_force", {"src_ip": "192.0.2.7", "dst_ip": "203.0.113.1"}, True),
        ("event4_honeypot_ddos_target", {"src_ip": "203.0.113.1", "dst_ip": "192.0.2.7"}, True),
        ("event4_honeypot_ddos_target", {"src_ip": "192.0.2.7", "dst_ip": "203.0.113.1"}, False),
        ("event4_ddos_participant", {"src_ip": "192.0.2.7", "dst_ip": "203.0.113.1"}, True),
        ("event4_ip_spoofer", {"src_ip": "192.0.2.7"}, True),
        ("compromised_account", {"email": "kees@korst.example"}, True),
        ("compromised_account", {"email": "kees@elsewhere.example", "username": "x@korst.example"}, False),
        ("ransomware_victim", {"entity_name": "Bakkerij Korst", "website": "https://www.korst.example/"}, True),
        ("ransomware_victim", {"entity_name": "Bakkerij Korst", "website": ""}, False),
    ],
)
def test_the_victim_of_a_report_is_the_one_its_type_means(bakery, report_type, values, told):
    Asset.objects.create(organisation=bakery, kind="domain", value="korst.example", status="verified")
    Contact.objects.update(minimum_severity=4, rhythm="weekly")
    reports = feeds.catalogue()["shadowserver"].reports
    if report_type not in reports:
        pytest.skip(report_type)
    batch = hand_in(shadowserver(report_type, **values), f"2026-11-21-{report_type}-nl.csv")
    assert (batch.state, batch.set_aside, batch.findings_new) == ("done", 0, int(told))
    urgent = reports[report_type].kind.urgent
    assert Message.objects.count() == int(told and urgent)


def test_nothing_of_a_leaked_account_goes_out_or_is_kept_in_clear(bakery, settings, caplog, capfd):
    Asset.objects.create(organisation=bakery, kind="domain", value="korst.example", status="verified")
    secrets = {"email": "kees.geheim@korst.example", "username": "keesgeheim", "detail": "wachtwoord123"}
    content = shadowserver("compromised_account", **secrets, source_url="https://leak.example/geheim", service="mail")
    assert hand_in(content, "2026-11-21-compromised_account-nl.csv").findings_new == 1
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        said = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'select t::text from "{table}" t')
            said += [row for (row,) in cursor.fetchall()]
    kept = b"".join(path.read_bytes() for path in settings.HOME.rglob("*.parquet"))
    letters = [email.message_from_bytes(bytes(message.body)) for message in Message.objects.all()]
    parts = [part.get_payload(decode=True) or b"" for letter in letters for part in letter.walk()]
    assert any(b"korst.example" in part for part in parts)
    decoded = b"".join(parts).decode(errors="replace")
    everything = "\n".join([*said, decoded, kept.decode(errors="replace"), caplog.text, *capfd.readouterr()]).lower()
    for secret in ("kees.geheim", "keesgeheim", "wachtwoord123", "leak.example"):
        assert secret not in everything


def packed(**files: bytes) -> bytes:
    """A zip file; in a name a double underscore stands for a hyphen."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name.replace('__', '-')}.csv", content)
    return body.getvalue()


ALL_BAD = b"timestamp,ip,port,protocol,severity\n2026-11-21 00:00:00,192.0.2.28,99999,tcp,low\n"


def test_a_report_without_one_good_line_does_not_stop_the_others_of_its_archive(bakery):
    batch = hand_in(packed(scan_http__nl=report(row("192.0.2.7")), scan_ftp__nl=ALL_BAD), "daily.zip")
    assert (batch.state, batch.read, batch.set_aside, batch.findings_new) == ("done", 2, 1, 1)


def replay(batch: Batch, line: str) -> Batch:
    bad = SetAsideLine.objects.get(batch=batch)
    [receipt] = actions.replay(actor=OFFICER, batch=batch.id, lines={bad.pk: line})
    replayed = receipt.batch
    pipeline.process(replayed.id)
    replayed.refresh_from_db()
    return replayed


def test_a_corrected_line_of_an_archive_is_read_as_what_it_was(bakery):
    batch = hand_in(packed(scan_http__nl=report(row("192.0.2.7"), row("192.0.2.8", port=70000))), "daily.zip")
    replayed = replay(batch, row("192.0.2.8", port=7000))
    assert (replayed.state, replayed.report, replayed.findings_new) == ("done", "scan_http", 1)


def test_lines_of_several_reports_of_an_archive_are_each_read_as_what_they_were(bakery):
    bad_http = report(row("192.0.2.7"), row("192.0.2.8", port=70000))
    batch = hand_in(packed(scan_http__nl=bad_http, scan_ftp__nl=ALL_BAD), "daily.zip")
    http, ftp = SetAsideLine.objects.filter(batch=batch).order_by("member")
    corrected = {http.pk: row("192.0.2.8", port=7000), ftp.pk: "2026-11-21 00:00:00,192.0.2.28,21,tcp,low"}
    receipts = actions.replay(actor=OFFICER, batch=batch.id, lines=corrected)
    for receipt in receipts:
        pipeline.process(receipt.batch.id)
    replayed = Batch.objects.filter(channel="replay").values_list("report", "state", "read", "set_aside")
    assert sorted(replayed) == [("scan_ftp", "done", 1, 0), ("scan_http", "done", 1, 0)]
    assert {row.state for row in SetAsideLine.objects.filter(batch=batch)} == {"replayed"}


def test_an_unknown_report_in_an_archive_waits_in_quarantine_and_does_not_stop_the_others(bakery):
    batch = hand_in(packed(scan_http__nl=report(row("192.0.2.7")), scan_brandnew__nl=b"a,b\n1,2\n"), "daily.zip")
    assert (batch.state, batch.read) == ("done", 1)
    unknown = Batch.objects.exclude(pk=batch.pk).get()
    pipeline.process(unknown.id)
    unknown.refresh_from_db()
    assert (unknown.state, unknown.filename) == ("quarantined", "scan_brandnew-nl.csv")


def test_what_a_set_aside_line_says_stands_encrypted(bakery):
    batch = hand_in(report(row("192.0.2.7", port=70001)))
    line = SetAsideLine.objects.get(batch=batch)
    assert b"70001" in line.raw
    assert "70001" in line.detail
    with connection.cursor() as cursor:
        cursor.execute("select t::text from notification_setasideline t")
        [[kept]] = cursor.fetchall()
    assert "70001" not in kept
    assert b"70001".hex() not in kept


def hours_ago(hours: int) -> str:
    return (timezone.now() - timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S")


def test_an_old_observation_of_what_was_resolved_since_tells_nobody(bakery):
    hand_in(report(row("192.0.2.7", time=hours_ago(9), severity="low")))
    feedback.give_feedback(actor=OFFICER, notice=Notice.objects.get().id, answer="fixed", findings=[], comment="")
    late = hand_in(report(row("192.0.2.7", time=hours_ago(8), severity="high")), "late-scan_http.csv")
    assert (Finding.objects.get().state, late.findings_repeated, late.notices) == ("resolved", 1, 0)


def test_an_observation_that_came_in_late_brings_back_what_seemed_gone(bakery):
    hand_in(report(row("192.0.2.7", time=hours_ago(24 * 15))))
    assert ageing.let_go() == 1
    yesterday = hand_in(report(row("192.0.2.7", time=hours_ago(8))), "late-scan_http.csv")
    assert (Finding.objects.get().state, yesterday.findings_changed, yesterday.notices) == ("reopened", 1, 1)
