"""Files that go with a report: kept with its draft, by somebody without account, by telephone, by a program."""

import re
from base64 import b64encode
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from tests.accounts.people import MEMBER, person, token

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import web_guests
from dijkwacht.rooms.reporting.enclosing import rules
from dijkwacht.rooms.reporting.enclosing.models import DraftFile
from dijkwacht.rooms.reporting.models import Attachment, Draft, Incident, Report
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import NOTIFICATION, file, member, organisation
from .test_doors import FORM, begun, body
from .test_guests import ADDRESS, link_in
from .test_keeping_reports import forget, months
from .test_programs import ask

pytestmark = pytest.mark.django_db
EVIL = b"<script>alert(1)</script>MZ\x90\x00"


@pytest.fixture(autouse=True)
def fresh_buckets():
    for buckets in (web_guests.REPORTS, web_guests.MAILS, web_guests.FOLLOWED):
        buckets.clear()


@pytest.fixture
def whose():
    return organisation()


@pytest.fixture
def nora(client, whose):
    client.force_login(person("nora@nieuweland.example", organisations={whose.id: MEMBER}))
    return client


def upload(content=EVIL, name="log.html"):
    return SimpleUploadedFile(name, content, "text/html")


def attachments():
    with tenancy.acting(CLERK):
        return [(one.name, one.content()) for one in Attachment.objects.all()]


def kept_with_drafts():
    with tenancy.acting(CLERK):
        return [(one.name, one.content, one.draft_id) for one in DraftFile.objects.all()]


def content_of_report():
    with tenancy.acting(CLERK):
        return Report.objects.filter(regime="cbw").latest("submitted_at").content


def test_a_file_is_kept_with_the_draft_and_goes_with_the_report(nora, whose):
    draft = begun(nora, whose)
    answer = nora.post(draft, {**FORM, "do": "enclose", "file": upload()})
    assert (answer.status_code, answer["Location"]) == (302, f"{draft}#files")
    page = nora.get(draft).content.decode()
    assert "log.html" in page
    assert FORM["title"] in page  # what was typed is kept with it
    assert attachments() == []
    check = nora.post(draft, {**FORM, "file": upload(b"second", "second.txt")})["Location"]
    assert {"log.html", "second.txt"} <= set(re.findall(r"[a-z]+\.(?:html|txt)", nora.get(check).content.decode()))
    nora.post(check)
    assert attachments() == [("log.html", EVIL), ("second.txt", b"second")]
    assert kept_with_drafts() == []
    assert content_of_report()["files"] == [
        {"sha256": sha256(one).hexdigest(), "size": len(one)} for one in (EVIL, b"second")
    ]


def test_a_file_of_a_draft_stands_encrypted_and_is_never_shown(nora, whose):
    draft = begun(nora, whose)
    nora.post(draft, {**FORM, "do": "enclose", "file": upload()})
    with tenancy.acting(CLERK), connection.cursor() as cursor:
        cursor.execute("select content_sealed, name_sealed from reporting_draftfile")
        ((content, name),) = cursor.fetchall()
    assert EVIL not in bytes(content)
    assert b"log" not in bytes(name)
    assert b"alert(1)" not in nora.get(draft).content


def test_a_file_is_taken_out_again_and_only_from_the_own_draft(nora, whose):
    draft = begun(nora, whose)
    nora.post(draft, {**FORM, "do": "enclose", "file": upload()})
    with tenancy.acting(CLERK):
        one = DraftFile.objects.get().id
    other_whose = organisation("Timmerwerk Ladder")
    other = Client()
    other.force_login(person("other@ladder.example", organisations={other_whose.id: MEMBER}))
    theirs = begun(other, other_whose)
    for address in (draft, theirs):  # a draft of somebody else; the own draft with a file of somebody else
        assert other.post(address, {**FORM, "do": f"take-out:{one}"}).status_code == 404
    assert nora.post(draft, {**FORM, "do": "take-out:nonsense"}).status_code == 404
    assert len(kept_with_drafts()) == 1
    assert nora.post(draft, {**FORM, "do": f"take-out:{one}"}).status_code == 302
    assert kept_with_drafts() == []


def test_the_same_bytes_are_kept_once(nora, whose):
    draft = begun(nora, whose)
    for _ in range(2):
        nora.post(draft, {**FORM, "do": "enclose", "file": upload()})
    assert len(kept_with_drafts()) == 1


@pytest.mark.parametrize("content", [b"", b"x" * (rules.LARGEST + 1)], ids=["empty", "too large"])
def test_a_file_that_cannot_be_kept_is_refused_on_the_page_and_the_answers_stay(nora, whose, content):
    draft = begun(nora, whose)
    answer = nora.post(draft, {**FORM, "do": "enclose", "file": upload(content)})
    assert answer.status_code == 413
    assert "10 MB" in answer.content.decode()
    assert FORM["title"] in answer.content.decode()
    assert kept_with_drafts() == []


def test_drafts_of_an_account_hold_no_more_than_their_bound(nora, whose, monkeypatch):
    monkeypatch.setattr(rules, "ACCOUNT", 10)
    first, second = begun(nora, whose), begun(nora, whose)
    assert nora.post(first, {**FORM, "do": "enclose", "file": upload(b"sixsix")}).status_code == 302
    assert nora.post(second, {**FORM, "do": "enclose", "file": upload(b"fivee")}).status_code == 413
    assert len(kept_with_drafts()) == 1


def test_a_draft_that_is_thrown_away_or_forgotten_takes_its_files_along(nora, whose):
    for away in (True, False):
        draft = begun(nora, whose)
        nora.post(draft, {**FORM, "do": "enclose", "file": upload()})
        if away:
            nora.post(f"{draft}/discard")
            assert kept_with_drafts() == []
    forget(**months(3))
    with tenancy.acting(CLERK):
        assert (Draft.objects.count(), DraftFile.objects.count()) == (0, 0)


def test_files_of_a_later_stage_count_with_those_that_are_there(nora, whose, monkeypatch):
    monkeypatch.setattr(rules, "MOST", 1)
    made = file(member(whose.id), whose.id).incident
    draft = nora.post(f"/report/{made.id}/stage", {"stage": "notification"})["Location"]
    assert nora.post(draft, {**FORM, **NOTIFICATION, "do": "enclose", "file": upload()}).status_code == 302
    nora.post(draft, {**FORM, **NOTIFICATION})
    nora.post(f"{draft}/check")
    assert len(attachments()) == 1
    more = nora.post(f"/report/{made.id}/stage", {"stage": "notification"})["Location"]
    assert nora.post(more, {**FORM, "do": "enclose", "file": upload(b"other")}).status_code == 413


def test_an_officer_adds_what_a_caller_mails_before_the_report_is_entered(client):
    client.force_login(person("dina@centre.example", centre=[CentreRole.OFFICER]))
    draft = client.post("/incidents/phone", {"stage": "early-warning", "entity_name": "De Bakker"})["Location"]
    client.post(draft, {**FORM, "do": "enclose", "file": upload()})
    client.post(draft, FORM)
    assert client.post(f"{draft}/check").status_code == 302
    assert attachments() == [("log.html", EVIL)]


def test_a_page_that_keeps_itself_sends_no_file_twice(nora, whose):
    """The script leaves the file out; the button adds it."""
    draft = begun(nora, whose)
    assert nora.post(draft, {**FORM, "do": "keep"}).status_code == 204
    assert kept_with_drafts() == []


# --- without account -------------------------------------------------------------------------------------------------


def guest(files, **more):
    return Client().post(ADDRESS, {**FORM, **more, "files": files})


def test_somebody_without_account_sends_files_with_the_report():
    sent = guest([upload(), upload(b"second", "../../etc/passwd")])
    assert sent.status_code == 201
    assert sha256(EVIL).hexdigest() in sent.content.decode()
    assert attachments() == [("log.html", EVIL), ("passwd", b"second")]
    assert len(content_of_report()["files"]) == 2


def test_too_many_or_too_large_files_are_refused_and_nothing_is_filed(monkeypatch):
    assert guest([upload(bytes([n])) for n in range(rules.GUEST_MOST + 1)]).status_code == 413
    monkeypatch.setattr(rules, "GUEST_REPORT", 5)
    web_guests.MAILS.clear()
    answer = guest([upload(b"sixsix")])
    assert answer.status_code == 413
    assert "Kies uw bestanden opnieuw" in answer.content.decode()
    with tenancy.acting(CLERK):
        assert Incident.objects.count() == 0


@pytest.mark.parametrize("bound", ["GUEST_NETWORK", "GUEST_UNCONFIRMED"])
def test_where_strangers_filled_the_room_a_report_is_filed_without_its_files(monkeypatch, bound):
    monkeypatch.setattr(rules, bound, 10)
    assert guest([upload(b"sixsix")]).status_code == 201
    web_guests.MAILS.clear()
    sent = guest([upload(b"fivee")])
    assert sent.status_code == 201
    assert "uw bestanden zijn niet bewaard" in sent.content.decode()
    assert len(attachments()) == 1
    with tenancy.acting(CLERK):
        assert Incident.objects.count() == 2
    assert "files" not in content_of_report()


def test_whoever_confirmed_the_address_is_bounded_by_the_network_alone(monkeypatch, mailoutbox):
    monkeypatch.setattr(rules, "GUEST_UNCONFIRMED", 0)
    guest([])
    link, stranger = link_in(mailoutbox[0]), Client()
    stranger.post(link, {"do": "verify"})
    stranger.post(link, {"file": upload(b"six666")})
    assert len(attachments()) == 1
    monkeypatch.setattr(rules, "GUEST_NETWORK", 10)
    answer = stranger.post(link, {"file": upload(b"fivee")}, follow=True)
    assert "geen ruimte" in answer.content.decode()
    assert len(attachments()) == 1


def test_files_of_an_address_that_nobody_confirmed_go_after_a_month():
    guest([upload()])
    forget(**months(2))
    assert attachments() == []


def test_a_form_that_sends_more_than_it_may_is_refused_before_it_is_read():
    answer = Client().post(ADDRESS, b"x", content_type="multipart/form-data; boundary=b", CONTENT_LENGTH=10**9)
    assert answer.status_code == 413
    assert "Dit is te veel ineens" in answer.content.decode()


# --- by program ------------------------------------------------------------------------------------------------------


def enclosed(*contents):
    return [{"name": f"{n}.bin", "content": b64encode(one).decode()} for n, one in enumerate(contents)]


def test_a_program_sends_small_files_with_the_report_once(client, whose):
    ours = token(person("admin@a.example"), "reports:read", "reports:write", organisation=whose.id)
    whole = {**body(whose), "attachments": enclosed(EVIL, b"second")}
    key = {"Idempotency-Key": "a-key"}
    first, again = (ask(client, ours, "reports", whole, **key) for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    assert [content for _name, content in attachments()] == [EVIL, b"second"]
    assert len(content_of_report()["files"]) == 2
    tried = ask(client, ours, "reports?validate_only=true", whole)
    assert tried.status_code == 200
    assert len(attachments()) == 2


@pytest.mark.parametrize("content", ["", "no base64!", "AAA", "QUJD\n"])
def test_what_is_no_base64_is_refused(client, whose, content):
    ours = token(person("admin@a.example"), "reports:write", organisation=whose.id)
    answer = ask(client, ours, "reports", {**body(whose), "attachments": [{"name": "a", "content": content}]})
    assert answer.status_code == 422
    assert attachments() == []
