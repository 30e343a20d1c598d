"""An officer asks something back: the maker answers, or corrects what was sent in, and it waits for the officer."""

import json

import pytest
from django.test import Client
from tests.accounts.people import person
from tests.enrolment import story

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.enrolment.models import Question, Registration, Version
from dijkwacht.rooms.registry.models import Asset, Organisation

pytestmark = pytest.mark.django_db
QUESTION = "Is SECRET Harbour also yours?"


def visitor(email, **roles):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person(email, language="en", **roles))
    return client


@pytest.fixture
def maker():
    return visitor("jan@debron.example")


@pytest.fixture
def desk():
    return visitor("officer@centre.example", centre=[CentreRole.OFFICER])


@pytest.fixture
def number(maker, desk):
    """A registration about which the officer asked something."""
    story.fill(maker)
    _page, number = story.confirm(maker)
    assert desk.post(f"/registrations/{number}", {"do": "ask", "reason": QUESTION}).status_code == 302
    return number


def row(number):
    return story.seen(lambda: Registration.objects.get(id=number))


def audited(verb):
    return story.seen(lambda: [one.detail for one in Event.objects.filter(action=f"enrolment:registration:{verb}")])


def test_the_mail_says_only_that_there_is_a_message(number, mailoutbox):
    (mail,) = mailoutbox
    assert mail.subject == "There is a message about your registration"
    assert "SECRET" not in mail.body
    assert f"/register/{number}" in mail.body


def test_the_answer_goes_to_the_officer_and_the_registration_back_to_the_queue(maker, desk, number):
    page = maker.get(f"/register/{number}").content.decode()
    assert "SECRET Harbour" in page
    assert maker.post(f"/register/{number}", {"answer": "  "}).status_code == 422
    assert row(number).state == "asked"
    assert maker.post(f"/register/{number}", {"answer": "No, of <b>my</b> brother."}).status_code == 302
    assert row(number).state == "waiting"
    listed = desk.get("/registrations").content.decode()
    assert "answered" in listed
    seen = desk.get(f"/registrations/{number}").content.decode()
    assert "SECRET Harbour" in seen
    assert "No, of &lt;b&gt;my&lt;/b&gt; brother." in seen
    assert list(audited("ask")[0]["personal"]) == ["question"]  # a commitment: the words can be erased
    assert list(audited("answer")[0]["personal"]) == ["answer"]
    assert "brother" not in str(audited("answer"))
    again = maker.post(f"/register/{number}", {"answer": "And more"})
    assert (again.status_code, b"No question waits" in again.content) == (422, True)


def test_what_was_sent_in_is_corrected_and_both_versions_are_kept_and_recorded(maker, desk, number):
    before = row(number)
    assert maker.post(f"/register/{number}/correct").status_code == 302
    assert "Drinkwaterbedrijf De Bron BV" in maker.get("/register/organisation").content.decode()
    assert "192.0.2.0 - 192.0.2.127" in maker.get("/register/holdings").content.decode()
    maker.post("/register/holdings", {"holdings": "198.51.100.0/24"})
    check = maker.get("/register/check").content.decode()
    assert "SECRET Harbour" in check
    answer = maker.post("/register/check", {"true": "yes", "answer": "We gave that block back."})
    assert answer["Location"].endswith(number)
    after = row(number)
    assert (after.state, after.confirmed["assets"]) == ("waiting", [["prefix", "198.51.100.0/24"]])
    assert after.receipt != before.receipt
    (kept,) = story.seen(lambda: list(Version.objects.all()))
    assert (kept.receipt, kept.confirmed) == (before.receipt, before.confirmed)
    (recorded,) = audited("revise")
    assert recorded["before"] == json.loads(before.receipt)["sha256"] == audited("confirm")[0]["sha256"]
    assert recorded["sha256"] == json.loads(after.receipt)["sha256"]
    seen = desk.get(f"/registrations/{number}").content.decode()
    assert "What the correction changed" in seen
    assert "192.0.2.0/25" in seen
    assert "198.51.100.0/24" in seen
    assert story.seen(Registration.objects.count) == 1
    desk.post(f"/registrations/{number}", {"do": "approve", "reason": "Clear now"})
    assert story.seen(lambda: [asset.value for asset in Asset.objects.all()]) == ["198.51.100.0/24"]


def test_a_correction_that_agrees_still_waits_for_the_officer_who_asked(maker, desk, number, settings, tmp_path):
    settings.BUSINESS_REGISTER = story.register_file(tmp_path)
    story.prove(maker, kvk=story.KVK)
    maker.post(f"/register/{number}/correct")
    maker.post("/register/check", {"true": "yes"})
    assert (row(number).state, row(number).reasons) == ("waiting", [])
    assert "you asked something, so it waits for you" in desk.get(f"/registrations/{number}").content.decode()
    assert story.seen(Organisation.objects.count) == 0


def test_nobody_else_answers_corrects_or_reads_a_question(number):
    other = visitor("other@example.org")
    assert other.get(f"/register/{number}").status_code == 404
    assert other.post(f"/register/{number}", {"answer": "Yes"}).status_code == 404
    assert other.post(f"/register/{number}/correct").status_code == 404
    assert story.seen(lambda: Question.objects.get().answer) == ""


def test_a_draft_that_corrects_cannot_be_used_once_the_officer_has_decided(maker, desk, number):
    maker.post(f"/register/{number}/correct")
    desk.post(f"/registrations/{number}", {"do": "refuse", "reason": "No"})
    answer = maker.post("/register/check", {"true": "yes"})
    assert (answer.status_code, b"No question waits" in answer.content) == (422, True)
    assert row(number).state == "refused"
    maker.post("/register", {})
    assert "Drinkwaterbedrijf" not in maker.get("/register/organisation").content.decode()


def test_names_of_countries_are_dutch_on_dutch_pages(maker, number):
    maker.post(f"/register/{number}/correct")
    assert "Germany (DE)" in maker.get("/register/services").content.decode()
    maker.cookies["django_language"] = "nl"
    assert "Duitsland (DE)" in maker.get("/register/services").content.decode()
