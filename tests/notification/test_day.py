"""The day of the centre: what waits in every room, with doors only for who may open them."""

import re

import pytest
from tests.accounts.people import person
from tests.notification import world
from tests.registry.people import administrator
from tests.reporting.story import file, member, organisation

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification import waiting
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry import reads

pytestmark = pytest.mark.django_db
CARD = re.compile(r'<li class="card( waiting)?"><span class="figure">(\d+)</span>(?:<a href="([^"]*)">)?([^<]*)')


def day(client, role):
    client.force_login(person(f"{role}@centre.example", centre=[role], language="en"))
    answer = client.get("/day")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_day_counts_incidents_and_organisations_that_want_to_leave(client):
    whose = organisation()
    file(member(whose.id), whose.id)
    actor = administrator(whose.id)
    with tenancy.acting(actor):
        registry.ask_deregistration(actor=actor, organisation=whose.id, reason="ceased", effective_on=reads.today())
    cards = {title: (count, address) for _, count, address, title in CARD.findall(day(client, CentreRole.OFFICER))}
    assert cards["incidents that no person answered yet"] == ("1", "/incidents")
    assert cards["organisations that ask to leave the register"] == ("1", "/registry/deregistrations")
    assert cards["registrations to decide on"] == ("0", "/registrations")


def test_what_is_not_empty_stands_first():
    whose = organisation()
    file(member(whose.id), whose.id)
    with tenancy.acting(world.officer()):
        counts = [one.count for one in waiting.piles(world.officer())]
    assert counts[0] == 1
    assert not any(counts[1:])


@pytest.mark.parametrize("role", [CentreRole.ANALYST, CentreRole.AUDITOR, CentreRole.ADMINISTRATOR])
def test_the_day_shows_no_door_that_stays_shut(client, role):
    with tenancy.acting(world.TEST):
        world.finding(world.organisation(), "192.0.2.1", severity=4)
        world.batch()
    main = day(client, role).split("<main", 1)[1].split("</main>")[0]
    for address in re.findall(r'href="(/[^"]*)"', main):
        assert client.get(address).status_code == 200, address
