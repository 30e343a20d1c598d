"""The form for whoever has no account: what people paste and hand in is taken, or refused in words that help."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.phishing import shield

from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing import errors
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.deciding import actions as judging
from dijkwacht.rooms.phishing.intake import reading
from dijkwacht.rooms.phishing.intake.web import checked

ADDRESSES = [
    ("hxxps://dief[.]example/x", "hxxps://dief[.]example/x"),
    ("  dief.example/x ", "http://dief.example/x"),
    ("https://dief . example/pad", "https://dief.example/pad"),
    ("dief. example", "http://dief.example"),
    ("http://2130706433/", "http://2130706433/"),
    ("http://[2001:db8::1]/", "http://[2001:db8::1]/"),
    ("http://good.example@dief.example/", "http://good.example@dief.example/"),
]


@pytest.mark.parametrize(("typed", "found"), ADDRESSES, ids=[one for one, _ in ADDRESSES])
def test_an_address_is_taken_in_the_odd_forms_in_which_people_paste_it(typed, found):
    assert checked(typed) == found


@pytest.mark.parametrize(
    "typed", ["hallo", "wat is dit", "javascript:alert(1)", "http://localhost/", "12345", "https://"]
)
def test_what_leads_nowhere_is_no_address(typed):
    with pytest.raises(errors.NoAddress):
        checked(typed)


def test_an_address_for_mail_is_not_taken_for_a_page_of_its_domain():
    with pytest.raises(errors.MailAddress):
        checked("info@pakket.example")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({}, 422, "Give a web address"),
        ({"address": "info@pakket.example"}, 422, "is for mail, not for the web"),
        ({"address": "hallo"}, 422, "Copy the whole address"),
        ({"file": SimpleUploadedFile("mail.eml", b"")}, 422, "The file is empty"),
        ({"file": SimpleUploadedFile("mail.eml", b"MZ" + bytes(900))}, 422, "Save the mail as a file"),
        ({"file": SimpleUploadedFile("mail.eml", b"Subject: x\r\n\r\n" + bytes(11 << 20))}, 413, "larger than 10 MB"),
    ],
    ids=["nothing", "mail address", "word", "empty file", "program", "large"],
)
def test_what_cannot_be_taken_is_refused_in_words_that_say_what_to_do(sent, status, words):
    answer = Client(headers={"Accept-Language": "en"}).post("/phishing/report", sent)
    assert (answer.status_code, words in answer.content.decode()) == (status, True)


@pytest.mark.usefixtures("own_database")
def test_who_hands_in_something_without_a_link_hears_that_none_was_found():
    client = Client(headers={"Accept-Language": "en"})
    mail = b"From: a@b.example\r\nSubject: hallo\r\n\r\nZonder link.\r\n"
    where = client.post("/phishing/report", {"file": SimpleUploadedFile("mail.eml", mail)}).url
    assert "We are looking at it" in client.get(where).content.decode()
    reading.read_all()
    with tenancy.acting(shield.MACHINE):
        judging.judge(actor=shield.MACHINE, campaign=Campaign.objects.get().id)
    assert "We found no web address" in client.get(where).content.decode()
