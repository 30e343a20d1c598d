"""A worker makes ready what its first batch needs, and no fault in that stops it."""

import os
import tempfile

import pytest
from structlog.testing import capture_logs
from tests.notification import world

from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor import jobs
from dijkwacht.platform.supervisor.events import worker_started, worker_starting
from dijkwacht.rooms.notification import registry_index, warming


@pytest.fixture
def home(db, settings, tmp_path, monkeypatch):
    settings.HOME = tmp_path
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with tenancy.acting(world.TEST):
        world.organisation("Waterkant")
        registry_index._load.cache_clear()
        registry_index.current()
        yield tmp_path
    registry_index._load.cache_clear()


def test_the_index_of_the_registry_is_at_hand_and_nothing_is_left_behind(home):
    registry_index._load.cache_clear()
    warming.warm()
    assert registry_index._load.cache_info().currsize == 1
    assert not list(home.glob("dijkwacht-warm-*"))


@pytest.mark.parametrize(("queues", "warmed"), [(["ingest"], 1), (["proof", "notices"], 1), ([], 1), (["outbox"], 0)])
def test_only_a_worker_that_has_batches_to_do_makes_ready_for_them(monkeypatch, queues, warmed):
    calls = []
    monkeypatch.setattr(warming, "warm", lambda: calls.append(1))
    worker_started.send(sender=None, queues=queues)
    assert len(calls) == warmed


@pytest.mark.parametrize(("queues", "begun"), [(["notices"], 1), ([], 1), (["outbox"], 0)])
def test_the_threads_of_polars_begin_before_the_worker_gives_way(monkeypatch, queues, begun):
    calls = []
    monkeypatch.setattr(warming, "begin_threads", lambda: calls.append(1))
    worker_starting.send(sender=None, queues=queues)
    assert len(calls) == begun
    monkeypatch.undo()
    warming.begin_threads()


def test_a_fault_while_making_ready_is_said_and_stops_nothing(monkeypatch):
    def fails():
        raise OSError("no room left")

    monkeypatch.setattr(warming, "warm", fails)
    monkeypatch.setattr(os, "setpriority", lambda *_: None)
    monkeypatch.setattr(jobs.connection, "close", lambda: None)
    with capture_logs() as log:
        jobs._make_ready(["ingest"])
    assert [entry["error"] for entry in log] == ["OSError('no room left')"]
