"""The demo's organisations load once, through the same door as any file."""

import pytest
from django.test import override_settings

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry import demo, reads
from dijkwacht.rooms.registry.errors import UnreadableFile
from dijkwacht.rooms.registry.models import Asset, Contact, Mandate, Organisation

pytestmark = pytest.mark.django_db
ACTOR = system("demo")


@pytest.fixture(autouse=True)
def centre():
    with tenancy.acting(ACTOR):
        yield


def test_the_demo_has_every_kind_of_organisation_status_and_channel():
    stored = demo.load(actor=ACTOR)
    assert stored["organisation"] >= 40
    assert stored["conflicts"] == 1
    assert set(Organisation.objects.values_list("kind", flat=True)) == {
        "organisation",
        "relay",
        "network-owner",
        "csirt",
    }
    assert set(Contact.objects.values_list("channel", flat=True)) == {"mail", "webhook", "portal", "api"}
    assert set(Asset.objects.values_list("status", flat=True)) == {"claimed", "verified", "disputed"}
    assert set(Mandate.objects.values_list("status", flat=True)) == {"active", "withdrawn"}
    assert all(contact.webhook_secret for contact in Contact.objects.filter(channel="webhook"))
    assert reads.access_organisation(ACTOR, demo.identifier("waterkant")).name == "Gemeente Waterkant"


def test_loading_the_demo_again_changes_nothing():
    demo.load(actor=ACTOR)
    assert set(demo.load(actor=ACTOR).values()) == {0}


def test_a_real_installation_refuses_the_demos_space():
    with override_settings(DEMO=False), pytest.raises(UnreadableFile):
        demo.load(actor=ACTOR)
    assert not Organisation.objects.exists()
