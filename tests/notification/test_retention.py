"""What is older than its feed's retention goes, and nothing younger."""

import datetime as dt

import pytest

from dijkwacht import feeds
from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification import intake, pipeline, reading, retention
from dijkwacht.rooms.notification.models import Batch, SetAsideLine

KEEPER = system("test")


@pytest.fixture
def batch(db, settings, tmp_path):
    settings.HOME = tmp_path
    with tenancy.acting(KEEPER):
        made = intake.accept(
            actor=KEEPER, chunks=[b"192.0.2.7\nnonsense\n"], filename="list-ip-x.txt", channel="cli", feed="list-ip"
        ).batch
        pipeline.process(made.id)
        yield made


@pytest.mark.parametrize(("days", "kept"), [(0, True), (1, False)])
def test_a_batch_is_forgotten_the_day_after_its_retention(batch, days, kept):
    longest = feeds.catalogue()["list-ip"].retention_days
    retention.forget(batch.received_at.date() + dt.timedelta(days=longest + days))
    assert bool(reading.observations().paths()) is kept
    assert intake.raw_store().path(batch.sha256).exists() is kept
    assert bool(bytes(SetAsideLine.objects.get().raw)) is kept
    assert Batch.objects.get().read == 2
