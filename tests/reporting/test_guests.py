"""Somebody without an account reports; nothing is learnt about who exists, and the link comes by mail only."""

import re

import pytest
from django.core import signing
from django.test import Client
from tests.accounts.people import MEMBER, person

from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import web_guests
from dijkwacht.rooms.reporting.actions import guests, send_message
from dijkwacht.rooms.reporting.models import Incident, Message, Report
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import OFFICER, organisation
from .test_doors import FORM

pytestmark = pytest.mark.django_db
ADDRESS = "/report/without-account"


@pytest.fixture(autouse=True)
def fresh_buckets():
    for buckets in (web_guests.REPORTS, web_guests.MAILS, web_guests.FOLLOWED):
        buckets.clear()


def row():
    with tenancy.acting(CLERK):
        return Incident.objects.get()


def link_in(mail):
    return re.search(r"http://[^/]+(/report/follow/\S+)", mail.body)[1]


def test_somebody_reports_confirms_the_address_and_talks_with_the_centre(client, mailoutbox):
    sent = client.post(ADDRESS, {**FORM, "entity_name": "Timmerwerk Ladder"})
    assert sent.status_code == 201
    assert "/report/follow/" not in sent.content.decode()
    with tenancy.acting(CLERK):
        assert Report.objects.get().number in sent.content.decode()
    (mail,) = mailoutbox
    link = link_in(mail)
    assert mail.to == [FORM["contact_email"]]
    stranger = Client()
    assert b"id_text" not in stranger.get(link).content  # messages open after the address is confirmed
    stranger.post(link, {"do": "verify"})
    with tenancy.acting(OFFICER):
        send_message(actor=OFFICER, incident=row().id, text="Which machine?")
    assert b"Which machine?" in stranger.get(link).content
    stranger.post(link, {"text": "The saw"})
    with tenancy.acting(CLERK):
        assert [one.text for one in Message.objects.filter(from_centre=False)] == ["The saw"]
    assert row().verified_at is not None
    assert row().organisation_id is None


def test_the_answer_is_the_same_whoever_is_named(client):
    whose = organisation("Waterleiding Nieuweland")
    pages = []
    for name in (whose.name, "Nobody Knows BV"):
        web_guests.MAILS.clear()
        page = client.post(ADDRESS, {**FORM, "entity_name": name}).content.decode()
        pages.append(re.sub(r"<pre.*?</pre>|DW-[0-9A-Z-]{19}|value=\"[^\"]*\"", "", page, flags=re.DOTALL))
    assert pages[0] == pages[1]
    client.force_login(person("n@nieuweland.example", organisations={whose.id: MEMBER}))
    assert b"Pompen reageren niet" not in client.get("/report").content


def test_no_other_text_is_a_link(client, mailoutbox):
    client.post(ADDRESS, FORM)
    real = link_in(mailoutbox[0]).rpartition("/")[2]
    other = signing.dumps(row().id.hex, salt="another")
    for text in ("x", real[:-1], real + "0", other, signing.dumps(7, salt="reporting.follow")):
        assert client.get(f"/report/follow/{text}").status_code == 404
        assert client.post(f"/report/follow/{text}", {"do": "verify"}).status_code == 404
    assert row().verified_at is None


def test_an_address_is_not_mailed_at_will_nor_does_one_network_file_without_end(client, monkeypatch):
    assert client.post(ADDRESS, FORM).status_code == 201
    assert client.post(ADDRESS, FORM).status_code == 429
    web_guests.MAILS.clear()
    monkeypatch.setattr(guests, "MOST_A_DAY", 1)
    assert client.post(ADDRESS, FORM).status_code == 429
    with tenancy.acting(CLERK):
        assert Incident.objects.count() == 1


def test_a_header_in_a_field_becomes_no_header_of_a_mail(client, mailoutbox):
    bad = {**FORM, "contact_email": "a@b.example\r\nBcc: c@d.example", "title": "x\r\nBcc: c@d.example"}
    assert client.post(ADDRESS, bad).status_code == 422
    assert mailoutbox == []
