"""A version that was shared as STIX 2.1: all that it holds, and nothing of whom it is about."""

import json
import re
from datetime import timedelta

import pytest
from tests.accounts.people import MEMBER, person

from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting.crossing import passages
from dijkwacht.rooms.reporting.scheduling import CLERK

from .abroad import CLUES, grid, impact, judge, point, reported, share
from .story import organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident():
    """Reported a day before it was shared."""
    row = reported(grid())
    with tenancy.acting(CLERK):
        row.received_at -= timedelta(days=1)
        row.save(update_fields=["received_at"])
    return row


@pytest.fixture
def receiver():
    return organisation("Netbeheer Drenthe", sectors=("1.1a",))


@pytest.fixture
def given(incident, receiver):
    """A version for an entity of the register, and a browser of somebody of that entity."""
    impact(receiver)
    judge(incident)
    return share(incident, "netcode-entity")[0]


@pytest.fixture
def reader(client, receiver):
    client.force_login(person("soc@drenthe.example", organisations={receiver.id: MEMBER}))
    return client


def test_it_holds_what_the_version_holds_and_no_more(reader, given, incident):
    answer = reader.get(f"/shared/{given.id}?form=stix")
    assert answer["Content-Type"] == "application/stix+json;version=2.1"
    text = answer.content.decode()
    made = json.loads(text)["objects"]
    with tenancy.acting(CLERK):
        facts = given.content["facts"]
    (told,) = [one for one in made if one["type"] == "incident"]
    assert told["name"] == facts["title"]
    patterns = [one["pattern"] for one in made if one["type"] == "indicator"]
    assert patterns == ["[ipv4-addr:value = '203.0.113.77']"]
    notes = "".join(one["content"] for one in made if one["type"] == "note")
    for name in set(facts) - {"title", "description", "indicators"}:
        assert f"{name}: " in notes
    assert [one["identity_class"] for one in made if one["type"] == "identity"] == ["organization"]  # the centre
    assert not [clue for clue in CLUES if clue in text]
    for hidden in (incident.number, str(incident.id), incident.received_at.strftime("%Y-%m-%dT%H:%M:%S")):
        assert hidden not in text
    assert given.number in text


def test_its_identifiers_do_not_meet_those_of_the_incident_or_of_another_version(reader, given, incident):
    point("DE", "spoc")
    other = share(incident, "state", "DE")[0]
    with tenancy.acting(CLERK):
        from dijkwacht.rooms.reporting.actions.exporting import _stix
        from dijkwacht.rooms.reporting.crossing import as_stix

        texts = [_stix(incident).decode(), as_stix.bundle(given).decode(), as_stix.bundle(other).decode()]
    found = [set(re.findall(r'"id": "((?:incident|indicator|bundle|note)--[^"]+)"', text)) for text in texts]
    assert not found[0] & found[1]
    assert not found[1] & found[2]


def test_whoever_is_abroad_takes_it_by_the_link_and_nobody_else_does(client, incident):
    point("DE", "spoc")
    made = share(incident, "state", "DE")[0]
    link = f"/received/{passages.passage(made)}?form=stix"
    assert json.loads(client.get(link).content)["type"] == "bundle"
    assert client.get("/received/none?form=stix").status_code == 404
    stranger = organisation("Bakkerij Korst", classification="other", sectors=())
    client.force_login(person("b@korst.example", organisations={stranger.id: MEMBER}))
    assert client.get(f"/shared/{made.id}?form=stix").status_code == 404


def test_whoever_may_read_what_was_shared_finds_it_in_the_menu(reader, given):
    page = reader.get("/report").content.decode()
    assert re.search(r'<nav class="mainnav".*?href="/shared"', page, re.DOTALL)
    assert 'aria-current="page"' in reader.get("/shared").content.decode()
