"""A relay's home: its members, who is covered, who cannot be reached and why, and what waits."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.accounts.people import MEMBER, bearer, person, token
from tests.notification import world
from tests.registry.people import OFFICER, relay

from dijkwacht.platform import tenancy
from dijkwacht.rooms.home import reads, rules
from dijkwacht.rooms.home.errors import NotFound
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.models import Asset, Contact, Mandate

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    """A relay with a member in reach, one without assets whose contact fails, and one whose mandate is suspended."""
    with tenancy.acting(OFFICER):
        owner = registry.create_organisation(actor=OFFICER, name="Zorgketen", kind="relay")
        made = [world.organisation(name) for name in ("Alfa", "Bravo", "Charlie")]
        for one in made:
            registry.add_mandate(
                actor=OFFICER, relay=owner.id, member=one.id, informations=["victim"], confidentiality=True
            )
        Asset.objects.create(organisation=made[0], kind="domain", value="alfa.example", status="verified")
        Contact.objects.filter(organisation=made[1]).update(status="bouncing")
        Mandate.objects.filter(member=made[2]).update(status="suspended")
    return owner, made


def members(owner, *others):
    actor = relay(owner.id, *(one.id for one in others))
    with tenancy.acting(actor):
        return reads.access_relay(actor, owner.id)


def test_who_cannot_be_reached_comes_first_with_why(scene):
    owner, made = scene
    found = members(owner, *made[:2])
    assert [(one.reach.name, one.reachable) for one in found.members] == [("Bravo", False), ("Alfa", True)]
    assert [one.code for one in found.members[0].obstacles] == ["no-asset", "contact-fails"]
    assert (found.with_asset, found.with_contact, len(found.unreachable)) == (1, 1, 1)


def test_a_member_without_a_mandate_in_force_is_named_and_nothing_else_is_told_of_it(scene):
    owner, made = scene
    found = members(owner, *made[:2])
    assert [(one.name, one.why) for one in found.without] == [("Charlie", "suspended")]
    assert "Charlie" not in {one.reach.name for one in found.members}


def test_the_figures_count_what_the_relay_was_told_and_nothing_more(scene):
    owner, (alfa, *_) = scene
    with tenancy.acting(OFFICER):
        told, solved = world.finding(alfa, "192.0.2.1"), world.finding(alfa, "192.0.2.2", state="resolved")
        world.finding(alfa, "192.0.2.3")  # told to nobody
        world.notice(owner, told, solved, state="delivered", route="relay")
    found = members(owner, alfa)
    assert (found.told, found.unanswered, found.fixed) == (2, 1, 1)


def test_a_mandate_that_ends_soon_is_said(scene):
    owner, (alfa, *_) = scene
    with tenancy.acting(OFFICER):
        Mandate.objects.filter(member=alfa).update(valid_to=timezone.localdate() + timedelta(days=5))
    assert [one.reach.name for one in members(owner, alfa).ending] == ["Alfa"]


def test_nobody_reads_the_members_of_another_relay(scene):
    owner, made = scene
    actor = relay(made[0].id)
    with tenancy.acting(actor), pytest.raises(NotFound):
        reads.access_relay(actor, owner.id)


def test_a_relay_sees_that_a_contact_fails_and_not_who_it_is(scene, client):
    owner, _ = scene
    user = person("soc@zorg.example", organisations={owner.id: MEMBER}, language="en")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    text = client.get(f"/home/{owner.id}", headers={"Accept-Language": "en"}).content.decode()
    assert "none of their security contacts works" in text
    assert "korst.example" not in text
    mine = token(user, "relay:read", organisation=owner.id)
    answer = client.get(f"/api/v1/relays/{owner.id}/members", headers=bearer(mine)).json()
    assert (answer["in_force"], answer["unreachable"], answer["without_mandate"][0]["why"]) == (2, 1, "suspended")


REACHED = {
    "active": True,
    "verified": 1,
    "contacts": 1,
    "working": 1,
    "confidentiality": True,
    "informations": ["victim"],
}
CASES = [
    ({}, [], True),
    ({"active": False}, ["inactive"], False),
    ({"verified": 0}, ["no-asset"], False),
    ({"contacts": 0, "working": 0}, ["no-contact"], False),
    ({"working": 0}, ["contact-fails"], False),
    ({"confidentiality": False}, ["no-confidentiality"], True),
    ({"informations": ["vulnerability"]}, ["no-victims"], True),
]


@pytest.mark.parametrize(("change", "codes", "reachable"), CASES, ids=[str(at) for at in range(len(CASES))])
def test_what_stands_between_a_member_and_a_warning(change, codes, reachable):
    found = rules.obstacles(**REACHED | change)
    assert [one.code for one in found] == codes
    assert reachable is not any(one.blocks for one in found)
