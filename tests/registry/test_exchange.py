"""A file comes in, the registry goes out, and what is wrong is named by row and column."""

import csv
import io
import json

import pytest

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry import actions, events, reads
from dijkwacht.rooms.registry.errors import NotAllowed, UnreadableFile
from dijkwacht.rooms.registry.exchange.layout import HEADER
from dijkwacht.rooms.registry.models import Asset, AssetConflict, Contact, Mandate, Organisation

from .people import ANALYST, OFFICER, administrator

pytestmark = pytest.mark.django_db

FILE = """\
record,organisation,name,kind,classification,sectors,kvk,role,email,value,status,evidence,member,informations,phone
organisation,kant,Gemeente Waterkant,organisation,essential,1.10b,12345678,,,,,,,,
contact,kant,Meldkamer,,,,,security,soc@waterkant.example,,,,,,+31 20 1234567
asset,kant,,prefix,,,,,,192.0.2.0/24,verified,RIPE db,,,
asset,kant,,domain,,,,,,waterkant.example,,,,,
organisation,waakt,Z-Waakt,relay,other,,,,,,,,,,
mandate,waakt,,,,,,,,,,,kant,victim;target,
"""


@pytest.fixture(autouse=True)
def centre():
    with tenancy.acting(OFFICER):
        yield


def bring_in(text, name="registry.csv", **options):
    content = text if isinstance(text, bytes) else text.encode()
    return actions.import_file(actor=OFFICER, file=io.BytesIO(content), name=name, **options)


def take_out(name="registry.csv"):
    return b"".join(actions.export_file(actor=OFFICER, name=name))


def reasons(report):
    return [(row.line, row.column, row.reason_en) for row in report.refusals]


def test_one_file_holds_organisations_contacts_assets_and_mandates():
    report = bring_in(FILE)
    assert reasons(report) == []
    assert report.stored == {"organisation": 2, "contact": 1, "asset": 2, "mandate": 1}
    kant = Organisation.objects.get(kvk="12345678")
    assert (kant.classification, kant.sectors) == ("essential", ["1.10b"])
    assert Contact.objects.get().phone == "+31201234567"
    assert dict(Asset.objects.values_list("value", "status")) == {
        "192.0.2.0/24": "verified",
        "waterkant.example": "claimed",
    }
    assert Mandate.objects.get().informations == ["target", "victim"]


def test_the_same_file_twice_changes_nothing():
    bring_in(FILE)
    assert bring_in(FILE).stored == {"organisation": 0, "contact": 0, "asset": 0, "mandate": 0}


def test_a_second_file_changes_only_what_it_says():
    bring_in(FILE)
    report = bring_in("organisation,name\nkant,Gemeente De Kant\n")
    assert report.stored["organisation"] == 1
    kant = Organisation.objects.get(kvk="12345678")
    assert (kant.name, kant.classification) == ("Gemeente De Kant", "essential")


def test_an_empty_cell_says_nothing_and_a_cell_that_says_clear_takes_away_what_is_stored():
    bring_in(FILE)
    Asset.objects.filter(kind="prefix").update(expires_at="2027-01-01T00:00:00Z")
    Mandate.objects.update(valid_to="2027-01-01")
    header = "record,organisation,kvk,sectors,role,email,phone,name,kind,value,expires_at,member,valid_to\n"
    rows = (
        "organisation,kant,,,,,,,,,,,\n",
        "contact,kant,,,security,soc@waterkant.example,,,,,,,\n",
        "asset,kant,,,,,,,prefix,192.0.2.0/24,,,\n",
        "mandate,waakt,,,,,,,,,,kant,\n",
    )
    assert bring_in(header + "".join(rows)).refused == 0
    kept = Organisation.objects.get(kvk="12345678")
    assert (kept.sectors, Contact.objects.get().phone) == (["1.10b"], "+31201234567")
    assert (Asset.objects.get(kind="prefix").expires_at, Mandate.objects.get().valid_to) != (None, None)
    cleared = (
        "organisation,kant,(clear),(Clear),,,,,,,,,\n",
        "contact,kant,,,security,soc@waterkant.example,(clear),(clear),,,,,\n",
        "asset,kant,,,,,,,prefix,192.0.2.0/24,(clear),,\n",
        "mandate,waakt,,,,,,,,,,kant,(clear)\n",
    )
    assert bring_in(header + "".join(cleared)).refused == 0
    kept.refresh_from_db()
    contact = Contact.objects.get()
    assert (kept.name, kept.kvk, kept.sectors) == ("Gemeente Waterkant", None, [])
    assert (contact.email, contact.phone, contact.name) == ("soc@waterkant.example", "", "")
    assert (Asset.objects.get(kind="prefix").expires_at, Mandate.objects.get().valid_to) == (None, None)


@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("name", "organisation,kant,,(clear),,,\n"),
        ("classification", "organisation,kant,(clear),,,,\n"),
        ("evidence", "asset,kant,,,prefix,192.0.2.0/24,(clear)\n"),
    ],
)
def test_what_must_have_a_value_is_not_cleared(column, row):
    bring_in(FILE)
    report = bring_in(f"record,organisation,classification,name,kind,value,evidence\n{row}")
    assert reasons(report) == [(1, column, "this field cannot be without a value")]


def test_the_bare_form_of_three_columns_adds_assets_by_number():
    bring_in(FILE)
    report = bring_in("organisation;kind;value\nkvk:1234 5678;asn;AS64500\nkvk:87654321;asn;AS64501\n")
    assert report.stored["asset"] == 1
    assert reasons(report) == [(2, "organisation", "this organisation is not known")]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("asset,x,,asn,,AS64512", "value", "space that nobody owns (private use, RFC 6996)"),
        ("asset,x,,prefix,,0.0.0.0/0", "value", "too large: shorter than /8"),
        ("asset,x,,prefix,,", "value", "this field is required"),
        ("asset,x,,url,,https://x.example", "kind", "choose one of prefix, asn, domain"),
        ("organisation,x,Twin,,,", "organisation", "stands twice in this file"),
        ("contact,x,,,jan@,", "email", "this is not an e-mail address"),
        ("contact,x,,,,", "email", "needed for the channel mail"),
        ("contact,x,,,a@x.example,192.0.2.0/24", "value", "there is no such field"),
        ("invoice,x,,,,", "", "unknown kind of row 'invoice'"),
        ("asset,x,,asn,,64500,extra", "", "7 cells instead of 6"),
    ],
)
def test_one_refused_row_leaves_its_whole_organisation_out_and_no_other(row, column, reason):
    report = bring_in(
        "record,organisation,name,kind,email,value\n"
        f"organisation,x,Xerxes,,,\nasset,x,,asn,,64499\n{row}\norganisation,y,Ypsilon,,,\nasset,y,,asn,,64498\n"
    )
    assert (3, column, reason) in reasons(report)
    assert list(Organisation.objects.values_list("name", flat=True)) == ["Ypsilon"]
    assert list(Asset.objects.values_list("value", flat=True)) == ["64498"]
    assert report.organisations_left_out == 1


@pytest.mark.parametrize(
    ("organisation", "reason"),
    [
        ({}, "this says nothing about the organisation"),
        ({"assets": []}, "this says nothing about the organisation"),
        ({"name": "Xerxes", "assets": [7]}, "assets is no list of objects"),
        ({"name": "Xerxes", "contacts": "x"}, "contacts is no list of objects"),
    ],
)
def test_an_organisation_of_a_json_file_that_says_nothing_or_no_list_is_told(organisation, reason):
    content = json.dumps({"organisations": [{"organisation": "x", **organisation}]})
    report = bring_in(content, name="a.json")
    assert reasons(report) == [(1, "", reason)]
    assert not Organisation.objects.exists()


def test_every_refusal_has_a_dutch_reason():
    report = bring_in("organisation,kind,value\nx,prefix,10.0.0.0/8\nx,domain,nl\n")
    assert all(row.reason_nl and row.reason_nl != row.reason_en for row in report.refusals)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "it is empty"),
        (b"organisation,colour\n", "a.csv", "colour"),
        (b"name\nX\n", "a.csv", "organisation is missing"),
        (b"organisation,name,name\n", "a.csv", "twice"),
        (b"organisation,name\nx,\xe9\n", "a.csv", "line 2 is not UTF-8"),
        (b'organisation,name\nx,"open\n', "a.csv", "quotes are wrong"),
        (b"organisation,name\nx," + b"y" * (1 << 20), "a.csv", "line 2 is too long"),
        (b"{", "a.json", "not JSON"),
        (b"[" * 100_000, "a.json", "not JSON"),
        (b'{"organisations": {}}', "a.json", "organisations is missing"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, name, said):
    with pytest.raises(UnreadableFile, match=said):
        bring_in(content, name)


def test_nul_bytes_and_overrides_of_direction_are_refused():
    report = bring_in("organisation,name\nx,A\x00B\ny,A\u202eB\n")
    assert reasons(report) == [(1, "name", "it holds control characters"), (2, "name", "it holds control characters")]


def test_verified_needs_evidence_in_the_row_or_with_the_file():
    text = "organisation,name\nx,X\n"
    bring_in(text)
    rows = "organisation,kind,value,status\nx,asn,64500,verified\n"
    assert reasons(bring_in(rows)) == [(1, "evidence", "needed with verified")]
    bring_in(rows, evidence="contract 12")
    assert Asset.objects.get().evidence == "contract 12"


def test_what_two_organisations_call_verified_is_disputed():
    report = bring_in(
        "record,organisation,name,kind,value,status,evidence\n"
        "organisation,x,X,,,,\norganisation,y,Y,,,,\nasset,x,,asn,64500,verified,e\nasset,y,,asn,64500,verified,e\n"
    )
    assert report.conflicts == 1
    assert set(Asset.objects.values_list("status", flat=True)) == {"disputed"}
    assert AssetConflict.objects.count() == 1


def test_an_import_tells_whose_assets_became_verified():
    heard = []

    def hear(sender, organisations, **_):
        heard.extend(organisations)

    events.assets_imported.connect(hear)
    bring_in(FILE)
    assert heard == [Organisation.objects.get(kvk="12345678").id]


def test_each_organisation_that_an_import_touches_has_an_entry_in_the_audit_log():
    bring_in(FILE)
    bring_in("organisation,kind,value\nkvk:12345678,asn,AS64500\n")
    kant = Organisation.objects.get(kvk="12345678")
    events_of_kant = Event.objects.filter(action="registry:organisation:import", organisation=kant.id).order_by("at")
    counts = [(row.detail["organisation"], row.detail["contact"], row.detail["asset"]) for row in events_of_kant]
    assert counts == [(1, 1, 2), (0, 0, 1)]


def test_a_trial_reports_and_changes_nothing():
    report = bring_in(FILE, try_only=True)
    assert report.stored["organisation"] == 2
    assert not Organisation.objects.exists()
    assert not Event.objects.filter(action__startswith="registry:").exists()


def test_a_contact_cannot_be_taken_from_another_organisation():
    bring_in(FILE)
    contact = Contact.objects.get()
    report = bring_in(f"record,organisation,id,name,email\norganisation,z,,Z,\ncontact,z,{contact.id},,e@z.example\n")
    assert reasons(report) == [(2, "id", "this contact belongs to another organisation")]
    assert not Organisation.objects.filter(name="Z").exists()


@pytest.mark.parametrize("name", ["registry.csv", "registry.json"])
def test_an_export_imports_to_the_same_registry(name):
    bring_in(FILE)
    out = take_out(name)
    assert bring_in(out, name).stored == {"organisation": 0, "contact": 0, "asset": 0, "mandate": 0}
    for model in (AssetConflict, Asset, Contact, Mandate, Organisation):
        model.objects.all().delete()
    report = bring_in(out, name)
    assert reasons(report) == []
    assert take_out(name) == out


def test_an_export_cannot_run_in_a_spreadsheet():
    bring_in("organisation,name\nx,'=cmd|'/c calc'!A1\n")
    assert Organisation.objects.get().name == "=cmd|'/c calc'!A1"
    rows = list(csv.DictReader(io.StringIO(take_out().decode())))
    assert rows[0]["name"] == "'=cmd|'/c calc'!A1"
    assert tuple(rows[0]) == HEADER


def test_json_names_the_place_of_what_it_refuses():
    report = bring_in(
        json.dumps({"organisations": [{"organisation": "x", "name": "X", "assets": [{"kind": "asn", "value": "0"}]}]}),
        "a.json",
    )
    assert reasons(report)[0][:2] == (1, "assets[0].value")


@pytest.mark.parametrize("item", [1, None, {"organisation": "x", "assets": 3}, {"organisation": "x", "name": {"a": 1}}])
def test_json_of_the_wrong_shape_is_refused_row_by_row(item):
    report = bring_in(json.dumps({"organisations": [item]}), "a.json")
    assert report.refused == 1
    assert not Organisation.objects.exists()


def test_only_the_centre_takes_the_registry_out_and_an_officer_brings_it_in():
    for actor in (ANALYST, administrator(reads.Organisation.objects.create(name="X").id)):
        with pytest.raises(NotAllowed):
            actions.import_file(actor=actor, file=io.BytesIO(), name="a.csv")
    with pytest.raises(NotAllowed):
        actions.export_file(actor=administrator(Organisation.objects.get().id), name="a.csv")
    assert b"X" in b"".join(actions.export_file(actor=ANALYST, name="a.csv"))
    assert Event.objects.filter(action="registry:export:read").count() == 1
