"""The demo's advisories are published past the real gate, once, and only a demo can take them away."""

import pytest
from tests.accounts.people import TESTER
from tests.advisories.written import modules

from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories import demo
from dijkwacht.rooms.advisories.writing.models import Advisory, Document, Version

__all__ = ["modules"]
pytestmark = pytest.mark.django_db


def test_two_are_published_one_of_them_corrected_and_one_is_being_written(modules):
    assert demo.load() == 3
    assert demo.load() == 0
    with tenancy.acting(TESTER):
        assert sorted(Advisory.objects.values_list("state", flat=True)) == ["draft", "published", "published"]
        assert sorted(Version.objects.filter(newest=True).values_list("version", flat=True)) == [1, 2]
        demo.clear()
        assert not Document.objects.exists()
        assert not Advisory.objects.exists()


def test_without_a_validator_they_stay_drafts_and_the_demo_starts(settings, tmp_path):
    settings.NODE_MODULES = tmp_path
    assert demo.load() == 3
    with tenancy.acting(TESTER):
        assert set(Advisory.objects.values_list("state", flat=True)) == {"draft"}
