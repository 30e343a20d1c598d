"""The registry's pages, as an officer and as an organisation's administrator sees them."""

import io

import pytest
from tests.accounts.people import ADMINISTRATOR, READER, REPORTER, SECURITY, person

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry import actions, demo, reads
from dijkwacht.rooms.registry.models import Asset, Contact, Mandate, Organisation

from .people import OFFICER

pytestmark = pytest.mark.django_db
HOSTILE = '<script>alert("x")</script>'


@pytest.fixture
def organisation():
    return make("Gemeente Waterkant")


def make(name, kind="organisation"):
    with tenancy.acting(OFFICER):
        return actions.create_organisation(actor=OFFICER, name=name, kind=kind, classification="other")


@pytest.fixture
def officer(client):
    return sign_in(client, person("officer@centre.example", centre=[CentreRole.OFFICER], language="en"))


def sign_in(client, user):
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def home(organisation):
    return f"/registry/organisations/{organisation.id}"


def centre(read):
    with tenancy.acting(OFFICER):
        return read()


def test_an_officer_adds_an_organisation_and_is_shown_it(officer):
    answer = officer.post(
        "/registry/organisations/new",
        {
            "name": "Gemeente X",
            "country": "NL",
            "kind": "organisation",
            "classification": "essential",
            "language": "nl",
            "sectors": "1.10b",
            "active": "on",
        },
        follow=True,
    )
    assert answer.status_code == 200
    assert b"Gemeente X" in answer.content


def test_a_refused_field_is_told_at_the_field(officer):
    answer = officer.post("/registry/organisations/new", {"name": "", "kvk": "12", "kind": "organisation"})
    assert answer.status_code == 422
    assert b"this field is required" in answer.content
    assert b"it has 8 digits" in answer.content


def test_the_list_is_searched_by_name_number_and_asset(officer, organisation):
    make("Bakkerij")
    with tenancy.acting(OFFICER):
        actions.claim_asset(actor=OFFICER, organisation=organisation.id, kind="asn", value="AS64500")
    for words in ("waterKANT", "AS64500", "64500"):
        content = officer.get("/registry/organisations", {"words": words}).content
        assert b"Gemeente Waterkant" in content
        assert b"Bakkerij" not in content
    assert b"Nothing found" in officer.get("/registry/organisations?words=%27&kind=csirt&sector=1.5").content


def test_an_asset_is_claimed_verified_disputed_and_expired(officer, organisation):
    officer.post(f"{home(organisation)}/assets/new", {"kind": "prefix", "value": "192.0.2.0/24"})
    asset = centre(Asset.objects.get)
    for step, status in (("verify", "verified"), ("dispute", "disputed"), ("expire", "expired")):
        officer.post(f"/registry/assets/{asset.uid}/{step}", {"reason": "letter"})
        assert centre(lambda: Asset.objects.get().status) == status
    answer = officer.post(f"/registry/assets/{asset.uid}/dispute", {"reason": "again"}, follow=True)
    assert b"cannot be done while the status is expired" in answer.content


def test_an_organisation_keeps_its_own_contacts_and_preferences(client, organisation):
    sign_in(client, person("a@a.example", organisations={organisation.id: ADMINISTRATOR}))
    assert client.get("/registry/mine").headers["Location"] == home(organisation)
    form = {
        "role": "security",
        "email": "soc@a.example",
        "channel": "mail",
        "rhythm": "daily",
        "language": "en",
        "order": "0",
        "minimum_severity": "2",
        "quiet_from": "22:00",
        "quiet_to": "07:00",
    }
    assert client.post(f"{home(organisation)}/contacts/new", form).status_code == 302
    contact = centre(Contact.objects.get)
    assert b"22:00" in client.get(f"/registry/contacts/{contact.id}").content
    client.post(f"/registry/contacts/{contact.id}", {**form, "rhythm": "weekly"})
    assert centre(lambda: Contact.objects.get().rhythm) == "weekly"
    page = client.get(home(organisation)).content
    assert b"once a week" in page
    assert b"Verify" not in page
    client.post(f"/registry/contacts/{contact.id}/remove")
    assert not centre(Contact.objects.exists)


def test_a_new_webhook_secret_is_shown_once(officer, organisation):
    with tenancy.acting(OFFICER):
        contact = actions.add_contact(
            actor=OFFICER, organisation=organisation.id, channel="webhook", webhook_url="https://h.a.example/"
        )
    answer = officer.post(f"/registry/contacts/{contact.id}/secret")
    secret = centre(lambda: Contact.objects.get().webhook_secret)
    assert secret.encode() in answer.content
    assert "no-store" in answer["Cache-Control"]
    assert secret.encode() not in officer.get(f"/registry/contacts/{contact.id}").content


def test_a_stranger_finds_no_page_of_another_organisation(client, organisation):
    other = make("Ander")
    with tenancy.acting(OFFICER):
        contact = actions.add_contact(actor=OFFICER, organisation=other.id, email="soc@b.example")
        asset = actions.claim_asset(actor=OFFICER, organisation=other.id, kind="asn", value="64500")[0]
    sign_in(client, person("a@a.example", organisations={organisation.id: ADMINISTRATOR}))
    for path in (
        home(other),
        f"{home(other)}/contacts/new",
        f"{home(other)}/assets/new",
        f"/registry/contacts/{contact.id}",
    ):
        assert client.get(path).status_code == 404
    for path in (f"/registry/contacts/{contact.id}/remove", f"/registry/assets/{asset.uid}/remove"):
        assert client.post(path).status_code == 404
    assert b"Ander" not in client.get("/registry/organisations").content


@pytest.mark.parametrize("path", ["organisations/new", "conflicts", "import", "export/registry.csv"])
def test_an_organisation_has_no_officers_pages(client, organisation, path):
    sign_in(client, person("a@a.example", organisations={organisation.id: ADMINISTRATOR}))
    assert client.get(f"/registry/{path}").status_code == 403


CHANGES = {
    "assets/new": {"kind": "asn", "value": "64500"},
    "contacts/new": {"email": "a@a.example", "role": "security", "language": "nl", "order": "0", "channel": "mail",
                     "minimum_severity": "0", "rhythm": "run"},
    "change": {"effective_on": "2026-01-01", "name": "Another name"},
}  # fmt: skip
MAY_CHANGE = {ADMINISTRATOR: set(CHANGES), SECURITY: {"assets/new"}, REPORTER: {"change"}, READER: set()}


@pytest.mark.parametrize("role", MAY_CHANGE)
def test_each_role_changes_what_is_its_to_change(client, organisation, role):
    sign_in(client, person("m@a.example", organisations={organisation.id: role}))
    assert client.get(home(organisation)).status_code == (403 if role is READER else 200)
    for change, form in CHANGES.items():
        status = client.post(f"{home(organisation)}/{change}", form).status_code
        assert (status != 403) == (change in MAY_CHANGE[role]), change


def test_nobody_is_sent_to_sign_in(client, organisation):
    assert client.get(home(organisation)).status_code == 302


def test_a_conflict_is_shown_with_both_sides_and_decided(officer, organisation):
    other = make("Ander")
    for owner in (organisation, other):
        with tenancy.acting(OFFICER):
            actions.claim_asset(actor=OFFICER, organisation=owner.id, kind="asn", value="64500", evidence=HOSTILE)
    page = officer.get("/registry/conflicts").content
    assert b"Gemeente Waterkant" in page
    assert HOSTILE.encode() not in page
    conflict = centre(lambda: reads.conflicts_for(OFFICER)[0])
    officer.post(f"/registry/conflicts/{conflict.id}", {"decision": "first", "reason": "RIPE"})
    assert not centre(lambda: reads.conflicts_for(OFFICER).exists())


def test_a_mandate_is_made_suspended_and_withdrawn(officer, organisation):
    make("Z-Waakt", kind="relay")
    answer = officer.post(f"{home(organisation)}/mandates/new", {"relay": "Z-Wakt", "informations": "victim"})
    assert b"there is no such relay" in answer.content
    officer.post(
        f"{home(organisation)}/mandates/new", {"relay": "Z-Waakt", "informations": "victim", "mandatory": "on"}
    )
    mandate = centre(Mandate.objects.get)
    assert mandate.mandatory
    for step, status in (("suspend", "suspended"), ("resume", "active"), ("withdraw", "withdrawn")):
        officer.post(f"/registry/mandates/{mandate.id}/{step}", {"reason": "audit"})
        assert centre(lambda: Mandate.objects.get().status) == status
    assert b"Z-Waakt" in officer.get(home(organisation)).content


def test_an_import_reports_each_refused_row_and_a_trial_stores_nothing(officer):
    def bring(**more):
        file = io.BytesIO(f"organisation,name\nx,{HOSTILE}\ny,\n".encode())
        file.name = "list.csv"
        return officer.post("/registry/import", {"file": file, **more}).content

    assert b"a new organisation needs a name" in bring(try_only="on")
    assert not centre(Organisation.objects.exists)
    bring()
    assert HOSTILE.encode() not in officer.get("/registry/organisations").content
    assert centre(lambda: Organisation.objects.get().name) == HOSTILE


def test_an_unreadable_file_is_told_at_the_field(officer):
    file = io.BytesIO(b"\xff\xfe")
    file.name = "list.csv"
    answer = officer.post("/registry/import", {"file": file})
    assert answer.status_code == 422
    assert b"not UTF-8" in answer.content


def test_the_export_is_a_file(officer, organisation):
    answer = officer.get("/registry/export/registry.csv")
    assert "attachment" in answer["Content-Disposition"]
    assert b"Gemeente Waterkant" in b"".join(answer.streaming_content)


def test_every_demo_organisation_has_a_page_in_both_languages(officer):
    with tenancy.acting(OFFICER):
        demo.load(actor=OFFICER)
    for key in ("ziekenhuis", "z-waakt", "provider", "csirt-be"):
        page = officer.get(f"/registry/organisations/{demo.identifier(key)}")
        assert page.status_code == 200
    officer.cookies["django_language"] = "nl"
    assert officer.get("/registry/organisations").status_code == 200
