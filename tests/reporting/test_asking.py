"""What a report asks of one entity: its own confidential criteria, and no law that the register excludes."""

import pytest
from tests.accounts.people import MEMBER, person, token

from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting.confidential.models import OwnFacts
from dijkwacht.rooms.reporting.models import Incident, Report
from dijkwacht.rooms.reporting.scheduling import CLERK

from .abroad import impact
from .story import NOTIFICATION, OFFICER, file, member, organisation
from .test_confidential import PUMPS, SECRET, enter
from .test_doors import FORM, begun, body, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def water():
    return organisation("Waterleiding Nieuweland", sectors=("1.6",))


def browser(client, *whose, email="nora@nieuweland.example"):
    own = client.__class__()
    own.force_login(person(email, organisations={one.id: MEMBER for one in whose}))
    return own


def test_the_entity_is_asked_for_its_own_criterion_and_what_it_answers_decides(client, water):
    enter(PUMPS, water)
    nora = browser(client, water)
    draft = begun(nora, water)
    page = nora.get(draft).content.decode()
    assert 'name="own.pumps"' in page
    assert SECRET in page
    nora.post(draft, {**FORM, "matter": "voluntary", "own.pumps": "4"})
    assert SECRET in nora.get(f"{draft}/check").content.decode()  # what will be sent is shown to whoever sends it
    nora.post(f"{draft}/check")
    with tenancy.acting(OFFICER):
        row = Incident.objects.get()
        assert row.significant is True
        assert OwnFacts.objects.get().facts == {"pumps": 4}
        assert "pumps" not in str(row.facts)
        assert not [one for one in Report.objects.all() if "pumps" in str(one.content)]


def test_what_is_wrong_with_it_is_said_at_its_field_and_a_later_stage_asks_it_too(client, water):
    enter(PUMPS, water)
    nora = browser(client, water)
    draft = begun(nora, water)
    wrong = nora.post(draft, {**FORM, "own.pumps": "many"})
    assert (wrong.status_code, b'id="id_own.pumps_problem"' in wrong.content) == (422, True)
    made = file(member(water.id), water.id).incident
    later = nora.post(f"/report/{made.id}/stage", {"stage": "notification"})["Location"]
    assert b'name="own.pumps"' in nora.get(later).content


def test_nobody_else_is_asked_for_it_or_can_tell_that_it_is_there(client, water):
    bakery = organisation("Bakkerij Korst", classification="important", sectors=("1.6",))
    other = browser(client, bakery, email="b@korst.example")
    before = other.get(begun(other, bakery)).content.decode()
    enter(PUMPS, water)
    after = other.get(begun(other, bakery)).content.decode()
    assert "own." not in after
    assert len(before) - len(after) == 0  # but for identifiers and the time, which are as long
    for page in ("/report/without-account", "/report/offline-form"):
        text = client.get(page).content.decode()
        assert "own." not in text
        assert SECRET not in text


def test_a_fact_that_is_sent_for_an_entity_without_such_a_criterion_is_neither_kept_nor_answered_otherwise(
    client, water
):
    bakery = organisation("Bakkerij Korst", classification="important", sectors=("1.6",))
    enter(PUMPS, water)
    other = browser(client, bakery, email="b@korst.example")
    draft = begun(other, bakery)
    known = other.post(draft, {**FORM, "own.pumps": "4"})
    assert known["Location"] == f"{draft}/check"
    other.post(f"{draft}/check")
    with tenancy.acting(CLERK):
        assert not OwnFacts.objects.exists()


def test_a_program_that_sends_facts_of_a_criterion_learns_nothing_of_whose_it_is(client, water):
    """The answer is the same for an entity that has the criterion and for one that has not."""
    enter(PUMPS, water)
    bakery = organisation("Bakkerij Korst", classification="essential", sectors=("1.6",))
    told = []
    for whose in (water, bakery):
        key = token(person(f"a@{whose.id.hex[:6]}.example"), "reports:write", organisation=whose.id)
        answer = send(client, key, {**body(whose), "facts": {**body(whose)["facts"], "own": {"pumps": 4}}})
        told.append((answer.status_code, sorted(answer.json()), [sorted(one) for one in answer.json()["reports"]]))
        assert "pumps" not in answer.content.decode()
    assert told[0] == told[1]


def test_a_law_that_the_register_excludes_is_not_asked_about_and_can_be_reached(client, water):
    nora = browser(client, water)
    draft = begun(nora, water)
    page = nora.get(draft).content.decode()
    assert "netcode_kind" not in page
    assert "Elektriciteit (Netcode)" in page  # that it is left out is said
    there = nora.post(draft, {**FORM, "title": "Halfway", "do": "every"})["Location"]
    page = nora.get(there).content.decode()
    assert 'name="netcode_kind"' in page
    assert "Halfway" in page
    answered = nora.post(draft, {**FORM, "every": "yes", "netcode_kind": "attack", "awareness": "never"})
    assert b'name="netcode_kind"' in answered.content
    assert b'name="netcode_kind"' in nora.get(draft).content  # somebody answered it: it stays


@pytest.mark.parametrize("sectors", [("1.1a",), ("1.1",), ("1.8",), ("1.9", "1.6"), ()], ids="-".join)
def test_whoever_may_fall_under_the_network_code_is_asked(client, sectors):
    grid = organisation("Netbeheer Delta", sectors=sectors)
    nora = browser(client, grid)
    assert b'name="netcode_kind"' in nora.get(begun(nora, grid)).content


def test_an_entity_that_a_decision_names_is_asked_whatever_its_sector(client, water):
    impact(water)
    nora = browser(client, water)
    assert b'name="netcode_kind"' in nora.get(begun(nora, water)).content
    made = file(member(water.id), water.id, facts=None).incident
    later = nora.post(f"/report/{made.id}/stage", {"stage": "notification"})["Location"]
    assert b'name="netcode_kind"' in nora.post(later, {**FORM, **NOTIFICATION, "awareness": "x"}).content
