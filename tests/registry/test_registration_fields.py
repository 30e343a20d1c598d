"""The fields that the law asks at registration: cleaned, kept, exchanged, and shown to whom they concern."""

import io
import json

import pytest
from tests.accounts.people import ADMINISTRATOR, MEMBER, person

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry import actions, cleaners, particulars
from dijkwacht.rooms.registry.models import Organisation

from .people import OFFICER

pytestmark = pytest.mark.django_db
MAIN = {
    "kind": "main",
    "name": "",
    "street": "Kade 1",
    "postcode": "1234 AB",
    "city": "Waterkant",
    "country": "NL",
}
BRANCH = {**MAIN, "kind": "establishment", "street": "Quai 2", "postcode": "1000", "city": "Brussel", "country": "BE"}
GIVEN = {
    "foreign_register": "Handelsregister B, Hamburg",
    "foreign_number": "HRB 12345",
    "declaration": "essential",
    "entity_types": ["1.8-dns", "1.9-msp"],
    "member_states": ["BE", "NL"],
    "emails": ["info@kant.example"],
    "phones": ["+31201234567"],
    "addresses": [MAIN, BRANCH],
    "arrangements": [{"name": "ISAC Water", "joined": "2025-01-01", "left": ""}],
}


def make(name="Gemeente Waterkant"):
    with tenancy.acting(OFFICER):
        return actions.create_organisation(
            actor=OFFICER, name=name, kind="organisation", classification="essential", **GIVEN
        )


def test_every_field_is_kept():
    row = make()
    with tenancy.acting(OFFICER):
        stored = Organisation.objects.get(id=row.id)
    assert {name: getattr(stored, name) for name in GIVEN} == GIVEN


@pytest.mark.parametrize(
    ("cleaner", "written"),
    [
        (cleaners.member_states, "NL;GB"),
        (cleaners.member_states, "CH"),
        (cleaners.entity_types, "1.8"),
        (cleaners.entity_types, "9.9-dns"),
        (cleaners.entity_types, "1.8-DNS"),
        (cleaners.many(cleaners.email), "info@kant.example;kant"),
        (cleaners.many(cleaners.phone), [f"+3120123{n:04}" for n in range(51)]),
        (particulars.addresses, "main|||1234 AB|Waterkant|NL"),
        (particulars.addresses, "main||Kade 1|1234 AB|Waterkant|NL\nmain||Kade 2|1234 AB|Waterkant|NL"),
        (particulars.addresses, "establishment||Lane 1|E1|London|GB"),
        (particulars.addresses, "representative||Kade 1||Waterkant|NL"),
        (particulars.addresses, "home||Kade 1||Waterkant|NL"),
        (particulars.addresses, "main||Kade 1||Waterkant|NL|more"),
        (particulars.addresses, [{**MAIN, "colour": "red"}]),
        (particulars.addresses, [{**MAIN, "street": {"a": 1}}]),
        (particulars.addresses, [{**MAIN, "street": "Kade; 1"}]),
        (particulars.arrangements, "ISAC|01-01-2025"),
        (particulars.arrangements, "ISAC|2025-01-01|2024-01-01"),
        (particulars.arrangements, "|2025-01-01"),
    ],
)
def test_a_wrong_value_is_refused_in_both_languages(cleaner, written):
    with pytest.raises(cleaners.Refused) as refused:
        cleaner(written)
    assert refused.value.reason_nl != refused.value.reason_en


@pytest.mark.parametrize("name", ["registry.csv", "registry.json"])
def test_what_goes_out_comes_in_the_same(name):
    row = make()
    with tenancy.acting(OFFICER):
        content = b"".join(actions.export_file(actor=OFFICER, name=name))
        assert actions.import_file(actor=OFFICER, file=io.BytesIO(content), name=name).stored["organisation"] == 0
        Organisation.objects.all().delete()
        report = actions.import_file(actor=OFFICER, file=io.BytesIO(content), name=name)
        assert report.refusals == []
        stored = Organisation.objects.get(id=row.id)
    assert {field: getattr(stored, field) for field in GIVEN} == GIVEN


def test_the_api_takes_and_gives_them(client):
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    body = {"name": "X", "kind": "organisation", "classification": "essential", **GIVEN}
    answer = client.post("/api/v1/organisations", json.dumps(body), content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert {name: answer.json()[name] for name in GIVEN} == GIVEN


def test_the_officers_form_shows_them_and_stores_them_unchanged(client):
    row = make()
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    page = f"/registry/organisations/{row.id}/edit"
    shown = client.get(page)
    values = {field.html_name: field.value() for field in shown.context["form"]} | {"active": "on"}
    answer = client.post(page, {name: value for name, value in values.items() if value is not None})
    assert answer.status_code == 302, answer.content.decode()
    with tenancy.acting(OFFICER):
        stored = Organisation.objects.get(id=row.id)
        assert not Event.objects.filter(action="registry:organisation:update").exists()
    assert {field: getattr(stored, field) for field in GIVEN} == GIVEN


def test_a_relay_sees_no_address_and_no_telephone_of_its_member(client):
    row = make()
    with tenancy.acting(OFFICER):
        relay = actions.create_organisation(actor=OFFICER, name="Z-Waakt", kind="relay", classification="other")
        actions.add_mandate(actor=OFFICER, relay=relay.id, member=row.id)
    client.force_login(person("relay@waakt.example", organisations={relay.id: MEMBER}))
    found = client.get(f"/api/v1/organisations/{row.id}").json()
    assert (found["emails"], found["phones"], found["addresses"]) == ([], [], [])
    assert found["entity_types"] == GIVEN["entity_types"]
    page = client.get(f"/registry/organisations/{row.id}").content.decode()
    assert "info@kant.example" not in page
    assert "Kade 1" not in page
    client.force_login(person("own@kant.example", organisations={row.id: ADMINISTRATOR}))
    assert client.get(f"/api/v1/organisations/{row.id}").json()["addresses"] == [MAIN, BRANCH]
    assert "Kade 1" in client.get(f"/registry/organisations/{row.id}").content.decode()


def test_the_log_holds_no_telephone_number():
    row = make()
    with tenancy.acting(OFFICER):
        actions.update_organisation(actor=OFFICER, organisation=row.id, phones="+31207654321", declaration="important")
        event = Event.objects.get(action="registry:organisation:update")
    assert "7654321" not in json.dumps(event.detail)
    assert "declaration" in json.dumps(event.detail)
