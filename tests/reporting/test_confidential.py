"""Confidential criteria of one entity judge its incidents; it, its authority and officers alone learn of them."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests.accounts.people import ADMINISTRATOR, MEMBER, person

from dijkwacht.kernel.actor import Actor, CentreRole, Kind
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry.actions import designations
from dijkwacht.rooms.reporting import reads as incidents
from dijkwacht.rooms.reporting import weighing
from dijkwacht.rooms.reporting.confidential import actions, reads
from dijkwacht.rooms.reporting.confidential.models import OwnCriterion, OwnFacts, OwnFired
from dijkwacht.rooms.reporting.errors import AlreadyDone, InvalidValue, NotFound
from dijkwacht.rooms.reporting.models import Incident

from .story import OFFICER, ago, early_warning, file, member, organisation

pytestmark = pytest.mark.django_db
SECRET = "GEHEIM-CRITERIUM"
ANALYST = Actor(kind=Kind.PERSON, id="00000000-0000-4000-8000-000000000002", roles=frozenset({CentreRole.ANALYST}))
PUMPS = {
    "sentence_nl": f"{SECRET}: meer dan 3 pompen",
    "sentence_en": f"{SECRET}: more than 3 pumps",
    "valid_from": "2026-08-15",
    "fact_1": "own.pumps",
    "test_1": "above",
    "value_1": "3",
    "question_nl_1": f"Hoeveel pompen staan stil? {SECRET}",
    "question_en_1": f"How many pumps stand still? {SECRET}",
}
USERS = {**PUMPS, "fact_1": "users_affected", "value_1": "7"}


@pytest.fixture
def water():
    return organisation("Waterleiding Nieuweland", sectors=("1.6",))


def watcher(name, role, sector="1.6"):
    made = organisation(name, classification="other", sectors=())
    with tenancy.acting(OFFICER):
        designations.designate(actor=OFFICER, reader=made.id, sector=sector, role=role, ground="Cbw 15")
    return made


def reader(whose, identifier, *sectors):
    from dijkwacht.kernel.actor import OrganisationRole

    return Actor(
        kind=Kind.PERSON,
        id=f"00000000-0000-4000-8000-0000000000{identifier}",
        memberships={whose.id: OrganisationRole.REPORTER},
        sectors=frozenset(sectors),
    )


@pytest.fixture
def ministry(water):
    return watcher("Inspectie water", "authority")


@pytest.fixture
def csirt(water):
    return watcher("CSIRT water", "csirt")


def enter(values, whose, actor=OFFICER, **more):
    with tenancy.acting(actor):
        return actions.enter_criterion(actor=actor, organisation=whose.id, values=values, **more)


def reported(whose, **facts):
    return file(member(whose.id), whose.id, facts=early_warning(**facts)).incident


def test_a_criterion_of_the_entity_makes_its_incident_significant_and_is_shown_to_it_its_authority_and_an_officer(
    water, ministry, csirt
):
    enter(USERS, water)
    row = reported(water, users_affected=8)
    assert row.significant is True
    readers = {"entity": member(water.id), "authority": reader(ministry, "b1", "1.6"), "officer": OFFICER}
    others = {"csirt": reader(csirt, "b2", "1.6"), "analyst": ANALYST}
    for who, actor in {**readers, **others}.items():
        with tenancy.acting(actor):
            held = Incident.objects.get(id=row.id)
            told = reads.fired(actor, incidents.judgements_of(held))
            assert bool(told) is (who in readers), who
            assert bool(list(reads.criteria_of(actor, water.id))) is (who in readers), who
            assert SECRET not in json.dumps([one.verdict for one in incidents.judgements_of(held)])


def test_another_entity_and_the_sectoral_csirt_get_no_row_of_the_database(water, ministry, csirt):
    enter(PUMPS, water)
    row = file(member(water.id), water.id, facts={**early_warning(), "own": {"pumps": 4}}).incident
    assert row.significant is True
    other = organisation("Netbeheer", sectors=("1.1a",))
    for actor in (member(other.id, "00000000-0000-4000-8000-0000000000ad"), reader(csirt, "b2", "1.6")):
        with tenancy.acting(actor):
            assert (OwnCriterion.objects.count(), OwnFired.objects.count(), OwnFacts.objects.count()) == (0, 0, 0)
    with tenancy.acting(reader(ministry, "b1", "1.6")):
        assert (OwnCriterion.objects.count(), OwnFired.objects.count()) == (1, 1)


def test_it_counts_from_its_first_to_its_last_day(water):
    today = timezone.localdate()
    row = enter({**USERS, "valid_from": str(today - timedelta(days=30))}, water)
    with tenancy.acting(OFFICER):
        actions.end_criterion(actor=OFFICER, criterion=row.id, last=today - timedelta(days=10))
        with pytest.raises(AlreadyDone):
            actions.end_criterion(actor=OFFICER, criterion=row.id, last=today)
    assert reported(water, users_affected=8).significant is not True
    old = {"occurrence": ago(days=20, hours=2), "awareness": ago(days=20)}
    assert reported(water, users_affected=8, title="Earlier", **old).significant is True


def test_the_words_and_the_facts_stand_sealed_and_the_log_holds_none(water, ministry):
    enter(PUMPS, water)
    file(member(water.id), water.id, facts={**early_warning(), "own": {"pumps": 4}})
    with tenancy.acting(OFFICER), connection.cursor() as cursor:
        for table in ("owncriterion", "ownfired", "ownfacts", "incident", "report", "judgement"):
            cursor.execute(f"select string_agg(t::text, ' ') from reporting_{table} t")
            assert SECRET not in (cursor.fetchone()[0] or "")
        told = [event.detail for event in Event.objects.filter(action__startswith="reporting:")]
        assert SECRET not in json.dumps(told)
        assert "own.pumps" not in json.dumps(told)
        row = Incident.objects.get()
        assert "own" not in row.facts
        assert all("own" not in one.content["facts"] for one in row.reports.all())


def test_an_authority_enters_for_entities_of_its_sectors_and_a_csirt_does_not(water, ministry, csirt):
    decider = reader(ministry, "b1", "1.6")
    row = enter(PUMPS, water, decider)
    assert row.authority_id == ministry.id
    for actor in (reader(csirt, "b2", "1.6"), member(water.id), ANALYST):
        with pytest.raises(NotFound):
            enter(PUMPS, water, actor)
    with pytest.raises(NotFound):
        enter(PUMPS, organisation("Netbeheer", sectors=("1.1a",)), decider)


def test_with_two_authorities_an_officer_says_which_one_decided(water, ministry):
    second = watcher("Tweede inspectie", "authority")
    with pytest.raises(InvalidValue):
        enter(PUMPS, water)
    assert enter(PUMPS, water, authority=second.id).authority_id == second.id
    with pytest.raises(InvalidValue):
        enter(PUMPS, water, authority=water.id)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sentence_nl": ""}, "sentence_nl"),
        ({"valid_from": "tomorrow"}, "valid_from"),
        ({"valid_to": "2026-08-01"}, "valid_to"),
        ({"fact_1": ""}, "fact_1"),
        ({"fact_1": "no_such_fact"}, "fact_1"),
        ({"fact_1": "death"}, "fact_1"),  # a figure is asked of a yes-no
        ({"fact_1": "own.PUMPS!"}, "fact_1"),
        ({"test_1": "like"}, "test_1"),
        ({"value_1": "many"}, "value_1"),
        ({"question_nl_1": ""}, "question_nl_1"),
    ],
    ids=lambda one: "-".join(one) if isinstance(one, dict) else None,
)
def test_what_is_no_criterion_is_refused_by_its_field(water, change, field):
    with pytest.raises(InvalidValue) as refused:
        enter({**PUMPS, **change}, water)
    assert refused.value.fields["field"] == field


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_calculator_asks_and_judges_by_it_for_that_entity_alone(client, water, ministry):
    enter(PUMPS, water)
    client.force_login(person("nora@nieuweland.example", organisations={water.id: MEMBER}))
    page = client.get("/report/significant", headers={"Accept-Language": "nl"}).content.decode()
    assert "Hoeveel pompen" in page
    form = {"title": "Stilstand", "detection": "2026-11-20T03:15", "own.pumps": "4", "do": "judge"}
    told = client.post("/report/significant", form).content.decode()
    assert "meer dan 3 pompen" in told
    bad = client.post("/report/significant", {**form, "own.pumps": "many"})
    assert bad.status_code == 422
    kept = client.post("/report/significant", {**form, "do": "keep", "reason": "Tested"})
    assert kept.status_code == 302
    officer = client.__class__()
    officer.force_login(person("analyst@centre.example", centre=[CentreRole.ANALYST]))
    assert SECRET not in officer.get(kept["Location"]).content.decode()
    other = organisation("Netbeheer", sectors=("1.6",))
    with tenancy.acting(member(other.id)):
        assert not weighing.asked(other, timezone.now()).own


def test_an_officer_enters_and_ends_one_on_the_page(client, water, ministry):
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    assert f"/incidents/criteria/of/{water.id}" in client.get("/incidents/criteria?q=waterleiding").content.decode()
    place = f"/incidents/criteria/of/{water.id}"
    refused = client.post(place, {**PUMPS, "value_1": "x"})
    assert (refused.status_code, SECRET in refused.content.decode()) == (422, True)
    assert client.post(place, PUMPS).status_code == 302
    assert SECRET in client.get(place).content.decode()
    with tenancy.acting(OFFICER):
        (row,) = OwnCriterion.objects.all()
    assert client.post(f"/incidents/criteria/{row.id}/end", {"valid_to": "x"}).status_code == 302
    assert client.post(f"/incidents/criteria/{row.id}/end").status_code == 302
    with tenancy.acting(OFFICER):
        assert OwnCriterion.objects.get().valid_to == timezone.localdate()


def test_no_page_program_export_or_search_of_others_holds_it(client, water, ministry, csirt):
    enter(PUMPS, water)
    row = file(member(water.id), water.id, facts={**early_warning(), "own": {"pumps": 4}}).incident
    addresses = (
        "/report", "/report/significant", "/incidents", f"/incidents/{row.id}", f"/incidents/{row.id}/export.json",
        f"/incidents/{row.id}/export.stix.json", "/api/v1/incidents", f"/api/v1/incidents/{row.id}",
        f"/incidents/criteria/of/{water.id}", "/incidents/criteria?q=waterleiding", "/incidents/quarterly.json",
        f"/registry/organisations/{water.id}", f"/registry/organisations/{water.id}/history", "/registry/sectors",
    )  # fmt: skip
    stranger = organisation("Een ander")
    people = {
        "csirt": person("csirt@x.example", organisations={csirt.id: ADMINISTRATOR}),
        "stranger": person("stranger@x.example", organisations={stranger.id: ADMINISTRATOR}),
        "analyst": person("analyst@centre.example", centre=[CentreRole.ANALYST]),
    }
    for who, user in people.items():
        client.force_login(user)
        for address in addresses:
            told = client.get(address).content.decode()
            assert SECRET not in told, (who, address)
            assert "pumps" not in told.replace("Pumps", ""), (who, address)
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    for address in (f"/incidents/{row.id}/export.json", f"/incidents/{row.id}/export.stix.json"):
        assert SECRET not in client.get(address).content.decode()
    assert SECRET in client.get(f"/incidents/{row.id}").content.decode()
    client.force_login(person("inspector@x.example", organisations={ministry.id: ADMINISTRATOR}))
    assert SECRET in client.get(f"/incidents/{row.id}").content.decode()


def test_the_sentence_stands_in_the_language_of_the_page(client, water):
    enter(USERS, water)
    row = reported(water, users_affected=8)
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    for address in (f"/incidents/criteria/of/{water.id}", f"/incidents/{row.id}"):
        told = client.get(address, headers={"Accept-Language": "nl"}).content.decode()
        assert "meer dan 3 pompen" in told, address
        assert "more than 3 pumps" not in told, address
