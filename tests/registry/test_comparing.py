"""A whole business register is laid beside ours: what differs, what that would change, and what becomes of it."""

import csv
import io
import json
from datetime import date

import pytest
from click.testing import CliRunner
from django.core import mail
from django.test import Client
from tests.accounts.people import person

from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry import actions, history
from dijkwacht.rooms.registry.cli import registry
from dijkwacht.rooms.registry.comparing import rules, snapshot
from dijkwacht.rooms.registry.comparing.layout import Listed
from dijkwacht.rooms.registry.errors import InvalidField, NotAllowed, NotFound, UnreadableFile, WrongState
from dijkwacht.rooms.registry.models import ChangeNotice, Comparison, Deregistration, Difference, Organisation

from .people import ANALYST, OFFICER

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 25)
HEADER = ("kvk", "name", "trade_names", "street", "postcode", "city", "active", "legal_form", "sbi", "staff")


@pytest.fixture(autouse=True)
def letters(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    return mail.outbox


def entity(name, kvk, **values):
    with tenancy.acting(OFFICER):
        given = {"kind": "organisation", "classification": "important", "emails": ["info@contact.example"], **values}
        return actions.create_organisation(actor=OFFICER, name=name, kvk=kvk, **given)


@pytest.fixture
def courier():
    return entity(
        "Koerier Snel B.V.",
        "90000201",
        sectors=["2.1"],
        entity_types=["2.1-courier"],
        addresses=[{"kind": "main", "street": "Kade 1", "postcode": "1234 AB", "city": "Waterkant", "country": "NL"}],
        legal_form="bv",
        activities=["5320"],
        staff=60,
    )


SAME = {
    "kvk": "90000201",
    "name": "koerier snel BV",
    "street": "Kade 1",
    "postcode": "1234AB",
    "city": "WATERKANT",
    "active": "ja",
    "legal_form": "Besloten vennootschap",
    "sbi": "53.20",
    "staff": "75",
}


def as_csv(*rows):
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def compare(*rows, actor=OFFICER, **values):
    with tenancy.acting(actor):
        return actions.compare_register(
            actor=actor, file=io.BytesIO(as_csv(*rows)), name="register.csv", **values
        ).comparison


def found(comparison):
    with tenancy.acting(OFFICER):
        rows = Difference.objects.filter(comparison=comparison).order_by("field")
        return [(row.field, row.ours, row.theirs, row.effect, row.would_be) for row in rows]


def test_capitals_signs_and_another_spelling_of_the_form_are_no_difference(courier):
    assert found(compare(SAME)) == []


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"name": "Pakket Traag"}, [("name", "Koerier Snel B.V.", "Pakket Traag", "", "")]),
        ({"name": "Pakket Traag", "trade_names": "Koerier Snel"}, []),
        ({"street": "Kade 2"}, [("addresses", "Kade 1|1234 AB|Waterkant|NL", "Kade 2|1234AB|WATERKANT|NL", "", "")]),
        ({"street": ""}, []),
        ({"legal_form": "stichting"}, [("legal_form", "bv", "stichting", "", "")]),
        ({"legal_form": "iets nieuws"}, []),
        ({"sbi": "53.10"}, [("activities", ["5320"], ["5310"], "", "")]),
        ({"sbi": "3600"}, [("activities", ["5320"], ["3600"], "sector", "1.6")]),
        ({"staff": "249"}, []),
        ({"staff": "300"}, [("staff", 60, 300, "", "")]),
        ({"staff": ""}, []),
        ({"active": "nee", "name": "X"}, [("ended", True, False, "leaves", "")]),
    ],
)
def test_what_differs_and_what_it_would_change(courier, told, expected):
    assert found(compare({**SAME, **told})) == expected


HELD = {
    "name": "Stroom",
    "addresses": [],
    "legal_form": "",
    "activities": (),
    "sectors": ["1.1a"],
    "identified_by": (),
}


@pytest.mark.parametrize(
    ("classification", "types", "ours", "theirs", "would_be"),
    [
        ("important", ("1.1a-supplier",), 249, 250, "essential"),
        ("important", ("1.1a-supplier",), 249, 249, None),
        ("important", ("1.1a-supplier",), 60, 249, None),
        ("essential", ("1.1a-supplier",), 250, 249, None),  # its turnover may be large
        ("essential", ("1.8-tld",), 300, 2, None),
        ("important", (), 60, 300, None),
        ("other", ("1.1a-supplier",), None, 50, "essential, important"),
    ],
)
def test_a_number_of_staff_changes_the_class_at_the_bounds_of_the_law(classification, types, ours, theirs, would_be):
    held = rules.Held(**HELD, classification=classification, entity_types=types, staff=ours)
    listed = Listed(kvk="90000201", name="Stroom", staff=theirs)
    changed = [row.would_be for row in rules.differences(held, listed, DAY) if row.effect == "class"]
    assert changed == ([] if would_be is None else [would_be])


def test_a_number_that_the_whole_register_lacks_is_missing_and_a_part_tells_nothing(courier):
    other = {**SAME, "kvk": "90000299"}
    assert found(compare(other)) == [("missing", "90000201", None, "leaves", "")]
    assert found(compare(other, whole=False)) == []


def test_rows_that_cannot_be_read_are_told_and_the_others_compared(courier):
    bad = [{"kvk": "12", "name": "X"}, {**SAME, "name": "Pakket"}, SAME, {"kvk": "90000203", "name": "Y", "sbi": "x"}]
    entity("Y", "90000203")
    with tenancy.acting(OFFICER):
        done = actions.compare_register(actor=OFFICER, file=io.BytesIO(as_csv(*bad)), name="register.csv")
    assert [(row.line, row.column) for row in done.refusals] == [(1, "kvk"), (3, "kvk"), (4, "")]
    assert (done.comparison.counts["rows"], done.comparison.counts["refused"]) == (4, 3)
    assert found(done.comparison) == [("name", "Koerier Snel B.V.", "Pakket", "", "")]


def test_what_the_register_did_not_know_is_filled_in_only_when_asked(courier):
    bakery = entity("Bakkerij Vers", "90000202")
    row = {"kvk": "90000202", "name": "Bakkerij Vers", "legal_form": "eenmanszaak", "sbi": "1071", "staff": "3"}
    assert compare(SAME, row).counts["unknown"] == 1
    with tenancy.acting(OFFICER):
        bakery.refresh_from_db()
        assert (bakery.legal_form, bakery.activities, bakery.staff) == ("", [], None)
    made = compare(SAME, row, fill=True)
    with tenancy.acting(OFFICER):
        bakery.refresh_from_db()
        change = history.changes_of(OFFICER, bakery.id, field="legal_form")[0]
    assert (bakery.legal_form, bakery.activities, bakery.staff) == ("sole-trader", ["1071"], 3)
    assert (change.source, change.ground) == (made.source, "Cbw 43")


def one(comparison, field):
    with tenancy.acting(OFFICER):
        return Difference.objects.get(comparison=comparison, field=field)


def decide(take, row, actor=OFFICER):
    with tenancy.acting(actor):
        return take(actor=actor, difference=row.id)


def test_a_difference_that_is_accepted_becomes_a_change_from_that_file(courier):
    made = compare({**SAME, "name": "Pakket Traag", "street": "Kade 2"})
    for field in ("name", "addresses"):
        assert decide(actions.accept_difference, one(made, field)).state == "changed"
    with tenancy.acting(OFFICER):
        courier.refresh_from_db()
        change = history.changes_of(OFFICER, courier.id, field="name")[0]
    assert (courier.name, courier.addresses[0]["street"]) == ("Pakket Traag", "Kade 2")
    assert (change.source, change.ground) == (made.source, "Cbw 43")
    with pytest.raises(WrongState):
        decide(actions.accept_difference, one(made, "name"))


def test_a_question_goes_to_the_organisation_about_what_it_registers_itself(courier, letters):
    made = compare({**SAME, "name": "Pakket Traag", "legal_form": "nv"})
    assert decide(actions.ask_about_difference, one(made, "name")).state == "asked"
    with tenancy.acting(OFFICER):
        assert ChangeNotice.objects.get().proposed == {"name": "Pakket Traag"}
    assert len(letters) == 1
    with pytest.raises(InvalidField):
        decide(actions.ask_about_difference, one(made, "legal_form"))
    assert decide(actions.dismiss_difference, one(made, "legal_form")).state == "dismissed"


def test_one_that_ended_leaves_the_register_and_one_that_is_missing_is_looked_at(courier):
    other = entity("Bakkerij Vers", "90000202")
    made = compare({**SAME, "active": "nee"})
    decide(actions.accept_difference, one(made, "ended"))
    with tenancy.acting(OFFICER):
        row = Deregistration.objects.get()
    assert (row.organisation_id, row.state, row.reason) == (courier.id, "confirmed", "ceased")
    missing = one(made, "missing")
    assert missing.organisation_id == other.id
    with pytest.raises(InvalidField):
        decide(actions.accept_difference, missing)


def test_facts_of_the_business_register_are_taken_over_together_but_not_names(courier):
    made = compare({**SAME, "name": "Pakket Traag", "legal_form": "nv", "sbi": "3600"})
    with tenancy.acting(OFFICER):
        assert actions.accept_differences(actor=OFFICER, comparison=made.id, field="legal_form") == 1
        assert actions.accept_differences(actor=OFFICER, comparison=made.id, field="activities") == 0  # may change more
        with pytest.raises(InvalidField):
            actions.accept_differences(actor=OFFICER, comparison=made.id, field="name")
        assert Organisation.objects.get(id=courier.id).legal_form == "nv"


def test_a_new_comparison_replaces_what_the_last_left_open(courier):
    first = compare({**SAME, "name": "Pakket Traag", "legal_form": "nv"})
    decide(actions.dismiss_difference, one(first, "legal_form"))
    compare(SAME)
    assert [row[0] for row in found(first)] == ["legal_form"]


def test_only_officers_compare_and_decide(courier):
    with pytest.raises(NotAllowed):
        compare(SAME, actor=ANALYST)
    made = compare({**SAME, "name": "Pakket Traag"})
    for take in (actions.accept_difference, actions.ask_about_difference, actions.dismiss_difference):
        with pytest.raises((NotAllowed, NotFound)):
            decide(take, one(made, "name"), ANALYST)


def read(content, name="register.json"):
    return list(snapshot.rows(io.BytesIO(content), name))


def test_json_is_read_row_by_row_wherever_a_piece_ends(monkeypatch):
    rows = [{"kvk": f"9000{number:04}", "name": "Bakkerij é\u00e9n " + "x" * (number % 7)} for number in range(300)]
    content = b"\xef\xbb\xbf" + json.dumps(rows, ensure_ascii=False, indent=1).encode()
    for piece in (1, 3, 64, 65536):
        monkeypatch.setattr(snapshot, "PIECE", piece)
        assert read(content) == list(enumerate(rows, start=1))
    assert read(b" [ ] ") == []


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.json"),
        (b"{}", "a.json"),
        (b"[1]", "a.json"),
        (b'[{"kvk": "1"} {"kvk": "2"}]', "a.json"),
        (b'[{"kvk": "1"', "a.json"),
        (b'[{"kvk": "1"}', "a.json"),
        (b'[{"bsn": "1"}]', "a.json"),
        (b"[\xff]", "a.json"),
        (b"", "a.csv"),
        (b"kvk;bsn\n1;2\n", "a.csv"),
        (b"kvk\n90000201\n", "a.csv"),
        (b"kvk;name;name\n", "a.csv"),
        (b"kvk;name\n90000201;X;Y\n", "a.csv"),
        (b'kvk;name\n90000201;"X\n', "a.csv"),
        (b"kvk;name\n90000201;\xff\n", "a.csv"),
    ],
)
def test_a_file_that_is_no_snapshot_is_refused_with_its_reason(content, name):
    with pytest.raises(UnreadableFile):
        read(content, name)


def test_the_command_reports_and_the_page_exports_without_formulas(courier, tmp_path):
    file = tmp_path / "register.csv"
    file.write_bytes(as_csv({**SAME, "name": "=HYPERLINK(1)", "staff": "20"}))
    done = CliRunner().invoke(registry, ["compare", str(file), "--json"])
    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert report["counts"]["rows"] == 1
    shown = CliRunner().invoke(registry, ["compare", str(file)])
    assert "name: 1" in shown.stdout
    file.write_bytes(b"kvk;bsn\n")
    assert CliRunner().invoke(registry, ["compare", str(file)]).exit_code == 1
    officer = Client(headers={"Accept-Language": "en"})
    officer.force_login(
        person("officer@centre.example", centre=["officer"]), backend="django.contrib.auth.backends.ModelBackend"
    )
    with tenancy.acting(OFFICER):
        made = Comparison.objects.order_by("-started_at")[0]
    assert "register.csv" in officer.get("/registry/comparisons").content.decode()
    page = officer.get(f"/registry/comparisons/{made.id}").content.decode()
    assert "=HYPERLINK(1)" in page
    exported = officer.get(f"/registry/comparisons/{made.id}/differences.csv").content.decode()
    assert "'=HYPERLINK(1)" in exported
    row = one(made, "name")
    assert officer.post(f"/registry/differences/{row.id}/dismiss").status_code == 302
    assert one(made, "name").state == "dismissed"
    assert officer.post(f"/registry/comparisons/{made.id}/accept", {"field": "staff"}).status_code == 302
