"""A large batch is told in parts, side by side: every receiver once, and the part that ends last closes the batch."""

import pytest
from tests.notification import world
from tests.notification.test_pipeline import report, row

from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification import composing, intake, pipeline
from dijkwacht.rooms.notification.models import Batch, Event, Notice, NoticeItem
from dijkwacht.rooms.registry.models import Asset, Mandate, Organisation

MANY = 24


@pytest.fixture
def many(db, settings, tmp_path, monkeypatch):
    """Organisations with an address each, enough to be worth two parts."""
    settings.HOME = tmp_path
    monkeypatch.setattr(composing, "WORTH_PARTS", MANY)
    with tenancy.acting(world.TEST):
        made = [world.organisation(f"Nummer {n}", mail=f"it@n{n}.example") for n in range(MANY)]
        Asset.objects.bulk_create(
            Asset(organisation=one, kind="prefix", value=f"192.0.2.{n}/32", status="verified")
            for n, one in enumerate(made)
        )
        yield made


def hand_in() -> Batch:
    content = report(*(row(f"192.0.2.{n}") for n in range(MANY)))
    return intake.accept(
        actor=world.TEST, chunks=[content], filename="2026-11-21-scan_http-nl.csv", channel="cli"
    ).batch


def state_of(batch: Batch) -> str:
    return Batch.objects.get(pk=batch.pk).state


def test_each_part_tells_its_own_and_the_last_one_closes_the_batch(many):
    batch = hand_in()
    pipeline.process(batch.id)
    first = Notice.objects.count()
    assert 0 < first < MANY
    assert state_of(batch) == "folded"
    for _ in range(2):  # a job that is done again tells nobody again
        pipeline.tell_part(batch.id, composing.Part(1, 2))
    assert state_of(batch) == "done"
    assert Batch.objects.get(pk=batch.pk).notices == MANY
    assert sorted(Notice.objects.values_list("organisation_id", flat=True)) == sorted(one.id for one in many)
    assert set(Event.objects.values_list("outcome", flat=True)) == {"told"}


def test_the_other_part_may_end_first(many):
    batch = hand_in()
    pipeline._read_and_fold(Batch.objects.get(pk=batch.pk))
    pipeline.tell_part(batch.id, composing.Part(1, 2))
    assert state_of(batch) == "folded"
    pipeline.process(batch.id)  # what the first part finds is less than is worth two
    assert state_of(batch) == "done"
    assert Notice.objects.count() == NoticeItem.objects.count() == MANY


def test_a_relay_gets_one_notice_however_many_chunks_its_members_would_fill(many, monkeypatch):
    monkeypatch.setattr(composing, "ORGANISATIONS_AT_ONCE", 3)
    relay = world.organisation("Schakel", mail="cert@schakel.example")
    Organisation.objects.filter(pk=relay.pk).update(kind="relay")
    kinds = ["victim", "target", "vulnerability"]
    Mandate.objects.bulk_create(
        Mandate(relay=relay, member=one, informations=kinds, confidentiality=True, mandatory=True) for one in many[::2]
    )
    batch = hand_in()
    pipeline.process(batch.id)
    pipeline.tell_part(batch.id, composing.Part(1, 2))
    assert Notice.objects.get(organisation=relay).findings == MANY // 2
    assert Notice.objects.count() == 1 + MANY // 2


def test_near_a_ceiling_of_the_storm_brake_a_batch_stays_whole(many, monkeypatch):
    batch = hand_in()
    pipeline._read_and_fold(Batch.objects.get(pk=batch.pk))
    assert len(composing.parts(batch.id, hold="")) == 2
    assert composing.parts(batch.id, hold="unusual") == [composing.WHOLE]
    monkeypatch.setattr(composing.TextBrake, "__init__", brake_of(MANY))
    assert composing.parts(batch.id, hold="") == [composing.WHOLE]


def test_what_was_told_this_hour_counts_where_it_is_the_same_text(many, monkeypatch):
    batch = hand_in()
    pipeline._read_and_fold(Batch.objects.get(pk=batch.pk))
    for told, parts in (("scan-ssh", 2), ("scan-http", 1)):
        monkeypatch.setattr(composing.TextBrake, "__init__", brake_of(2 * MANY, {(told,): MANY}))
        assert len(composing.parts(batch.id, hold="")) == parts


def brake_of(ceiling: int, counts=None):
    def made(self) -> None:
        self.ceiling, self.counts = ceiling, counts or {}

    return made
