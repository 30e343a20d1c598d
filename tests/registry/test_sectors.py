"""A sectoral CSIRT or competent authority reads the entities of its sectors, and cannot see any other, in no way."""

import csv
import io
import json

import pytest
from django.db import connection
from django.test import Client
from tests.accounts.people import MEMBER, TESTER, person, token

from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import actors
from dijkwacht.platform.accounts.permissions import scopes_for
from dijkwacht.rooms.registry import actions, history, reach, reads
from dijkwacht.rooms.registry.errors import AlreadyThere, InvalidField, NotAllowed, NotFound
from dijkwacht.rooms.registry.models import Asset, Change, Contact, Organisation, OrganisationSector
from dijkwacht.rooms.registry.vocabulary import Record

from .people import ANALYST, OFFICER
from .test_history import later

pytestmark = pytest.mark.django_db


def entity(name, *sectors, kind="organisation", **values):
    with tenancy.acting(OFFICER):
        found = actions.create_organisation(
            actor=OFFICER, name=name, kind=kind, classification="essential", sectors=list(sectors), **values
        )
        email = f"{''.join(filter(str.isalpha, name.lower()))}@contact.example"
        actions.add_contact(actor=OFFICER, organisation=found.id, email=email)
    return found


@pytest.fixture
def hospital():
    return entity("Ziekenhuis Duinzicht", "1.5", kvk="12345678")


@pytest.fixture
def energy():
    found = entity("Netbeheer Geheim", "1.1a", kvk="87654321")
    with tenancy.acting(OFFICER):
        actions.claim_asset(actor=OFFICER, organisation=found.id, kind="prefix", value="198.51.100.0/24")
        actions.claim_asset(actor=OFFICER, organisation=found.id, kind="domain", value="geheim.example")
    return found


@pytest.fixture
def cert():
    found = entity("Z-CERT", kind="relay")
    with tenancy.acting(OFFICER):
        for sector in ("1.5", "2.5a"):
            actions.designate(actor=OFFICER, reader=found.id, sector=sector, role="csirt", ground="Cbb 2")
    return found


@pytest.fixture
def analyst_of_cert(cert):
    return person("analyst@z-cert.example", organisations={cert.id: MEMBER})


@pytest.fixture
def reader(analyst_of_cert):
    return actors.of_user(analyst_of_cert)


@pytest.fixture
def browser(analyst_of_cert):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(analyst_of_cert, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def program(cert):
    with tenancy.acting(TESTER):
        administrator = person("administrator@centre.example", centre=["administrator"])
        shown = token(administrator, *scopes_for(centre=False), organisation=cert.id)
    return Client(headers={"Authorization": f"Bearer {shown}"})


def names(actor):
    with tenancy.acting(actor):
        return {row.name for row in reads.organisations_for(actor)}


def test_a_designation_gives_its_sectors_to_the_people_of_the_reader(reader):
    assert reader.sectors == {"1.5", "2.5a"}


def test_a_whole_sector_holds_its_subsectors(cert):
    with tenancy.acting(OFFICER):
        actions.designate(actor=OFFICER, reader=cert.id, sector="1.10", role="authority", ground="Cbw 15")
        assert {"1.10", "1.10a", "1.10b", "1.10c"} <= reach.sectors_of(frozenset({cert.id}))
        assert "1.1a" not in reach.sectors_of(frozenset({cert.id}))


@pytest.mark.usefixtures("hospital", "energy")
def test_the_reader_sees_its_sectors_and_itself(reader):
    assert names(reader) == {"Z-CERT", "Ziekenhuis Duinzicht"}


@pytest.mark.usefixtures("energy")
def test_the_database_itself_shows_no_row_of_another_sector(reader, hospital):
    with tenancy.acting(reader):
        assert set(Organisation.objects.values_list("name", flat=True)) == {"Z-CERT", "Ziekenhuis Duinzicht"}
        seen = {reader.memberships and next(iter(reader.memberships)), hospital.id}
        for model in (Contact, Asset, Change, OrganisationSector):
            assert set(model.objects.values_list("organisation_id", flat=True)) <= seen
        assert Contact.objects.filter(organisation=hospital).exists()


def test_the_reader_changes_nothing_in_the_database(reader, hospital):
    with tenancy.acting(reader):
        assert Organisation.objects.filter(id=hospital.id).update(name="Mine") == 0
        assert Contact.objects.filter(organisation=hospital).delete()[0] == 0


def test_an_entity_that_leaves_the_sector_leaves_the_reader(reader, hospital):
    with tenancy.acting(OFFICER):
        actions.update_organisation(actor=OFFICER, organisation=hospital.id, sectors=["1.6"])
    assert names(reader) == {"Z-CERT"}


def test_a_designation_that_ended_gives_nothing(analyst_of_cert):
    with tenancy.acting(OFFICER):
        for row in reach.designations_for(OFFICER):
            actions.end_designation(actor=OFFICER, designation=row.id)
    assert actors.of_user(analyst_of_cert).sectors == frozenset()


def test_a_transaction_without_sectors_shows_none(reader, hospital):
    with tenancy.acting(reader), connection.cursor() as cursor:
        cursor.execute("select set_config('dijkwacht.sectors', '', true)")
        assert not Organisation.objects.filter(id=hospital.id).exists()


@pytest.mark.parametrize("said", ["Netbeheer Geheim", "Netbeheer", "87654321", "198.51.100.7", "geheim.example"])
def test_a_search_for_what_is_in_energy_answers_as_for_what_does_not_exist(browser, program, hospital, energy, said):
    for client, address in ((browser, "/registry/organisations"), (program, "/api/v1/organisations")):
        about, nothing = (client.get(address, {"words": words}) for words in (said, "Bestaat Niet"))
        assert about.status_code == nothing.status_code == 200
        assert str(energy.id).encode() not in about.content
        about, nothing = (
            answer.content.replace(words.encode(), b"") for answer, words in ((about, said), (nothing, "Bestaat Niet"))
        )
        assert about.count(b"<tr") == nothing.count(b"<tr")
        if client is program:
            assert about == nothing
    assert hospital.name in browser.get("/registry/organisations", {"words": "zieknhuis"}).content.decode()


@pytest.mark.parametrize("page", ["", "/history", "/edit"])
def test_no_page_of_an_entity_in_energy_is_there(browser, energy, page):
    assert browser.get(f"/registry/organisations/{energy.id}{page}").status_code in {403, 404}


def test_the_page_of_an_entity_of_the_sector_shows_its_contacts(browser, hospital):
    shown = browser.get(f"/registry/organisations/{hospital.id}")
    assert "ziekenhuisduinzicht@contact.example" in shown.content.decode()
    assert browser.get(f"/registry/organisations/{hospital.id}/history").status_code == 200


@pytest.mark.parametrize("part", ["", "/contacts", "/assets"])
def test_the_api_knows_no_entity_in_energy(program, hospital, energy, part):
    assert program.get(f"/api/v1/organisations/{energy.id}{part}").status_code == 404
    assert program.get(f"/api/v1/organisations/{hospital.id}{part}").status_code == 200


@pytest.mark.usefixtures("hospital", "energy")
def test_the_export_holds_the_sectors_and_nothing_else(browser, program):
    for answer in (browser.get("/registry/export/registry.csv"), program.get("/api/v1/registry-exports/registry.csv")):
        rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
        assert {row["name"] for row in rows if row["record"] == "organisation"} == {"Ziekenhuis Duinzicht"}
        assert "mandate" not in {row["record"] for row in rows}
    as_json = b"".join(browser.get("/registry/export/registry.json").streaming_content)
    assert [found["name"] for found in json.loads(as_json)["organisations"]] == ["Ziekenhuis Duinzicht"]


def test_the_export_of_a_sector_does_not_tell_that_somebody_else_claims_the_same(browser, program, hospital, energy):
    with tenancy.acting(OFFICER):
        Asset.objects.filter(organisation=energy).delete()
        for one in (hospital, energy):
            actions.claim_asset(actor=OFFICER, organisation=one.id, kind="prefix", value="203.0.113.0/24")
        Asset.objects.filter(organisation=hospital).update(evidence="also claimed by Netbeheer Geheim")
        assert Asset.objects.get(organisation=hospital).status == "disputed"
    for answer in (
        browser.get("/registry/export/registry.csv"),
        program.get("/api/v1/registry-exports/registry.csv"),
        browser.get("/registry/export/registry.json"),
    ):
        text = b"".join(answer.streaming_content).decode()
        assert "claimed" in text
        assert "disputed" not in text
        assert "Geheim" not in text


@pytest.mark.usefixtures("hospital", "energy")
def test_the_count_of_a_sector_is_that_of_its_own(browser):
    shown = browser.get("/registry/sectors").content.decode()
    assert "1.1a" not in shown
    assert ">1<" in shown.replace("\n", "")
    assert browser.get("/registry/numbers").status_code == 403


@pytest.mark.usefixtures("hospital")
def test_the_past_of_energy_is_closed_too(reader, energy):
    moment = later()
    with tenancy.acting(reader):
        assert list(history.as_of(reader, moment, record=Record.ORGANISATION, organisation=energy.id)) == []
        found = {version.values["name"] for version in history.as_of(reader, moment, record=Record.ORGANISATION)}
        assert found == {"Z-CERT", "Ziekenhuis Duinzicht"}
        assert not history.changes_of(reader, energy.id).exists()


def test_the_index_of_names_answers_the_centre_alone(reader, energy):
    with tenancy.acting(reader), connection.cursor() as cursor:
        cursor.execute("select count(*) from registry_find('Netbeheer Geheim', 10)")
        assert cursor.fetchone() == (0,)
    with tenancy.acting(ANALYST), connection.cursor() as cursor:
        cursor.execute("select organisation_id from registry_find('Netbeheer Geheim', 10)")
        assert cursor.fetchone() == (energy.id,)


def rows_read(actor, said):
    """How many rows of organisations the database looks at to answer a search: time follows it.

    Asked twice: the first time takes out of the indexes what tests before this one left dead there.
    """
    with tenancy.acting(actor), connection.cursor() as cursor:
        reads.search(actor, said)
        before = _rows(cursor)
        reads.search(actor, said)
        return _rows(cursor) - before


def _rows(cursor):
    cursor.execute(
        "select sum(pg_stat_get_xact_tuples_returned(c.oid) + pg_stat_get_xact_tuples_fetched(c.oid)) from pg_class c"
        " left join pg_index i on i.indexrelid = c.oid"
        " where coalesce(i.indrelid, c.oid) in ('registry_organisation'::regclass, 'registry_asset'::regclass)"
    )
    return cursor.fetchone()[0]


@pytest.mark.usefixtures("hospital", "energy")
def test_a_search_takes_the_same_work_whether_another_sector_holds_the_name_or_nobody(reader):
    assert rows_read(reader, "Netbeheer Geheim") == rows_read(reader, "Bestaat Vast Niet") > 0


def test_only_an_officer_designates(cert, reader):
    for actor in (ANALYST, reader):
        with pytest.raises(NotAllowed), tenancy.acting(actor):
            actions.designate(actor=actor, reader=cert.id, sector="1.1a", role="csirt", ground="mine")


@pytest.mark.parametrize(
    ("sector", "role", "ground"), [("9.9", "csirt", "x"), ("1.5", "boss", "x"), ("1.6", "csirt", "")]
)
def test_a_designation_has_a_sector_a_role_and_a_ground(cert, sector, role, ground):
    with pytest.raises(InvalidField), tenancy.acting(OFFICER):
        actions.designate(actor=OFFICER, reader=cert.id, sector=sector, role=role, ground=ground)


def test_a_running_designation_stands_once(cert):
    with pytest.raises(AlreadyThere), tenancy.acting(OFFICER):
        actions.designate(actor=OFFICER, reader=cert.id, sector="1.5", role="csirt", ground="again")


def test_a_stranger_ends_no_designation(cert, hospital):
    from .people import administrator

    with tenancy.acting(OFFICER):
        row = reach.designations_for(OFFICER)[0]
    own = administrator(hospital.id)
    with pytest.raises((NotAllowed, NotFound)), tenancy.acting(own):
        actions.end_designation(actor=own, designation=row.id)
