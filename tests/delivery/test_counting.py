"""The list of matters is sorted by who of ours runs what they are about, before anybody wrote an advisory."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.advisories.said import cve, take
from tests.delivery.shelf import runs
from tests.notification.world import TEST, organisation

from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.delivery import counting
from dijkwacht.rooms.advisories.sourcing.models import Matter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def centre():
    with tenancy.acting(TEST):
        yield


def test_a_matter_says_how_many_of_our_organisations_run_its_product_in_a_version_that_may_be_hit():
    runs(organisation("Waterkant"), "Vendor; Thing; 1")
    runs(organisation("Bakkerij"), "Vendor; Thing; 1")
    runs(organisation("Drukkerij"), "Other; Tool; 1")
    take(cve("CVE-2026-4001"))
    before = Matter.objects.get().weight
    assert counting.count() == 1
    row = Matter.objects.get()
    assert (row.organisations, row.counted_at is not None) == (2, True)
    assert row.weight > before


def test_it_is_counted_again_when_it_changed_or_a_day_later_and_not_in_between():
    take(cve("CVE-2026-4001"))
    counting.count()
    runs(organisation("Waterkant"), "Vendor; Thing; 1")
    assert counting.count() == 0
    Matter.objects.update(counted_at=timezone.now() - timedelta(days=2))
    assert counting.count() == 1
    assert Matter.objects.get().organisations == 1
