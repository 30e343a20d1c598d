"""From start to receipt: what goes by itself, what waits, and what the registry then holds."""

import json

import pytest
from django.utils import timezone
from tests.accounts.people import TESTER, person
from tests.enrolment import story

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform.accounts.models import OrganisationMembership
from dijkwacht.rooms.enrolment.models import Draft, Registration
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.models import Asset, Contact, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(settings, tmp_path):
    settings.BUSINESS_REGISTER = story.register_file(tmp_path)


@pytest.fixture
def somebody(client):
    client.headers = {"Accept-Language": "en"}
    client.force_login(person("jan@debron.example"))
    client.cookies["django_language"] = "en"
    return client


def test_where_the_facts_agree_nobody_of_the_centre_is_needed(somebody, register):
    story.prove(somebody, kvk=story.KVK)
    story.fill(somebody)
    page, number = story.confirm(somebody)
    assert story.seen(lambda: Registration.objects.get(id=number).reasons) == []
    assert "Your organisation stands in the register." in page.content.decode()
    row = story.seen(lambda: Organisation.objects.get(kvk=story.KVK))
    assert (row.classification, row.sectors, row.entity_types) == ("essential", ["1.6"], ["1.6-supplier"])
    assert (row.emails, row.phones) == (["info@debron.example"], ["+31206234567"])
    assert row.addresses[0]["street"] == "Kade 1"
    assert row.arrangements == [{"name": "ISAC Water", "joined": "2025-01-01", "left": ""}]
    roles = story.seen(lambda: sorted(Contact.objects.values_list("role", "email")))
    assert roles == [("security", "soc@debron.example"), ("substitute", "bestuur@debron.example")]
    claimed = story.seen(lambda: sorted(Asset.objects.values_list("value", "status")))
    assert claimed == [("192.0.2.0/25", "claimed"), ("64496", "claimed"), ("www.debron.example", "claimed")]
    held = story.seen(lambda: OrganisationMembership.objects.get(organisation_id=row.id))
    assert held.role == "administrator"
    assert story.seen(Draft.objects.count) == 0
    assert story.seen(lambda: Registration.objects.get(id=number).automatic)


@pytest.mark.parametrize(
    ("proven", "changes", "reasons"),
    [
        ({}, {}, ["not-proven"]),
        ({"kvk": "12345678"}, {}, ["other-number"]),
        ({"kvk": story.KVK}, {"name": "Concurrent B.V."}, ["other-name"]),
        ({"kvk": story.KVK}, {"declaration": "important"}, ["other-class"]),
        ({"kvk": "87654321"}, {"kvk": "87654321"}, ["unknown-number"]),
        ({"kvk": story.KVK}, {"name": "Drinkwaterbedrijf D\u0435 Bron"}, ["other-name", "strange-name"]),
    ],
)
def test_what_does_not_agree_waits_with_its_reason(somebody, register, proven, changes, reasons):
    story.prove(somebody, **proven)
    story.fill(somebody, **changes)
    page, number = story.confirm(somebody)
    row = story.seen(lambda: Registration.objects.get(id=number))
    assert (row.state, row.reasons) == ("waiting", reasons)
    assert "An officer looks at it" in page.content.decode()
    assert story.seen(Organisation.objects.count) == 0


def test_a_draft_is_kept_with_every_page_and_shown_again(somebody):
    somebody.post("/register", {})
    answer = somebody.post("/register/organisation", {"kvk": "1", "name": "De Bron", "do": "next"})
    assert answer.status_code == 422
    assert b'href="#id_kvk"' in answer.content
    again = somebody.get("/register/organisation").content.decode()
    assert 'value="De Bron"' in again
    assert 'value="1"' in again
    assert somebody.post("/register/organisation", {"name": "De Bron 2", "do": "keep"}).status_code == 204
    assert "De Bron 2" in somebody.get("/register/organisation").content.decode()


def test_nothing_is_confirmed_that_is_not_complete_or_not_said_to_be_true(somebody):
    somebody.post("/register", {})
    answer = somebody.post("/register/check", {"true": "yes"})
    assert answer.status_code == 422
    assert b"/register/contacts#id_security_email" in answer.content
    story.fill(somebody)
    assert somebody.post("/register/check", {}).status_code == 422
    assert story.seen(Registration.objects.count) == 0


def test_the_business_register_fills_in_the_page(somebody, register):
    somebody.post("/register", {})
    page = somebody.post("/register/organisation", {"kvk": story.KVK, "do": "look-up"}).content.decode()
    assert story.NAME in page
    assert "Kade 1" in somebody.get("/register/reach").content.decode()


def test_a_broker_fills_in_the_page_and_the_assessment_the_next(somebody, register):
    story.prove(somebody, kvk=story.KVK)
    somebody.post("/register", {"query": story.ASSESSMENT})
    page = somebody.get("/register/organisation").content.decode()
    assert story.NAME in page
    assert f"KVK {story.KVK}" in page
    entity = somebody.get("/register/entity").content.decode()
    assert 'value="1.6-supplier"' in entity
    assert 'value="essential" selected' in entity


def test_an_officer_approves_asks_and_refuses(somebody, client, register, mailoutbox):
    story.fill(somebody)
    _page, number = story.confirm(somebody)
    officer = person("officer@centre.example", centre=[CentreRole.OFFICER], language="en")
    from django.test import Client

    desk = Client(headers={"Accept-Language": "en"})
    desk.force_login(officer)
    listed = desk.get("/registrations").content.decode()
    assert "no broker proved a number at sign-in" in listed
    desk.post(f"/registrations/{number}", {"do": "ask", "reason": "Who are you?"})
    assert "Who are you?" in somebody.get(f"/register/{number}").content.decode()
    assert desk.post(f"/registrations/{number}", {"do": "approve", "reason": "Called them"}).status_code == 302
    assert story.seen(lambda: Organisation.objects.get().name) == "Drinkwaterbedrijf De Bron BV"
    assert story.seen(lambda: Registration.objects.get().automatic) is False
    answer = desk.post(f"/registrations/{number}", {"do": "refuse", "reason": "Again"}, follow=True)
    assert "already decided" in answer.content.decode()
    assert "0 %" in desk.get("/registrations").content.decode()


def test_the_receipt_is_signed_and_can_be_had_again(somebody, register):
    story.fill(somebody)
    page, number = story.confirm(somebody)
    receipt = somebody.get(f"/register/{number}/receipt.json").content.decode()
    body = json.loads(receipt)["receipt"]
    assert body["number"] == number
    assert body["received_at"].endswith("+00:00")
    assert "stored" not in page.content.decode()
    assert "This receipt is ours" in somebody.post("/receipt", {"receipt": receipt}).content.decode()
    changed = receipt.replace("De Bron", "De Pomp")
    answer = somebody.post("/receipt", {"receipt": changed})
    assert (answer.status_code, "does not match" in answer.content.decode()) == (422, True)
    pdf = somebody.get(f"/register/{number}/receipt.pdf").content
    assert pdf.startswith(b"%PDF-")
    assert b"/StructTreeRoot" in pdf


def depart(row):
    def go():
        asked = registry.ask_deregistration(
            actor=TESTER, organisation=row.id, reason="sold", effective_on=timezone.localdate()
        )
        assert registry.deregister_due(actor=TESTER, deregistration=asked.id)

    story.seen(go)


def again(client, name, **proven):
    """Somebody else registers the same organisation."""
    client.force_login(person(f"{name}@debron.example"))
    story.prove(client, **proven)
    story.fill(client)
    return story.confirm(client)[1]


def test_one_that_left_comes_back_with_its_history_when_its_number_is_proven(somebody, register):
    story.prove(somebody, kvk=story.KVK)
    story.fill(somebody)
    story.confirm(somebody)
    row = story.seen(lambda: Organisation.objects.get(kvk=story.KVK))
    depart(row)
    number = again(somebody, "piet", kvk=story.KVK)
    assert story.seen(lambda: Registration.objects.get(id=number).reasons) == []
    back = story.seen(lambda: Organisation.objects.get(kvk=story.KVK))
    assert (back.id, back.active) == (row.id, True)
    assert story.seen(lambda: Contact.objects.filter(organisation=back).count()) == 2
    assert story.seen(lambda: {asset.status for asset in Asset.objects.filter(organisation=back)}) == {"claimed"}


def test_a_number_that_was_only_typed_brings_nobody_the_organisation_that_left(somebody, register):
    story.prove(somebody, kvk=story.KVK)
    story.fill(somebody)
    story.confirm(somebody)
    row = story.seen(lambda: Organisation.objects.get(kvk=story.KVK))
    depart(row)
    number = again(somebody, "mallory")
    assert story.seen(lambda: Registration.objects.get(id=number).state) == "waiting"
    assert not story.seen(lambda: Organisation.objects.get(id=row.id).active)
