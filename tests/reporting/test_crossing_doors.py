"""Pages and API across the border: seen side by side, confirmed, sent; taken in by form, file and program."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.accounts.people import MEMBER, bearer, person, token

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting.crossing.models import Disclosure, ForeignPoint, Inbound
from dijkwacht.rooms.reporting.scheduling import CLERK

from .abroad import CLUES, TESTS, grid, impact, judge, point, reported, share
from .story import organisation

pytestmark = pytest.mark.django_db
SCRIPT = '"><script>alert(1)</script>'
BODY = {
    "country": "DE",
    "reference": "BSI-7",
    "facts": {"kind": "incident", "title": "Controllers overwritten", "description": "Seen at three operators"},
}


@pytest.fixture
def officer(client):
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    return client


@pytest.fixture
def incident():
    return reported(grid())


def seen_in(page):
    return re.search(r'name="seen" value="([0-9a-f]{64})"', page)[1]


def receiver_in(page):
    return re.search(r'name="receiver" value="([^"]+)"', page)[1]


def test_an_officer_sees_both_sides_takes_a_word_out_and_sends_what_was_seen(officer, incident):
    point("DE", name=SCRIPT)
    path = f"/incidents/{incident.id}/share/DE"
    page = officer.get(path).content.decode()
    assert CLUES[0] in page  # as it was reported
    assert "<script>alert" not in page
    given = {"words": "controller", "receiver": receiver_in(page), "in_clear": "No key", **TESTS}
    stale = officer.post(path, {**given, "seen": seen_in(page), "do": "send"})
    assert stale.status_code == 409
    again = officer.post(path, {**given, "do": "preview"}).content.decode()
    assert officer.post(path, {**given, "seen": seen_in(again), "do": "send"}).status_code == 302
    with tenancy.acting(CLERK):
        assert "controller" not in json.dumps(Disclosure.objects.get().content)
    shown = officer.get(f"/incidents/{incident.id}").content.decode()
    assert "<script>alert" not in shown
    assert officer.get("/incidents/abroad").status_code == 200


@pytest.mark.parametrize("audience", ["XXX", "de", "state", "nobody", "netcode", "D1"])
def test_an_audience_that_there_is_not_is_not_found(officer, incident, audience):
    assert officer.get(f"/incidents/{incident.id}/share/{audience}").status_code == 404


def test_the_verdict_is_given_on_its_page_where_the_scale_stands(officer, incident):
    path = f"/incidents/{incident.id}/confidentiality"
    page = officer.get(path).content.decode()
    assert re.search(r"trede 4 van 5|step 4 of 5", page)
    assert officer.post(path, {"shareable": "yes", "reason": ""}).status_code == 422
    assert officer.post(path, {"shareable": "yes", "withheld": "title", "reason": "Known"}).status_code == 302
    shown = officer.get(f"/incidents/{incident.id}").content.decode()
    assert "NCCS 37(1)" in shown
    assert "Known" in shown


def test_an_entity_reads_and_acknowledges_what_was_shared_by_page_and_by_api(client, incident):
    other = organisation("Netbeheer Noord")
    impact(other)
    judge(incident)
    (made,) = share(incident, "netcode-entity")
    client.force_login(person("noor@noord.example", organisations={other.id: MEMBER}))
    assert made.number in client.get("/shared").content.decode()
    page = client.get(f"/shared/{made.id}").content.decode()
    assert incident.number not in page
    assert str(incident.id) not in page
    client.post(f"/shared/{made.id}/acknowledge")
    client.logout()
    key = token(person("admin@a.example"), "reports:read", organisation=other.id)
    (row,) = client.get("/api/v1/shared", headers=bearer(key)).json()["items"]
    assert row["acknowledged_at"]
    assert row["sha256"] == made.sha256
    assert "incident" not in row


def test_a_report_from_abroad_comes_in_by_form_and_by_file(officer):
    form = {"country": "de", "reference": SCRIPT, "title": SCRIPT, "description": "x", "entity_types": "1.1a-dso"}
    path = officer.post("/incidents/abroad/inbound", form)["Location"]
    page = officer.get(path).content.decode()
    assert "<script>alert" not in page
    assert "1.1a-dso" in page
    file = SimpleUploadedFile("report.json", json.dumps(BODY).encode())
    assert officer.post("/incidents/abroad/inbound", {"file": file}).status_code == 302
    with tenancy.acting(CLERK):
        assert sorted(Inbound.objects.values_list("way", flat=True)) == ["file", "form"]


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{", b"\xff\xfe", b'{"country": "Germany"}', b"x" * (1024 * 1024 + 1), json.dumps([BODY]).encode()],
    ids=["empty", "list", "cut", "bytes", "country", "large", "many"],
)
def test_a_file_that_is_no_report_is_refused_with_what_is_wrong(officer, content):
    file = SimpleUploadedFile("report.json", content or b" ")
    answer = officer.post("/incidents/abroad/inbound", {"file": file})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def post(client, key, body, **headers):
    return client.post(
        "/api/v1/spoc/inbound",
        json.dumps(body),
        content_type="application/json",
        headers={**bearer(key), **headers},
    )


def test_a_program_of_the_centre_hands_in_a_report_once(client):
    key = token(person("o@centre.example", centre=[CentreRole.OFFICER]), "spoc:write", centre_role=CentreRole.OFFICER)
    made = post(client, key, BODY, **{"Idempotency-Key": "1"})
    assert made.status_code == 201, made.content
    assert post(client, key, BODY, **{"Idempotency-Key": "1"}).json() == made.json()
    assert post(client, key, BODY).status_code == 409
    told = client.get(f"/api/v1/spoc/inbound/{made.json()['id']}", headers=bearer(key)).json()
    assert told["relayed_at"] is None
    for wrong in ({**BODY, "country": "XX"}, {**BODY, "facts": {}}, {**BODY, "facts": {"nonsense": 1}}, {}):
        assert post(client, key, wrong).status_code == 422


def test_the_address_book_and_the_entities_are_kept_on_their_pages(officer):
    form = {"country": "DE", "kind": "spoc", "name": SCRIPT, "email": "spoc@de.example", "source": "list"}
    assert officer.post("/incidents/abroad/contacts", form).status_code == 302
    assert officer.post("/incidents/abroad/contacts", form).status_code == 409
    with tenancy.acting(CLERK):
        row = ForeignPoint.objects.get()
    path = f"/incidents/abroad/contacts/{row.id}"
    assert "<script>alert" not in officer.get(path).content.decode()
    assert officer.post(path, {**form, "name": "x\r\nBcc: y", "active": "yes"}).status_code == 422
    assert officer.post(path, {**form, "name": "BSI", "active": "no"}).status_code == 302
    grid()
    form = {"organisation": "Netbeheer Zeeland", "impact": "high", "decision": "KGG 1", "valid_from": "2026-01-01"}
    assert officer.post("/incidents/netcode", {**form, "organisation": "Nobody"}).status_code == 422
    assert officer.post("/incidents/netcode", form).status_code == 302
    page = officer.get("/incidents/netcode").content.decode()
    entity = re.search(r'name="entity" value="([^"]+)"', page)[1]
    assert officer.post("/incidents/netcode", {"do": "end", "entity": entity}).status_code == 302
    assert officer.post("/incidents/netcode", {"do": "end", "entity": "x"}).status_code == 404
