"""An incident as one file: signed JSON that anybody verifies, and STIX 2.1."""

import json

import pytest

from dijkwacht.platform import tenancy
from dijkwacht.platform.receipts import ReceiptNotValid, Signer, verify
from dijkwacht.rooms.reporting.actions import export_incident
from dijkwacht.rooms.reporting.errors import NotAllowed
from dijkwacht.rooms.reporting.incident_pdf import pdf
from dijkwacht.rooms.reporting.indicators import Found, recognise

from .story import OFFICER, early_warning, file, member, organisation

pytestmark = pytest.mark.django_db
PASTED = ("203.0.113[.]7", "hxxps://evil.example/a'b", "cve-2026-1234", "9f86d081884c7d659a2feaa0c55ad015")


@pytest.fixture
def incident():
    whose = organisation()
    return file(member(whose.id), whose.id, facts=early_warning(indicators=PASTED)).incident


def take(incident, form, actor=OFFICER):
    with tenancy.acting(actor):
        return export_incident(actor=actor, incident=incident.id, form=form)


def test_the_signed_file_is_verified_and_a_changed_one_is_not(incident, settings):
    text = take(incident, "json").decode()
    body = verify(text, Signer.of(settings.HOME).verifier)
    assert body["facts"]["title"] == "Pumps do not answer"
    assert [report["stage"] for report in body["reports"]] == ["early-warning"]
    with pytest.raises(ReceiptNotValid):
        verify(text.replace("Pumps", "Pipes"), Signer.of(settings.HOME).verifier)


def test_the_pdf_is_made_from_the_signed_file_and_text_of_strangers_is_no_markup(settings):
    whose = organisation()
    facts = early_warning(title="#panic() *x* <y> $z$", description='#read("/etc/passwd")')
    incident = file(member(whose.id), whose.id, facts=facts).incident
    assert pdf(take(incident, "json")).startswith(b"%PDF-1.7")


def test_the_bundle_holds_the_incident_and_its_indicators(incident):
    made = json.loads(take(incident, "stix"))
    kinds = [one["type"] for one in made["objects"]]
    assert kinds.count("incident") == 1
    patterns = {one["pattern"] for one in made["objects"] if one["type"] == "indicator"}
    assert patterns == {
        "[ipv4-addr:value = '203.0.113.7']",
        "[url:value = 'https://evil.example/a']",
        "[file:hashes.'MD5' = '9f86d081884c7d659a2feaa0c55ad015']",
    }
    identifiers = {one["id"] for one in made["objects"]}
    for one in made["objects"]:
        assert one["id"].startswith(f"{one['type']}--")
        assert {one.get(name, one["id"]) for name in ("source_ref", "target_ref", "created_by_ref")} <= identifiers
    assert json.loads(take(incident, "stix")) == made


def test_the_bundle_says_in_a_note_what_is_not_known_yet():
    whose = organisation()
    incident = file(member(whose.id), whose.id, facts=early_warning(suspected_malicious=None)).incident
    (note,) = [one for one in json.loads(take(incident, "stix"))["objects"] if one["type"] == "note"]
    assert note["content"] == "Not known yet, to be completed by the next report: suspected_malicious."
    file(member(whose.id), whose.id, incident=incident.id, facts=early_warning(suspected_malicious=False))
    assert '"type": "note"' not in take(incident, "stix").decode()


def test_an_object_that_changed_is_newer_and_the_centre_is_the_same_in_every_bundle(incident):
    def objects(which):
        return {one["type"]: one for one in reversed(json.loads(take(which, "stix"))["objects"])}

    before, whose = objects(incident), incident.organisation_id
    file(member(whose), whose, incident=incident.id, facts=early_warning(title="It was another pump"))
    after = objects(incident)
    assert after["incident"]["id"] == before["incident"]["id"]
    assert after["incident"]["created"] == before["incident"]["created"]
    assert after["incident"]["modified"] > before["incident"]["modified"]
    other = file(member(whose), whose, facts=early_warning()).incident
    assert objects(other)["identity"] == before["identity"]


def test_the_reporter_takes_nothing_out_of_the_desk(incident):
    with pytest.raises(NotAllowed):
        take(incident, "json", member(incident.organisation_id))


@pytest.mark.parametrize(
    ("pasted", "found"),
    [
        ("see hxxp://bad[.]example/x and 192.0.2[.]1:443", ["http://bad.example/x", "192.0.2.1"]),
        ("user(at)evil[dot]example", ["user@evil.example"]),
        ("2001:db8::1, 2001:DB8::1", ["2001:db8::1"]),
        ("report.pdf is no name, nor is 999.1.1.1", []),
        ("CVE-2026-0001; " + "A" * 64, ["CVE-2026-0001", "a" * 64]),
    ],
    ids=["link-and-port", "mail", "once", "file-name", "cve-and-hash"],
)
def test_indicators_are_recognised_in_any_form(pasted, found):
    assert [one.value for one in recognise(pasted)] == found


def test_an_indicator_is_shown_so_that_nobody_follows_it():
    assert Found("url", "https://evil.example").defanged == "hxxps://evil[.]example"
