"""The registry for programs: every route as the officer, the organisation and a stranger."""

import json

import pytest
from tests.accounts.people import ADMINISTRATOR, bearer, person, token

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry import actions

from .people import OFFICER

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return make("Gemeente Waterkant")


def make(name):
    with tenancy.acting(OFFICER):
        return actions.create_organisation(actor=OFFICER, name=name, kind="organisation", classification="other")


@pytest.fixture
def officer(client):
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    return client


def login(client, organisation):
    client.force_login(person(f"{organisation.id}@a.example", organisations={organisation.id: ADMINISTRATOR}))
    return client


def post(client, path, **body):
    return client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json")


def test_an_officer_registers_an_organisation_with_contact_and_verified_asset(officer):
    made = post(officer, "/organisations", name="Gemeente X", kind="organisation", classification="essential")
    assert made.status_code == 201, made.content
    path = f"/organisations/{made.json()['id']}"
    assert post(officer, f"{path}/contacts", role="security", email="soc@x.example").status_code == 201
    assets = post(officer, f"{path}/assets", kind="prefix", value="192.0.2.0 - 192.0.2.255").json()
    assert [asset["value"] for asset in assets] == ["192.0.2.0/24"]
    verified = post(officer, f"/assets/{assets[0]['id']}/verification", evidence="RIPE database")
    assert verified.json()["status"] == "verified"
    listed = officer.get(f"/api/v1{path}/assets?status=verified").json()["items"]
    assert [asset["id"] for asset in listed] == [assets[0]["id"]]


def test_a_refused_field_is_a_problem_that_names_it(officer):
    answer = post(officer, "/organisations", name="X", kind="organisation", classification="other", kvk="1")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert "kvk" in json.dumps(answer.json())


def test_an_organisation_sees_and_keeps_itself_only(client, organisation):
    other = make("Ander")
    mine = login(client, organisation)
    assert [item["name"] for item in mine.get("/api/v1/organisations").json()["items"]] == ["Gemeente Waterkant"]
    assert post(mine, f"/organisations/{organisation.id}/contacts", email="a@a.example").status_code == 201
    for path in (
        f"/organisations/{other.id}",
        f"/organisations/{other.id}/contacts",
        f"/organisations/{other.id}/assets",
    ):
        assert mine.get(f"/api/v1{path}").status_code == 404
    assert post(mine, f"/organisations/{other.id}/assets", kind="asn", value="64500").status_code == 404
    assert mine.get("/api/v1/registry-exports/registry.csv").status_code == 403


def test_an_organisation_cannot_verify(client, organisation):
    mine = login(client, organisation)
    asset = post(mine, f"/organisations/{organisation.id}/assets", kind="asn", value="64500").json()[0]
    assert asset["status"] == "claimed"
    assert post(mine, f"/assets/{asset['id']}/verification", evidence="trust me").status_code == 403
    assert mine.delete(f"/api/v1/assets/{asset['id']}").status_code == 204


def test_a_secret_is_shown_once(officer, organisation):
    body = {"channel": "webhook", "webhook_url": "https://hook.x.example/"}
    path = f"/organisations/{organisation.id}/contacts"
    assert len(post(officer, path, **body).json()["webhook_secret"]) > 40
    assert "webhook_secret" not in officer.get(f"/api/v1{path}").json()["items"][0]


def test_a_token_without_the_scope_is_refused(client, organisation):
    creator = person("a@a.example", organisations={organisation.id: ADMINISTRATOR})
    text = token(creator, "findings:read", organisation=organisation.id)
    assert client.get("/api/v1/organisations", headers=bearer(text)).status_code == 403


def test_a_conflict_is_listed_and_decided(officer, organisation):
    other = make("Ander")
    for owner in (organisation, other):
        post(officer, f"/organisations/{owner.id}/assets", kind="asn", value="64500")
    found = officer.get("/api/v1/asset-conflicts").json()["items"]
    assert [found[0]["first_organisation"], found[0]["second_organisation"]] == [str(organisation.id), str(other.id)]
    path = f"/asset-conflicts/{found[0]['id']}/decision"
    assert post(officer, path, decision="second", reason="RIPE").status_code == 204
    assert officer.get("/api/v1/asset-conflicts").json()["items"] == []


def test_a_mandate_is_made_and_withdrawn(officer, organisation):
    relay = post(officer, "/organisations", name="Z", kind="relay", classification="other").json()["id"]
    made = post(officer, "/mandates", relay=relay, member=str(organisation.id))
    assert made.status_code == 201, made.content
    path = f"/mandates/{made.json()['id']}"
    assert post(officer, f"{path}/withdrawal", reason="over").json()["status"] == "withdrawn"
    assert post(officer, f"{path}/resumption", reason="again").status_code == 409
    assert post(officer, f"{path}/dance", reason="x").status_code == 422


def test_a_file_is_imported_and_exported(officer):
    content = "organisation,name\nx,X\ny,\n"
    answer = officer.post("/api/v1/registry-imports/registry.csv", content, content_type="text/csv")
    assert answer.status_code == 200, answer.content
    assert answer.json()["stored"]["organisation"] == 1
    assert answer.json()["refusals"][0]["line"] == 2
    out = officer.get("/api/v1/registry-exports/registry.csv")
    assert b"X" in b"".join(out.streaming_content)
