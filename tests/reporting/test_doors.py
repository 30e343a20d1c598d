"""Pages, the API and the command line: what goes in, what is refused, and how it is said."""

import json
import re

import pytest
from click.testing import CliRunner
from tests.accounts.people import MEMBER, bearer, person, token

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.receipts import Signer, verify
from dijkwacht.rooms.reporting import actions, incident_pdf
from dijkwacht.rooms.reporting.cli import report as command
from dijkwacht.rooms.reporting.models import Attachment, Draft, Incident, Message, Report
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import NOTIFICATION, OFFICER, ago, early_warning, file, member, organisation

pytestmark = pytest.mark.django_db
FORM = {
    "matter": "incident",
    "title": "Pompen reageren niet",
    "occurrence": "2026-11-20T03:15",
    "awareness": "2026-11-20T04:00",
    "suspected_malicious": "unknown",
    "cross_border": "no",
    "contact_name": "Nora",
    "contact_email": "nora@nieuweland.example",
    "contact_phone": "+31 20 623 0101",
    "do": "next",
}


@pytest.fixture
def whose():
    return organisation()


@pytest.fixture
def nora(client, whose):
    client.force_login(person("nora@nieuweland.example", organisations={whose.id: MEMBER}))
    return client


@pytest.fixture
def officer(client):
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    return client


def begun(client, whose):
    answer = client.post("/report", {"organisation": str(whose.id)})
    assert answer.status_code == 302, answer.content
    return answer["Location"]


def test_an_early_warning_takes_a_button_a_page_and_a_check(nora, whose):
    draft = begun(nora, whose)
    assert b'name="title"' in nora.get(draft).content
    check = nora.post(draft, FORM)
    assert check["Location"] == f"{draft}/check"
    page = nora.get(check["Location"]).content.decode()
    assert "Pompen reageren niet" in page
    sent = nora.post(check["Location"])
    shown = nora.get(sent["Location"]).content.decode()
    assert re.search(r"DW-[0-9A-Z-]{19}", shown)
    assert "Vroegtijdige waarschuwing" in shown
    with tenancy.acting(CLERK):
        assert (Draft.objects.count(), Incident.objects.count(), Report.objects.count()) == (0, 1, 1)
    assert nora.post(check["Location"])["Location"] == sent["Location"]  # sent twice, filed once
    with tenancy.acting(CLERK):
        assert Report.objects.count() == 1


def test_every_answer_is_kept_as_typed_and_what_is_wrong_is_said_at_its_field(nora, whose):
    draft = begun(nora, whose)
    answer = nora.post(draft, {**FORM, "awareness": "2026-11-19T04:00", "contact_email": "nobody", "title": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    for name in ("awareness", "contact_email", "title"):
        assert f'id="id_{name}_problem"' in page
    assert "nobody" in page
    assert nora.post(draft, {"title": "Half", "do": "keep"}).status_code == 204


def test_what_is_wrong_is_said_in_the_language_of_the_reader(nora, whose):
    wrong = {**FORM, "contact_email": "nobody", "contact_phone": "call me"}
    page = nora.post(begun(nora, whose), wrong).content.decode()
    assert "geef een e-mailadres, zoals naam@example.nl" in page
    assert "String should" not in page
    assert "Expected:" not in page


def test_an_answer_that_is_not_known_yet_stands_wherever_the_report_is_read(nora, whose):
    open_ = "nog niet bekend; aanvullen in de volgende melding"
    check = nora.post(begun(nora, whose), FORM)["Location"]
    assert open_ in nora.get(check).content.decode()
    sent = nora.post(check)["Location"]
    assert open_ in nora.get(sent).content.decode()
    with tenancy.acting(CLERK):
        made = Incident.objects.get()
        assert made.reports.get(regime="cbw").content["not_known_yet"] == ["suspected_malicious"]
    with tenancy.acting(OFFICER):
        signed = actions.export_incident(actor=OFFICER, incident=made.id, form="json")
        assert b"not_known_yet" in signed
        assert incident_pdf.pdf(signed).startswith(b"%PDF")
    file(member(whose.id), whose.id, incident=made.id, facts=early_warning(suspected_malicious=False))
    assert open_ not in nora.get(sent).content.decode()


def test_the_list_shows_what_the_reporter_must_do_next_and_not_what_the_centre_must(nora, whose):
    file(member(whose.id), whose.id)
    page = nora.get("/report").content.decode()
    assert "Antwoord van het centrum" not in page
    assert '<span class="quiet">Melding' in page


def test_a_later_stage_begins_with_what_is_known(nora, whose):
    made = file(member(whose.id), whose.id).incident
    begun_ = nora.post(f"/report/{made.id}/stage", {"stage": "notification"})
    page = nora.get(begun_["Location"]).content.decode()
    assert "Pumps do not answer" in page
    assert nora.post(f"/report/{made.id}/stage", {"stage": "final"})["Location"] == f"/report/{made.id}"


def test_the_receipt_from_the_page_is_verified_by_anybody(nora, whose, client):
    made = file(member(whose.id), whose.id)
    text = nora.get(f"/report/receipts/{made.reports[0].id}").content.decode()
    told = nora.post("/receipt", {"receipt": text}).content.decode()
    assert made.reports[0].number in told
    assert made.reports[0].sha256 in told


def test_reporter_and_officer_talk_and_the_officer_sees_the_timeline(nora, whose, settings):
    made = file(member(whose.id), whose.id).incident
    nora.post(f"/report/{made.id}/message", {"text": "It spreads"})
    desk = nora.__class__()
    desk.force_login(person("o@centre.example", centre=[CentreRole.OFFICER]))
    desk.post(f"/incidents/{made.id}/message", {"text": "Unplug it"})
    for page in (nora.get(f"/report/{made.id}"), desk.get(f"/incidents/{made.id}")):
        assert b"It spreads" in page.content
        assert b"Unplug it" in page.content
    assert made.title.encode() in desk.get("/incidents").content


def test_a_file_is_kept_encrypted_and_given_out_as_a_download_only(nora, whose, settings):
    from django.core.files.uploadedfile import SimpleUploadedFile

    made = file(member(whose.id), whose.id).incident
    page = b"<script>alert(1)</script>"
    upload = SimpleUploadedFile('x".html\r\nX: y', page, content_type="text/html")
    nora.post(f"/report/{made.id}/message", {"text": "", "file": upload})
    with tenancy.acting(CLERK):
        row = Attachment.objects.get()
    assert page not in bytes(row.content_sealed)
    answer = nora.get(f"/report/files/{row.id}")
    assert answer.content == page
    assert answer["Content-Type"] == "application/octet-stream"
    assert re.fullmatch(r'attachment; filename="attachment-[0-9a-f]{16}\.bin"', answer["Content-Disposition"])


def test_a_file_that_is_too_large_is_refused_and_said_so(nora, whose, monkeypatch):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from dijkwacht.rooms.reporting.enclosing import rules

    monkeypatch.setattr(rules, "LARGEST", 10)
    made = file(member(whose.id), whose.id).incident
    nora.post(f"/report/{made.id}/message", {"file": SimpleUploadedFile("x", b"y" * 11)})
    with tenancy.acting(CLERK):
        assert Attachment.objects.count() == 0


def test_a_caller_is_entered_by_the_officer(officer, whose):
    assert officer.post("/incidents/phone", {"organisation": "No such thing"}).status_code == 422
    draft = officer.post("/incidents/phone", {"organisation": whose.name, "stage": "early-warning"})["Location"]
    check = officer.post(draft, FORM)["Location"]
    sent = officer.post(check)["Location"]
    assert sent.startswith("/incidents/")
    with tenancy.acting(CLERK):
        row = Incident.objects.get()
        assert (row.organisation_id, Report.objects.get().channel) == (whose.id, "phone")


def test_the_name_that_an_unregistered_caller_gives_stands_with_the_report(officer):
    said = {"organisation": "", "entity_name": "Drukkerij  De Boei", "stage": "early-warning"}
    draft = officer.post("/incidents/phone", said)["Location"]
    check = officer.post(draft, FORM)["Location"]
    assert "Drukkerij De Boei" in officer.get(check).content.decode()
    shown = officer.get(officer.post(check)["Location"]).content.decode()
    assert "Drukkerij De Boei" in shown
    with tenancy.acting(CLERK):
        row = Incident.objects.get()
        assert (row.organisation_id, row.facts["entity_name"]) == (None, "Drukkerij De Boei")
        assert row.reports.get().content["facts"]["entity_name"] == "Drukkerij De Boei"


def body(whose, **more):
    return {"organisation": str(whose.id), "stage": "early-warning", "facts": early_warning(), **more}


def send(client, key, content, **more):
    return client.post(
        f"/api/v1/incidents/reports{more.pop('query', '')}",
        json.dumps(content),
        content_type="application/json",
        headers={**bearer(key), **more},
    )


@pytest.fixture
def key(whose):
    return token(person("admin@a.example"), "reports:read", "reports:write", organisation=whose.id)


def test_a_program_files_a_report_and_gets_its_receipt(client, whose, key, settings):
    answer = send(client, key, body(whose))
    assert answer.status_code == 201, answer.content
    told = answer.json()
    (made,) = told["reports"]
    text = client.get(f"/api/v1/incidents/reports/{made['id']}/receipt", headers=bearer(key)).content.decode()
    assert verify(text, Signer.of(settings.HOME).verifier)["number"] == made["number"]
    whole = client.get(f"/api/v1/incidents/{told['incident']}", headers=bearer(key)).json()
    assert whole["facts"]["title"] == "Pumps do not answer"
    assert {clock["stage"] for clock in whole["clocks"]} >= {"early-warning", "notification", "answer"}
    assert client.get("/api/v1/incidents", headers=bearer(key)).json()["items"][0]["id"] == told["incident"]


def test_null_of_a_program_is_kept_as_not_known_yet(client, whose, key):
    answer = send(client, key, body(whose, facts=early_warning(suspected_malicious=None)))
    assert answer.status_code == 201, answer.content
    with tenancy.acting(CLERK):
        made = Incident.objects.get()
        assert made.reports.get(regime="cbw").content["not_known_yet"] == ["suspected_malicious"]


def test_the_same_key_files_once(client, whose, key):
    content = body(whose)
    first = send(client, key, content, **{"Idempotency-Key": "one"})
    again = send(client, key, content, **{"Idempotency-Key": "one"})
    assert first.json() == again.json()
    assert first.status_code == again.status_code == 201
    with tenancy.acting(CLERK):
        assert Incident.objects.count() == 1


def test_validate_only_says_what_would_be_and_stores_nothing(client, whose, key):
    answer = send(client, key, body(whose), query="?validate_only=true")
    assert answer.status_code == 200, answer.content
    assert answer.json()["reports"] == [{"regime": "cbw", "stage": "early-warning"}]
    with tenancy.acting(CLERK):
        assert (Incident.objects.count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": None}, None),
        ({"awareness": "2026-11-20T04:00:00"}, "awareness"),
        ({"occurrence": ago(hours=-9)}, "facts.occurrence"),
        ({"no_such_fact": 1}, "no_such_fact"),
        ({"title": "a\u202eb"}, "facts.title"),
    ],
    ids=["title-not-known", "no-offset", "future", "unknown-fact", "direction"],
)
def test_a_program_hears_which_fact_is_wrong(client, whose, key, change, field):
    answer = send(client, key, body(whose, facts=early_warning(**change)))
    assert answer.status_code == (201 if field is None else 422), answer.content
    assert field is None or field in json.dumps(answer.json()["errors"])


def test_a_program_of_another_files_nothing_for_us(client, whose):
    other = organisation("Bakkerij Korst", classification="other", sectors=())
    theirs = token(person("b@b.example"), "reports:write", organisation=other.id)
    refused = send(client, theirs, body(whose))
    missing = send(client, theirs, body(whose, organisation="00000000-0000-4000-8000-00000000dead"))
    assert refused.status_code == missing.status_code
    assert {**refused.json(), "instance": ""} == {**missing.json(), "instance": ""}


def run(tmp_path, *arguments, content):
    path = tmp_path / "report.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return CliRunner().invoke(command, [arguments[0], str(path), *arguments[1:]])


def test_the_command_files_what_it_validated(whose, tmp_path):
    assert run(tmp_path, "validate", "--json", content=body(whose)).exit_code == 0
    told = json.loads(run(tmp_path, "submit", "--json", content=body(whose)).output)
    assert [one["stage"] for one in told["reports"]] == ["early-warning"]


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"stage": "no"}', '{"stage":"final","facts":{}}', '{"stage": "final", "stage": "final"}']
)
def test_the_command_says_what_is_wrong_and_ends_with_one(tmp_path, content):
    result = run(tmp_path, "validate", "--json", content=content)
    assert result.exit_code == 1
    assert json.loads(result.output)["errors"]


def test_versions_are_compared_on_the_desk(officer, whose):
    nora = member(whose.id)
    made = file(nora, whose.id).incident
    file(nora, whose.id, "notification", {**NOTIFICATION, "title": "Pumps answer again"}, made.id)
    page = officer.get(f"/incidents/{made.id}").content.decode()
    assert "Pumps do not answer" in page
    assert "Pumps answer again" in page
    assert OFFICER.name not in page
