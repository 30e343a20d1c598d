"""What a program does with an incident after it was filed: as an outsider who has the description and a token."""

import json

import jsonschema_rs
import pytest
from tests.accounts.people import bearer, person, token

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting.models import Attachment, Incident
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import early_warning, file, member, organisation
from .test_doors import body, send

pytestmark = pytest.mark.django_db
TESTS = dict.fromkeys(("necessary", "proportionate", "confidentiality_guaranteed", "interests_protected"), "It holds")


@pytest.fixture
def whose():
    return organisation()


@pytest.fixture
def ours(whose):
    return token(person("admin@a.example"), "reports:read", "reports:write", organisation=whose.id)


@pytest.fixture
def desk():
    return token(
        person("o@centre.example"), "reports:read", "reports:write", "incidents:handle", centre_role=CentreRole.OFFICER
    )


@pytest.fixture
def incident(whose):
    return file(member(whose.id), whose.id).incident.id


def ask(client, key, path, content=None, **headers):
    """POST what is given as JSON, else GET."""
    address, headers = f"/api/v1/incidents/{path}", {**bearer(key), **headers}
    if content is None:
        return client.get(address, headers=headers)
    return client.post(address, json.dumps(content), content_type="application/json", headers=headers)


def test_the_schema_of_a_report_is_one_that_others_can_check_with(client, whose):
    schema = client.get("/api/v1/incidents/reports/schema").json()
    assert jsonschema_rs.meta.is_valid(schema)
    checker = jsonschema_rs.Draft202012Validator(schema)
    checker.validate(body(whose))
    for wrong in ({**body(whose), "stage": "late"}, {"stage": "final"}, body(whose, facts=early_warning(no_fact=1))):
        assert not checker.is_valid(wrong)


def test_a_report_names_its_term_of_the_w3c(client, whose, ours):
    (made,) = send(client, ours, body(whose)).json()["reports"]
    assert made["dpv"].startswith("https://w3id.org/dpv/")


def test_the_same_key_with_another_report_is_refused(client, whose, ours):
    first = send(client, ours, body(whose), **{"Idempotency-Key": "one"})
    other = send(client, ours, body(whose, facts=early_warning(title="Other")), **{"Idempotency-Key": "one"})
    assert first.status_code == 201
    assert other.status_code in {409, 422}
    assert other.json()["type"].endswith("/idempotency-key-reused")
    with tenancy.acting(CLERK):
        assert Incident.objects.count() == 1


def test_reporter_and_centre_talk_by_program(client, incident, ours, desk):
    assert ask(client, ours, f"{incident}/messages", {"text": "It spreads"}).json()["from_centre"] is False
    assert ask(client, desk, f"{incident}/messages", {"text": "Unplug it"}).json()["from_centre"] is True
    listed = ask(client, ours, f"{incident}/messages?limit=1").json()
    said = list(listed["items"])
    while listed["next"]:
        listed = client.get(listed["next"], headers=bearer(ours)).json()
        said += listed["items"]
    assert [one["text"] for one in said][-2:] == ["It spreads", "Unplug it"]
    with tenancy.acting(CLERK):
        assert Incident.objects.get().first_answer_at is not None


def test_a_file_is_added_once_and_comes_back_to_the_byte(client, incident, ours):
    content = b"\x00MZ<script>"

    def add():
        address = f"/api/v1/incidents/{incident}/attachments?name=x%0D%0A.exe"
        return client.post(address, content, content_type="application/octet-stream", headers=bearer(ours))

    first, again = add().json(), add().json()
    assert first == again
    assert first["name"] == "x .exe"
    given = ask(client, ours, f"attachments/{first['id']}/content")
    assert (given.content, given["Content-Type"]) == (content, "application/octet-stream")
    assert given["Content-Disposition"].startswith("attachment;")
    assert [one["sha256"] for one in ask(client, ours, f"{incident}/attachments").json()] == [first["sha256"]]
    with tenancy.acting(CLERK):
        assert Attachment.objects.count() == 1


def test_an_empty_file_is_refused(client, incident, ours):
    address = f"/api/v1/incidents/{incident}/attachments?name=x"
    answer = client.post(address, b"", content_type="application/octet-stream", headers=bearer(ours))
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (413, "attachment-not-allowed")


def test_the_desk_is_worked_by_program(client, incident, desk):
    judged = ask(client, desk, f"{incident}/judgements", {"significant": True, "reason": "No water"})
    assert (judged.status_code, judged.json()["significant"]) == (201, True)
    reader = organisation("Inspectie Water")
    refused = ask(client, desk, f"{incident}/handovers", {"reader": str(reader.id), "tests": {"necessary": "x"}})
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "not-lawful")
    closed = ask(client, desk, f"{incident}/close", {"reason": "It is over"})
    assert closed.json()["state"] == "closed"
    again = ask(client, desk, f"{incident}/close", {"reason": "It is over"})
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "already-done")


def test_likenesses_are_judged_by_program(client, whose, incident, desk):
    file(member(whose.id), whose.id)
    (likeness,) = ask(client, desk, f"{incident}/likenesses").json()
    linked = ask(client, desk, f"likenesses/{likeness['id']}", {"linked": True, "reason": "The same pump"})
    assert linked.json()["linked"] is True


def test_a_token_of_the_centre_without_the_right_does_not_speak_for_it(client, incident):
    key = token(person("p@centre.example"), "reports:write", "reports:read", centre_role=CentreRole.OFFICER)
    for path, content in (
        (f"{incident}/messages", {"text": "x"}),
        (f"{incident}/close", {"reason": "x"}),
        (f"{incident}/judgements", {"significant": False, "reason": "x"}),
    ):
        assert ask(client, key, path, content).status_code == 403


@pytest.mark.parametrize("path", ["messages", "attachments", "handovers"])
def test_of_another_organisation_nothing_is_there(client, incident, path):
    other = organisation("Bakkerij Korst", classification="other", sectors=())
    theirs = token(person("b@b.example"), "reports:read", "reports:write", organisation=other.id)
    known = ask(client, theirs, f"{incident}/{path}")
    unknown = ask(client, theirs, f"00000000-0000-4000-8000-00000000dead/{path}")
    assert known.status_code == unknown.status_code == 404
    assert {**known.json(), "instance": ""} == {**unknown.json(), "instance": ""}
