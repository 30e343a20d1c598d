"""A batch folded into what is known: what it changes, what it leaves, and two folds at once."""

import hashlib
import threading
import time
import uuid
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from django.db import connection, connections
from tests.notification import world

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification import fold as folding
from dijkwacht.rooms.notification.fold import FOLD, fold
from dijkwacht.rooms.notification.models import Event, Finding
from dijkwacht.rooms.registry.models import Organisation

TEST = system("test")
MOMENT = datetime(2026, 11, 21, 3, tzinfo=UTC)


def seen(names, owner, *, at=MOMENT, severity=2, count=1, evidence='{"tag": "http"}') -> pl.DataFrame:
    values = {
        "organisation_id": str(owner), "asset_id": 1, "asset": "192.0.2.0/24", "how": "prefix", "feed": "shadowserver",
        "kind": "scan-http", "key": "80", "address": "192.0.2.1", "host": None, "port": 80, "protocol": "tcp",
        "severity": severity, "count": count, "first_seen": at.replace(tzinfo=None),
        "last_seen": at.replace(tzinfo=None), "evidence": evidence,
    }  # fmt: skip
    frame = pl.DataFrame({"id": [str(identifier(name)) for name in names]})
    filled = frame.with_columns(pl.lit(value).alias(column) for column, value in values.items())
    return filled.select(FOLD.names()).cast(FOLD)


def identifier(name) -> uuid.UUID:
    return uuid.UUID(hashlib.md5(str(name).encode(), usedforsecurity=False).hexdigest())


def fold_in(*frames: pl.DataFrame):
    return fold(pl.concat(frames), batch=uuid.uuid4(), actor="test")


@pytest.fixture
def owner(db):
    with tenancy.acting(TEST):
        yield world.organisation().id


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(folding, "AT_ONCE", 3)


def test_new_worse_reopened_and_repeated_findings_of_many_parts_are_each_what_they_are(owner, small_parts):
    fold_in(seen(range(12), owner))
    Event.objects.all().delete()
    Finding.objects.filter(id__in=[identifier(3), identifier(4)]).update(
        state="resolved", state_changed_at=MOMENT + timedelta(hours=1)
    )
    Finding.objects.filter(id=identifier(5)).update(state="gone")
    later = MOMENT + timedelta(days=1)
    folded = fold_in(
        seen([0, 1, 2], owner, at=later, count=4, evidence='{"tag": "ssh"}'),
        seen([3, 5], owner, at=later),
        seen([4], owner),  # before it was resolved
        seen([6], owner, at=later, severity=4),
        seen(range(12, 20), owner, at=later),
    )
    assert (folded.new, folded.changed, folded.repeated) == (8, 3, 4)
    told = set(Event.objects.values_list("finding_id", "from_state", "to_state", "reason", "version"))
    assert told == {
        (identifier(3), "resolved", "reopened", "reopened", 2),
        (identifier(5), "gone", "reopened", "reopened", 2),
        (identifier(6), "open", "open", "worse", 2),
        *((identifier(name), "", "open", "new", 1) for name in range(12, 20)),
    }
    assert set(Event.objects.values_list("organisation_id", flat=True)) == {owner}
    repeated = Finding.objects.get(id=identifier(1))
    assert (repeated.count, repeated.first_seen, repeated.last_seen) == (5, MOMENT, later)
    assert (repeated.evidence, repeated.version, repeated.state) == ({"tag": "ssh"}, 1, "open")
    assert Finding.objects.get(id=identifier(4)).state == "resolved"
    new = Finding.objects.get(id=identifier(12))
    assert (new.organisation_id, new.address, new.host, new.port, new.key) == (owner, "192.0.2.1", "", 80, "80")


def test_an_older_observation_that_comes_late_counts_and_changes_neither_evidence_nor_last_sight(owner):
    fold_in(seen([1], owner))
    fold_in(seen([1], owner, at=MOMENT - timedelta(days=2), evidence='{"tag": "old"}'))
    found = Finding.objects.get()
    assert (found.count, found.first_seen, found.last_seen) == (2, MOMENT - timedelta(days=2), MOMENT)
    assert found.evidence == {"tag": "http"}


def test_the_same_sighting_in_a_file_of_other_bytes_is_a_repeat_that_is_neither_counted_nor_written(owner):
    fold_in(seen([1, 2], owner, count=3))
    written = dict(Finding.objects.extra(select={"row": "xmin::text || ctid::text"}).values_list("id", "row"))
    folded = fold_in(seen([1], owner, count=3, evidence='{"tag": "other"}'), seen([2], owner, severity=4, count=3))
    assert (folded.new, folded.changed, folded.repeated) == (0, 1, 1)
    same, worse = (Finding.objects.get(id=identifier(name)) for name in (1, 2))
    assert (same.count, same.evidence) == (3, {"tag": "http"})
    assert (worse.count, worse.severity) == (6, 4)
    now = dict(Finding.objects.extra(select={"row": "xmin::text || ctid::text"}).values_list("id", "row"))
    assert now[same.id] == written[same.id]
    assert now[worse.id] != written[worse.id]


def test_a_fold_of_nothing_changes_nothing(owner):
    assert fold(pl.DataFrame(schema=FOLD), batch=uuid.uuid4(), actor="test") == folding.Folded(0, 0, 0)
    assert not Finding.objects.exists()


# --- at the same time -------------------------------------------------------------------------------------------------


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """An organisation that other connections see. What the test commits is taken away after it."""
    with django_db_blocker.unblock():
        with tenancy.acting(TEST):
            made = Organisation.objects.create(name="Bakkerij Gelijk").id
        yield made
        with tenancy.acting(TEST):
            Event.objects.filter(organisation_id=made).delete()
            Finding.objects.filter(organisation_id=made).delete()
            Organisation.objects.filter(id=made).delete()


def beside(work) -> tuple[threading.Thread, list[BaseException]]:
    """Run `work` in a thread with a connection of its own, in one transaction."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with tenancy.acting(TEST):
                work()
        except BaseException as error:  # noqa: BLE001 - the test shows it
            failed.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, failed


def wait_for_a_lock() -> None:
    """Until some connection waits for the end of another's transaction."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from pg_locks where locktype = 'transactionid' and not granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise TimeoutError("nobody waits for a lock")


def test_folds_of_the_same_findings_at_the_same_time_lose_no_count_and_never_block_each_other(committed, small_parts):
    with tenancy.acting(TEST):
        fold_in(seen(range(0, 60, 2), committed))

    def rows(seed: int, hours: int) -> pl.DataFrame:  # half of them known, half new to both
        frame = seen(range(60), committed, at=MOMENT + timedelta(days=1, hours=hours, minutes=seed))
        return frame.sample(fraction=1, shuffle=True, seed=seed)

    running = [beside(lambda seed=seed: [fold_in(rows(seed, 1)), fold_in(rows(seed, 2))]) for seed in range(4)]
    for thread, _ in running:
        thread.join(60)
    assert [failed for _, failed in running] == [[]] * 4
    with tenancy.acting(TEST):
        counts = dict(Finding.objects.values_list("id", "count"))
    assert counts == {identifier(name): 8 + (name % 2 == 0) for name in range(60)}


def test_the_same_sighting_in_two_batches_at_once_is_counted_once(committed):
    results: list[folding.Folded] = []
    with tenancy.acting(TEST):
        results.append(fold_in(seen([1, 2], committed)))
        thread, failed = beside(lambda: results.append(fold_in(seen([1, 2], committed))))
        wait_for_a_lock()
    thread.join(60)
    assert failed == []
    assert results == [folding.Folded(new=2, changed=0, repeated=0), folding.Folded(new=0, changed=0, repeated=2)]
    with tenancy.acting(TEST):
        assert set(Finding.objects.values_list("count", flat=True)) == {1}


def test_a_finding_that_is_resolved_while_a_fold_waits_for_it_is_judged_as_resolved(committed):
    with tenancy.acting(TEST):
        fold_in(seen([1, 2], committed))
    with tenancy.acting(TEST):
        Finding.objects.filter(id=identifier(2)).update(state="resolved", state_changed_at=MOMENT)
        thread, failed = beside(lambda: fold_in(seen([1, 2], committed, at=MOMENT + timedelta(days=1))))
        wait_for_a_lock()
    thread.join(60)
    assert failed == []
    with tenancy.acting(TEST):
        found = Finding.objects.get(id=identifier(2))
        assert (found.state, found.version, found.count) == ("reopened", 2, 2)
        assert Event.objects.get(finding_id=identifier(2), reason="reopened").from_state == "resolved"
        assert Finding.objects.get(id=identifier(1)).count == 2


def test_what_another_batch_made_meanwhile_is_a_sighting_and_not_new_again(committed):
    later = MOMENT + timedelta(days=1)
    with tenancy.acting(TEST):
        fold_in(seen([1, 2], committed))
        results: list[folding.Folded] = []
        thread, failed = beside(lambda: results.append(fold_in(seen([1, 2, 3], committed, at=later, severity=4))))
        wait_for_a_lock()
    thread.join(60)
    assert failed == []
    assert results == [folding.Folded(new=1, changed=2, repeated=0)]
    with tenancy.acting(TEST):
        told = Event.objects.filter(finding_id=identifier(1)).order_by("version")
        assert list(told.values_list("reason", "version", "severity")) == [("new", 1, 2), ("worse", 2, 4)]
        assert Finding.objects.get(id=identifier(1)).sighting == "worse"
