"""A version is published: whom it concerns is told once, and nobody else."""

import pytest
from tests.delivery.shelf import Shelf, runs
from tests.notification.world import TEST, organisation

from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.advisories.delivery import dispatching, published, running, telling
from dijkwacht.rooms.advisories.delivery.models import Concern, Match, Telling

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf():
    before = list(published._libraries)
    made = Shelf()
    published.register(made)
    yield made
    published._libraries[:] = before


def go(key):
    running.run(*key)
    made = telling.tell(*key)
    dispatching.dispatch_due()
    return made


def letters():
    return {message.recipient: bytes(message.body).decode() for message in Message.objects.order_by("created_at")}


def test_who_runs_it_is_told_with_the_evidence_in_words_and_who_does_not_hears_nothing(shelf):
    with tenancy.acting(TEST):
        runner = organisation("Waterkant", mail="ciso@waterkant.example")
        other = organisation("Bakkerij", mail="info@bakkerij.example")
        runs(runner, "Fortinet; FortiOS; 7.2")
        runs(other, "Fortinet; FortiOS; 7.6\nnginx 1.2")
        key = shelf.publish()
        assert go(key) == 1
        sent = letters()
    assert list(sent) == ["ciso@waterkant.example"]
    assert "U gebruikt Fortinet FortiOS 7.2" in sent["ciso@waterkant.example"].replace("=\r\n", "")
    assert "DW-2026-0001: Lek in FortiOS" in sent["ciso@waterkant.example"]


def test_repeating_a_run_tells_nobody_twice(shelf):
    with tenancy.acting(TEST):
        runs(organisation(), "Fortinet; FortiOS; 7.2")
        key = shelf.publish()
        go(key)
        assert go(key) == 0
        assert Message.objects.count() == Telling.objects.count() == Concern.objects.count() == 1
        assert Match.objects.get().verdict == "affected"
