"""What a stranger may put in a report: anything. The answer is a page that says what is wrong, never an error of ours.

No export of this room is a CSV or spreadsheet: there are JSON, STIX and PDF, and files of bytes.
"""

import email
import json
import re

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.accounts.people import MEMBER, bearer, person, token

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import actions, web_guests
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.questions import STAGES
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import OFFICER, early_warning, file, member, organisation
from .test_doors import FORM, begun

pytestmark = pytest.mark.django_db
GUEST = "/report/without-account"
CLEAR = {200, 201, 204, 302, 400, 413, 422, 429}
NASTY = (
    "\r\nBcc: all@victim.example",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "{{7*7}}{% debug %}",
    "'; drop table reporting_incident; --",
    "\u202etxt.exe",
    "\x00",
    "-1",
    "9999-12-31T23:59",
    "0001-01-01T00:00",
    "2026-02-30T10:00",
    "2026-10-25T02:30",
    "nan",
    "[]",
    '{"a": 1}',
    "\uff11\uff12\uff13",
    "x" * 20_000,
)
TEXT = st.one_of(st.sampled_from(NASTY), st.text(max_size=60), st.sampled_from(sorted(FORM.values())))
NAMES = [*STAGES[Stage.EARLY_WARNING].names, "once", "entity_name", "do"]
ANSWERS = st.dictionaries(st.sampled_from(NAMES), TEXT, max_size=12).map(lambda found: {**FORM, **found})
TRIES = settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=HealthCheck)
SCRIPT = "\"'><stored-script onload=alert(1)><script>alert(1)</script>"
FREE = ("title", "description", "effects", "measures_taken", "root_cause", "contact_name", "indicators")


def sent(client, address, answers):
    """What a form is answered; nothing of it stays."""
    for buckets in (web_guests.REPORTS, web_guests.MAILS):
        buckets.clear()
    with transaction.atomic():
        answer = client.post(address, answers)
        transaction.set_rollback(True)
    return answer


def test_whatever_a_guest_posts_is_filed_or_refused_clearly(client):
    @TRIES
    @given(ANSWERS)
    def clear(answers):
        answer = sent(client, GUEST, answers)
        assert answer.status_code in CLEAR, (answer.status_code, answers)
        assert b"<script>alert" not in answer.content

    clear()


@pytest.fixture
def draft(client):
    whose = organisation()
    client.force_login(person("nora@nieuweland.example", organisations={whose.id: MEMBER}))
    return begun(client, whose)


def test_whatever_is_typed_in_a_draft_is_kept_or_refused_clearly(client, draft):
    @TRIES
    @given(ANSWERS)
    def clear(answers):
        answer = sent(client, draft, answers)
        assert answer.status_code in CLEAR, (answer.status_code, answers)

    clear()


@pytest.mark.parametrize("name", ["stage", "facts", "organisation", "incident", "language"])
@pytest.mark.parametrize(
    "value",
    [None, [], {}, 1e400, -1, "x" * 70_000, {"$ref": "x"}, [[[[]]]], True, "\ud800"],
    ids=["null", "list", "object", "infinity", "minus", "long", "reference", "deep", "yes", "surrogate"],
)
def test_whatever_a_program_sends_is_refused_as_a_problem(client, name, value):
    whose = organisation()
    key = token(person("admin@a.example"), "reports:write", organisation=whose.id)
    body = {"organisation": str(whose.id), "stage": "early-warning", "facts": early_warning(), name: value}
    answer = client.post(
        "/api/v1/incidents/reports", json.dumps(body), content_type="application/json", headers=bearer(key)
    )
    allowed = {201} if (name, value) == ("incident", None) else set()
    assert answer.status_code in {400, 403, 422} | allowed, answer.content
    assert answer.status_code == 201 or answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["contact_name", "title", "entity_name", "contact_email"])
def test_no_field_of_a_report_becomes_a_header_of_a_mail(client, name):
    for buckets in (web_guests.REPORTS, web_guests.MAILS):
        buckets.clear()
    client.post(GUEST, {**FORM, name: f"{FORM.get(name, 'Nora')}\r\nBcc: all@victim.example"})
    for message in mail.outbox:
        parsed = email.message_from_bytes(message.message().as_bytes())
        assert parsed["Bcc"] is None
        assert "victim" not in str(parsed["To"]) + str(parsed["Subject"])


def test_what_a_reporter_wrote_is_text_in_every_export():
    whose = organisation()
    made = file(member(whose.id), whose.id, facts=early_warning()).incident
    with tenancy.acting(CLERK):
        row = Incident.objects.get(id=made.id)
        row.facts = {**row.facts, **dict.fromkeys(FREE, SCRIPT), "indicators": [SCRIPT]}
        row.title = SCRIPT
        row.save()
    from dijkwacht.rooms.reporting.incident_pdf import pdf

    with tenancy.acting(OFFICER):
        whole = actions.export_incident(actor=OFFICER, incident=made.id, form="json")
        stix = actions.export_incident(actor=OFFICER, incident=made.id, form="stix")
    assert SCRIPT in json.dumps(json.loads(whole), ensure_ascii=False).replace('\\"', '"')
    assert json.loads(stix)["type"] == "bundle"
    printed = pdf(whole)
    assert printed.startswith(b"%PDF-")
    assert re.search(rb"/(JavaScript|JS|Launch|OpenAction|EmbeddedFile)\b", printed) is None


def test_an_export_is_a_download_that_runs_nothing(client):
    whose = organisation()
    made = file(member(whose.id), whose.id).incident
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    for form in ("json", "pdf", "stix.json"):
        answer = client.get(f"/incidents/{made.id}/export.{form}")
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"
