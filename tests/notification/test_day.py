"""The day of the centre: what waits in every room, with doors only for who may open them."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.accounts.people import person
from tests.notification import world
from tests.phishing import listed, shield
from tests.registry.people import administrator
from tests.reporting.story import file, member, organisation

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy, waiting
from dijkwacht.rooms.phishing.deciding.models import Review
from dijkwacht.rooms.phishing.warning.models import Appeal
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry import reads

pytestmark = pytest.mark.django_db
PILE = re.compile(r'<li(?: class="card waiting"><span class="figure">(\d+)</span>|>)(?:<a href="([^"]*)">)?([^<]*)')


def day(client, role):
    client.force_login(person(f"{role}@centre.example", centre=[role], language="en"))
    answer = client.get("/day")
    assert answer.status_code == 200
    return answer.content.decode()


def piles(page):
    """What waits and where, as the page shows it; nothing for a pile that is empty."""
    return {title: (count, address) for count, address, title in PILE.findall(page.split("<main", 1)[1])}


def test_the_day_counts_incidents_and_organisations_that_want_to_leave(client):
    whose = organisation()
    file(member(whose.id), whose.id)
    actor = administrator(whose.id)
    with tenancy.acting(actor):
        registry.ask_deregistration(actor=actor, organisation=whose.id, reason="ceased", effective_on=reads.today())
    cards = piles(day(client, CentreRole.OFFICER))
    assert cards["incidents that no person answered yet"] == ("1", "/incidents")
    assert cards["organisations that ask to leave the register"] == ("1", "/registry/deregistrations")
    assert cards["registrations to decide on"] == ("", "/registrations")


def test_what_is_not_empty_stands_first():
    whose = organisation()
    file(member(whose.id), whose.id)
    with tenancy.acting(world.officer()):
        counts = [one.count for one in waiting.piles(world.officer())]
    assert counts[0] == 1
    assert not any(counts[1:])


def test_the_day_counts_what_waits_in_the_other_rooms_for_whoever_may_open_them(client):
    entry = listed.block("blocked.example")
    with tenancy.acting(shield.MACHINE):
        Review.objects.create(campaign=shield.campaign())
        Appeal.objects.create(ticket="x", entry=entry, due_at=timezone.now() - timedelta(minutes=1))
    cards = piles(day(client, CentreRole.OFFICER))
    assert cards["suspicious sites to judge"] == ("1", "/phishing/queue")
    assert cards["appeals against a warning past their term"] == ("1", "/phishing/appeals")
    assert cards["advisories for a second person"] == ("", "/desk/advisories")
    assert cards["texts of measures for a second person"] == ("", "/knowledge-desk")
    assert cards["names of products to judge"] == ("", "/advisories/products/questions")
    assert "names of products to judge" not in day(client, CentreRole.AUDITOR)


@pytest.mark.parametrize("role", [CentreRole.ANALYST, CentreRole.AUDITOR, CentreRole.ADMINISTRATOR])
def test_the_day_shows_no_door_that_stays_shut(client, role):
    with tenancy.acting(world.TEST):
        world.finding(world.organisation(), "192.0.2.1", severity=4)
        world.batch()
    main = day(client, role).split("<main", 1)[1].split("</main>")[0]
    for address in re.findall(r'href="(/[^"]*)"', main):
        assert client.get(address).status_code == 200, address
