"""From an event to a signed checkpoint and back."""

import shutil
from hashlib import sha256

import psycopg
import pytest
from django.db import connection, transaction

from dijkwacht.kernel.actor import Actor, Kind, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit import files, sequence
from dijkwacht.platform.audit.models import Event, Personal
from dijkwacht.platform.audit.sequence import Tampered


def test_an_event_gets_its_place_and_the_log_verifies(log):
    events = log.write(3)
    assert log.sequence() == 3
    report = log.verify()
    assert report.ok
    assert (report.size, report.waiting) == (3, 0)
    assert sorted(log.events()) == sorted(map(str, events))


def test_an_empty_log_verifies(log):
    assert log.sequence() == 0
    assert log.verify().ok


@pytest.mark.parametrize("sizes", [(1, 1, 254, 1, 300), (256, 256), (700,), (255, 2)])
def test_a_log_that_grew_in_steps_verifies(log, sizes):
    for number, size in enumerate(sizes, start=1):
        log.write(size)
        assert log.sequence() == sum(sizes[:number])
        assert log.verify().ok


def test_an_event_waits_until_it_is_sequenced(log):
    log.write(2)
    report = log.verify()
    assert report.ok
    assert (report.size, report.waiting) == (0, 2)


def test_an_event_that_is_rolled_back_leaves_no_trace(log):
    with transaction.atomic():
        log.write()
        transaction.set_rollback(True)
    assert log.sequence() == 0


INSERT = """insert into audit_event
    (id, at, action, object_type, object_id, result, actor_kind, actor_id, origin, detail)
    values (gen_random_uuid(), %s, 'test:thing:late', 'thing', '1', 'ok', 'system', 'x', '', %s::jsonb)"""


def test_a_transaction_that_commits_late_is_not_missed(log):
    with log.intruder() as late:
        late.execute("set role dijkwacht_app")
        late.execute(INSERT, ["2026-01-01", "{}"])
        log.write(5)
        assert log.sequence() == 5
    assert log.sequence() == 6
    assert log.verify().ok


def test_two_sequencers_do_not_get_in_each_others_way(log):
    log.write(3)
    with log.intruder() as other:
        other.execute("select pg_advisory_lock(%s)", [sequence.LOCK])
        assert log.sequence() == -1
        other.execute("select pg_advisory_unlock(%s)", [sequence.LOCK])
    assert log.sequence() == 3


@pytest.mark.parametrize("table", ["audit_event", "audit_leaf", "audit_checkpoint"])
@pytest.mark.parametrize("statement", ["delete from {}", "truncate {}", "update {} set {}"])
def test_the_application_role_cannot_change_what_is_recorded(log, table, statement):
    log.write()
    log.sequence()
    column = {"audit_event": "action = 'x'", "audit_leaf": "index = 9", "audit_checkpoint": "note = ''"}[table]
    with connection.cursor() as cursor, pytest.raises(Exception, match="permission denied"):
        cursor.execute(statement.format(table, column))


def test_a_log_that_was_changed_is_not_signed_again(log):
    log.write(300)
    log.sequence()
    (log.folder / "tile/0/001.p/44").write_bytes(b"\x01" * 44 * 32)
    log.write()
    with pytest.raises(Tampered):
        log.sequence()


def test_an_old_backup_of_the_database_is_not_signed_again(log):
    log.write(3)
    log.sequence()
    with log.intruder() as server:
        server.execute("delete from audit_checkpoint")
    with pytest.raises(Tampered, match="ahead of the database"):
        log.sequence()


def test_lost_tile_files_are_made_again_and_held_against_the_signature(log):
    log.write(300)
    log.sequence()
    before = {path: path.read_bytes() for path in log.folder.rglob("*") if path.is_file()}
    shutil.rmtree(log.folder)
    assert log.sequence() == 300
    assert {path: path.read_bytes() for path in log.folder.rglob("*") if path.is_file()} == before


def test_lost_tile_files_do_not_hide_a_changed_row(log):
    log.write(3)
    log.sequence()
    shutil.rmtree(log.folder)
    with log.intruder() as server:
        server.execute("update audit_event set action = 'test:thing:other' where object_id = '1'")
    with pytest.raises(Tampered):
        log.sequence()
    assert "changed" in {finding.fault for finding in log.verify().findings}


HOSTILE = ["\x00", "\ud800", "a" * 200_000, "<script>", "é" * 40_000]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_escapes_being_recorded(log, text):
    log.write(detail={"text": text, text[:50]: [text]}, personal={"email": text})
    assert log.sequence() == 1
    assert log.verify().ok


def test_a_text_that_is_too_long_for_its_column_is_recorded_by_its_hash(log):
    log.write(target=("thing", "é" * 5000), actor=Actor(kind=Kind.PERSON, id="x" * 101, origin="y" * 100))
    event = Event.objects.get()
    assert event.object_id == f"{'é' * 20}… sha256:{sha256(('é' * 5000).encode()).hexdigest()}"
    assert "sha256" in event.actor_id
    assert event.origin == "y" * 100


NUMBERS = [float("nan"), float("inf"), 10**400, -(2**63), 2**64, 1e300, 0.1, -0.0, True]


@pytest.mark.parametrize("number", NUMBERS, ids=str)
def test_no_number_escapes_being_recorded(log, number):
    log.write(detail={"number": number})
    assert log.sequence() == 1
    assert log.verify().ok


def test_a_row_that_nobody_could_have_written_does_not_stop_the_sequencer(log):
    with log.intruder() as server:
        for detail in (f'{{"number": 1{"0" * 5000}}}', "[" * 3000 + "]" * 3000, "1.50", '"text"'):
            server.execute(INSERT, ["infinity", detail])
        server.execute("update audit_event set at = '0044-03-15 BC' where detail = '1.5'")
    assert log.sequence() == 4
    assert log.verify().ok


def test_personal_values_are_committed_to_and_encrypted(log):
    log.write(personal={"email": "iris@example.org"})
    with tenancy.acting(system("test")):
        event, row = Event.objects.get(), Personal.objects.get()
    assert event.detail["personal"]["email"].startswith("sha256:")
    assert b"iris" not in bytes(row.sealed)
    assert "iris" not in str(event.detail)


def test_an_organisation_sees_no_personal_value(log):
    log.write(personal={"email": "iris@example.org"})
    assert not Personal.objects.exists()


def test_a_detail_cannot_pretend_to_be_a_commitment(log):
    with pytest.raises(ValueError, match="personal"):
        log.write(detail={"personal": {}})


def test_a_record_of_the_tile_layout(log):
    log.write(257)
    log.sequence()
    found = {str(path.relative_to(log.folder)) for path in log.folder.rglob("*") if path.is_file()}
    assert found == {
        "checkpoint",
        "tile/0/000",
        "tile/0/001.p/1",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/1",
    }
    assert files.signer().verifier.open((log.folder / "checkpoint").read_text()).size == 257


def test_the_superuser_of_the_tests_is_one(log):
    with log.intruder() as server:
        assert isinstance(server, psycopg.Connection)
        assert server.execute("select rolsuper from pg_roles where rolname = current_user").fetchone() == (True,)
