"""Somebody without an account, or an unregistered caller, goes on by the link of the mail: and nobody else does."""

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.accounts.people import person

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import links, web_guests
from dijkwacht.rooms.reporting.enclosing import rules as file_rules
from dijkwacht.rooms.reporting.guests import web as stages_by_link
from dijkwacht.rooms.reporting.models import Attachment, Draft, Incident, Report
from dijkwacht.rooms.reporting.rules import Channel
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import OFFICER, early_warning, file, organisation
from .test_doors import FORM
from .test_guests import ADDRESS, link_in, row

pytestmark = pytest.mark.django_db
MORE = {
    **FORM,
    "severity": "high",
    "effects": "No saw runs",
    "description": "A controller was overwritten",
}


@pytest.fixture(autouse=True)
def fresh_buckets():
    for buckets in (web_guests.REPORTS, web_guests.MAILS, web_guests.FOLLOWED, stages_by_link.STAGES):
        buckets.clear()


@pytest.fixture
def link(client, mailoutbox):
    """The link of a guest who showed that the address is theirs."""
    client.post(ADDRESS, FORM)
    found = link_in(mailoutbox[0])
    Client().post(found, {"do": "verify"})
    return found


def reports():
    with tenancy.acting(CLERK):
        return list(Report.objects.filter(regime="cbw").order_by("submitted_at", "version"))


def stages():
    return [(one.stage, one.version, one.channel) for one in reports()]


def test_the_next_stage_is_filed_by_the_link_with_what_is_known_filled_in(link):
    guest = Client()
    page = guest.get(link).content.decode()
    assert "stage?stage=notification" in page
    assert "Cbw 27(1)" in page  # the clocks
    page = guest.get(f"{link}/stage?stage=notification").content.decode()
    assert FORM["title"] in page
    assert "contact_email" not in page
    sent = {**MORE, "stage": "notification", "seen": str(len(all_reports()))}
    assert guest.post(f"{link}/stage", sent).status_code == 302
    assert stages() == [("early-warning", 1, Channel.GUEST), ("notification", 1, Channel.GUEST)]
    guest.post(f"{link}/stage", sent)  # sent again after a lost answer
    assert len(stages()) == 2
    assert reports()[1].number in guest.get(link).content.decode()


def all_reports():
    with tenancy.acting(CLERK):
        return list(Report.objects.all())


def test_a_correction_is_a_new_version_and_moves_no_address(link):
    sent = {**FORM, "title": "It was the lathe", "contact_email": "eve@elsewhere.example", "stage": "early-warning"}
    assert Client().post(f"{link}/stage", {**sent, "seen": str(len(all_reports()))}).status_code == 302
    assert stages()[-1][:2] == ("early-warning", 2)
    assert row().facts["title"] == "It was the lathe"
    assert row().facts["contact_email"] == FORM["contact_email"]
    assert row().verified_at is not None


def test_what_is_wrong_is_said_and_nothing_is_filed(link):
    sent = {**MORE, "awareness": "tomorrow?", "stage": "notification", "seen": "1"}
    answer = Client().post(f"{link}/stage", sent)
    assert answer.status_code == 422
    assert b"tomorrow?" in answer.content
    for seen in ("", "x", "-1", "9" * 50, "٣"):
        Client().post(f"{link}/stage", {**MORE, "stage": "notification", "seen": seen})
    for stage in ("final", "nonsense", ""):  # not open yet, or none
        assert Client().post(f"{link}/stage", {**MORE, "stage": stage, "seen": "1"}).status_code == 302
    assert len(stages()) == 1


def test_before_the_address_is_confirmed_nothing_goes_on(client, mailoutbox):
    client.post(ADDRESS, FORM)
    found = link_in(mailoutbox[0])
    page = Client().get(found).content.decode()
    assert "stage?stage" not in page
    Client().post(f"{found}/stage", {**MORE, "stage": "notification", "seen": "1"})
    Client().post(found, {"file": SimpleUploadedFile("a.txt", b"x")})
    assert len(stages()) == 1
    with tenancy.acting(CLERK):
        assert not Attachment.objects.exists()


def test_a_file_goes_with_a_message_by_the_link(link):
    Client().post(link, {"text": "See the file", "file": SimpleUploadedFile("<b>.html", b"<script>1</script>")})
    with tenancy.acting(CLERK):
        one = Attachment.objects.get()
        assert one.content() == b"<script>1</script>"
    assert one.sha256 in (page := Client().get(link).content.decode())
    assert "<b>.html" not in page


def test_another_text_or_a_link_of_an_incident_of_an_organisation_opens_nothing(link):
    whose = organisation()
    other = file(OFFICER, whose.id).incident
    for text in (links.follow(other), "x", signing.dumps(7, salt=links.SALT), link.rpartition("/")[2] + "0"):
        assert Client().get(f"/report/follow/{text}/stage?stage=notification").status_code == 404
        assert Client().post(f"/report/follow/{text}/stage", MORE).status_code == 404


def test_a_link_to_an_address_that_is_not_that_of_the_report_any_more_opens_nothing(link):
    with tenancy.acting(CLERK):
        known = row()
        known.facts = {**known.facts, "contact_email": "other@elsewhere.example"}
        known.save(update_fields=["facts_sealed"])
    assert Client().get(link).status_code == 404
    assert Client().get(f"/report/follow/{links.follow(known)}").status_code == 200


def test_an_expired_link_shows_nothing_and_is_renewed_to_the_known_address_alone(link, mailoutbox, monkeypatch):
    monkeypatch.setattr(links, "LASTS", links.timedelta(seconds=-1))
    mailoutbox.clear()
    answer = Client().get(link)
    assert answer.status_code == 410
    assert row().number not in answer.content.decode()
    assert Client().get(f"{link}/stage?stage=notification").status_code == 404
    for _again in range(2):  # at most one mail a minute
        assert Client().post(link, {"do": "renew", "contact_email": "eve@elsewhere.example"}).status_code == 302
    (mail,) = mailoutbox
    assert mail.to == [FORM["contact_email"]]
    assert Client().post(f"{link}0", {"do": "renew"}).status_code == 404


def test_the_link_leaks_through_no_referrer(link):
    answer = Client().get(link)
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_an_unregistered_caller_gets_a_mail_with_a_link_in_their_language(client, mailoutbox):
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    client.post("/incidents/phone", {"entity_name": "Joinery Ladder", "tongue": "en"})
    with tenancy.acting(CLERK):
        draft = Draft.objects.get()
    client.post(f"/report/draft/{draft.id}", {**FORM, "do": "next"})
    client.post(f"/report/draft/{draft.id}/check")
    made = row()
    assert made.language == "en"
    assert "language" not in made.facts
    mine = [mail for mail in mailoutbox if mail.to == [FORM["contact_email"]]]
    assert len(mine) == 1
    assert "there is a message" in mine[0].subject
    found = link_in(mine[0])
    page = Client().get(found).content.decode()
    assert reports()[0].number in page
    Client().post(found, {"do": "verify"})
    assert row().verified_at is not None
    # The next stage comes by telephone again.
    answer = client.post(f"/incidents/{made.id}/stage", {"stage": "notification"})
    client.post(answer["Location"], {**MORE, "do": "next"})
    client.post(f"{answer['Location']}/check")
    assert stages()[-1] == ("notification", 1, Channel.PHONE)


def test_another_address_must_be_confirmed_again(link):
    made = row()
    file(OFFICER, None, facts=early_warning(contact_email="new@contact.example"), incident=made.id)
    with tenancy.acting(CLERK):
        assert Incident.objects.get(id=made.id).verified_at is None


def test_an_officer_cannot_begin_a_stage_that_is_not_open_and_a_stranger_none(client, link):
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    assert client.post(f"/incidents/{row().id}/stage", {"stage": "final"}).status_code == 302
    with tenancy.acting(CLERK):
        assert not Draft.objects.exists()


def with_files(link, *files, **more):
    sent = {**MORE, "stage": "notification", "seen": str(len(all_reports())), **more}
    return Client().post(f"{link}/stage", {**sent, "files": list(files)}, follow=True)


def kept():
    with tenancy.acting(CLERK):
        return [(one.name, one.content()) for one in Attachment.objects.all()]


def test_files_go_with_the_next_stage_in_its_own_form(link):
    page = Client().get(f"{link}/stage?stage=notification").content.decode()
    assert 'type="file" name="files" multiple' in page
    assert 'enctype="multipart/form-data"' in page
    evil = SimpleUploadedFile("<b>.html", b"<script>1</script>")
    page = with_files(link, evil, SimpleUploadedFile("two.txt", b"two")).content.decode()
    assert kept() == [("<b>.html", b"<script>1</script>"), ("two.txt", b"two")]
    assert [one["size"] for one in reports()[1].content["files"]] == [18, 3]
    assert "<b>.html" not in page


def test_files_that_cannot_go_with_the_next_stage_are_told_and_the_answers_stay(link, monkeypatch):
    answer = with_files(link, *(SimpleUploadedFile(f"{n}.txt", b"x") for n in range(file_rules.GUEST_MOST + 1)))
    assert (answer.status_code, len(stages()), kept()) == (413, 1, [])
    assert MORE["effects"] in answer.content.decode()
    assert "Kies uw bestanden opnieuw" in answer.content.decode()
    answer = with_files(link, SimpleUploadedFile("a.txt", b""))
    assert (answer.status_code, len(stages())) == (413, 1)
    monkeypatch.setattr(file_rules, "GUEST_NETWORK", 2)
    page = with_files(link, SimpleUploadedFile("a.txt", b"three")).content.decode()
    assert "uw bestanden zijn niet bewaard" in page
    assert (len(stages()), kept()) == (2, [])


def test_a_next_stage_that_is_sent_again_keeps_its_files_once(link):
    sent = {**MORE, "stage": "notification", "seen": str(len(all_reports()))}
    for _again in range(2):
        Client().post(f"{link}/stage", {**sent, "files": SimpleUploadedFile("a.txt", b"x")})
    assert (len(stages()), len(kept())) == (2, 1)


def test_a_form_of_a_next_stage_may_hold_what_its_page_says_and_no_more(link):
    assert file_rules.largest_upload(f"{link}/stage") >= file_rules.GUEST_REPORT
    how = {"content_type": "multipart/form-data; boundary=b", "CONTENT_LENGTH": 10**9}
    assert Client().post(f"{link}/stage", b"x", **how).status_code == 413
