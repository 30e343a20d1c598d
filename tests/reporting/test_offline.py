"""The form for when the network is down: one file, filled in anywhere, handed in later."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.accounts.people import MEMBER, person

from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import offline, web_guests
from dijkwacht.rooms.reporting.models import Draft, Incident
from dijkwacht.rooms.reporting.questions import STAGES
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import organisation
from .test_doors import FORM

pytestmark = pytest.mark.django_db
ANSWERS = {name: value for name, value in FORM.items() if name != "do"}


def saved(**more):
    content = json.dumps({"format": offline.FORMAT, "answers": ANSWERS, **more}).encode()
    return SimpleUploadedFile("incident-report.json", content, content_type="application/json")


def test_the_form_asks_every_question_and_fetches_nothing(client):
    answer = client.get("/report/offline-form")
    page = answer.content.decode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert [name for name in STAGES[offline.STAGE].names if f'name="{name}"' not in page] == []
    assert 'name="entity_name"' in page
    assert re.findall(r"(?:src|href|action)=", page) == []


def test_the_form_and_the_page_say_where_to_go_when_nothing_works(client, settings):
    settings.DUTY_PHONE, settings.REPORTS_MAIL = "+31 70 555 0199", "meld@centre.example"
    offline._form.cache_clear()
    try:
        form = client.get("/report/offline-form").content.decode()
    finally:
        offline._form.cache_clear()
    assert all(one in form for one in ("+31 70 555 0199", "meld@centre.example", f"{settings.BASE_URL}/report"))
    assert "+31 70 555 0199" in client.get("/report").content.decode()


def test_a_saved_report_becomes_a_draft_of_whoever_signs_in(client):
    whose = organisation()
    client.force_login(person("nora@nieuweland.example", organisations={whose.id: MEMBER}))
    draft = client.post("/report", {"organisation": str(whose.id), "file": saved()})["Location"]
    assert client.post(draft, {"do": "next"})["Location"] == f"{draft}/check"
    client.post(f"{draft}/check")
    with tenancy.acting(CLERK):
        assert Incident.objects.get().reports.get().channel == "offline-form"


def test_a_saved_report_is_handed_in_without_account(client):
    web_guests.REPORTS.clear()
    web_guests.MAILS.clear()
    file = saved(answers={**ANSWERS, "entity_name": "Drukkerij  De Boei"})
    assert client.post("/report/without-account", {"file": file}).status_code == 201
    with tenancy.acting(CLERK):
        assert Incident.objects.get().facts["entity_name"] == "Drukkerij De Boei"


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"format": "x"}', b"\xff", b"[" * 9000],
    ids=["empty", "half", "list", "other", "bytes", "deep"],
)
def test_another_file_is_refused(client, content):
    whose = organisation()
    client.force_login(person("nora@nieuweland.example", organisations={whose.id: MEMBER}))
    file = SimpleUploadedFile("x.json", content or b" ")
    assert client.post("/report", {"organisation": str(whose.id), "file": file})["Location"] == "/report"
    refused = client.post("/report/without-account", {"file": SimpleUploadedFile("x.json", content or b" ")})
    assert refused.status_code == 422
    with tenancy.acting(CLERK):
        assert not Draft.objects.exists()
