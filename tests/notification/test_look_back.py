"""Looking back while batches are read, and twice at once: no sighting is counted twice, none is missed."""

import threading
import time

import pytest
from django.db import connection, connections
from procrastinate.contrib.django.models import ProcrastinateJob

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification import intake, pipeline, reading, retro
from dijkwacht.rooms.notification.models import Batch, Event, Finding
from dijkwacht.rooms.registry.models import Asset, Organisation

TEST = system("test")
HEADER = "timestamp,severity,ip,protocol,port,hostname,tag,asn,geo,region,city,naics,hostname_source,sector,http\n"
ROW = '"2026-11-21 0{hour}:00:00","medium","192.0.2.7","tcp","80","","http","64500","NL","","","","","","HTTP/1.1"\n'


def report(*hours):
    return (HEADER + "".join(ROW.format(hour=hour) for hour in hours)).encode()


def accept(*hours):
    name = "2026-11-21-scan_http-nl.csv"
    return intake.accept(actor=TEST, chunks=[report(*hours)], filename=name, channel="cli").batch


def hand_in(*hours):
    batch = accept(*hours)
    pipeline.process(batch.id)
    return batch


def count():
    return list(Finding.objects.values_list("count", flat=True))


@pytest.fixture
def bakery(db, settings, tmp_path):
    settings.HOME = tmp_path
    with tenancy.acting(TEST):
        organisation = Organisation.objects.create(name="Bakkerij Korst", language="nl")
        Asset.objects.create(organisation=organisation, kind="prefix", value="192.0.2.0/24", status="claimed")
        yield organisation


def later():
    return [job.args for job in ProcrastinateJob.objects.filter(task_name="notification.look_back", status="todo")]


def test_a_batch_that_is_being_read_is_left_to_itself_and_looked_at_after(bakery):
    hand_in(1)
    Asset.objects.update(status="verified")
    beside = accept(2, 3)
    reading.read(beside)  # its observations are on disk, its findings are not folded yet
    retro.look_back([bakery.id])
    assert count() == [1]
    ((again),) = later()
    assert again["after"] == [str(beside.id)]
    pipeline.process(beside.id)
    assert count() == [3]
    retro.look_back([bakery.id], [beside.id], again["tries"])
    assert count() == [3]
    assert len(later()) == 1


def test_a_batch_that_was_read_with_an_old_index_is_looked_at_once_it_is_folded(bakery, monkeypatch):
    slow = accept(1, 2)
    old = reading.read(slow)  # before the asset was verified
    Asset.objects.update(status="verified")
    assert retro.look_back([bakery.id]) is None
    (again,) = later()
    assert retro.look_back([bakery.id], [slow.id], again["tries"]) is None
    assert [one["tries"] for one in later()] == [1, 2]
    monkeypatch.setattr(reading, "read", lambda _batch: old)
    pipeline.process(slow.id)
    assert count() == []
    retro.look_back([bakery.id], [slow.id], 2)
    assert count() == [2]


@pytest.fixture
def committed(django_db_setup, django_db_blocker, settings, tmp_path):
    """As `bakery`, for every connection. What the test commits is taken away after it."""
    settings.HOME = tmp_path
    with django_db_blocker.unblock():
        with tenancy.acting(TEST):
            organisation = Organisation.objects.create(name="Bakkerij Korst", language="nl")
            Asset.objects.create(organisation=organisation, kind="prefix", value="192.0.2.0/24", status="claimed")
        with tenancy.acting(TEST):
            batch = accept(1, 2)
        pipeline.process(batch.id)
        with tenancy.acting(TEST):
            Asset.objects.update(status="verified")
        yield organisation
        with tenancy.acting(TEST):
            for rows in (Event, Finding, Batch, Asset, Organisation):
                rows.objects.all().delete()


def wait_for_the_lock():
    for _ in range(1000):
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from pg_locks where locktype = 'advisory' and not granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise TimeoutError("nobody waits for the lock")


def test_two_looks_at_the_same_time_count_a_sighting_once(committed):
    failed = []

    def second():
        try:
            retro.look_back([committed.id])
        except BaseException as error:  # noqa: BLE001 - the test shows it
            failed.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=second)
    with tenancy.acting(TEST):
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [retro.LOCK])
        thread.start()
        wait_for_the_lock()  # the other has read the files, and has not looked at what is known
        retro.look_back([committed.id])
    thread.join(60)
    assert failed == []
    with tenancy.acting(TEST):
        assert count() == [2]
        assert sorted(Batch.objects.filter(channel="retro").values_list("findings_new", flat=True)) == [0, 1]
