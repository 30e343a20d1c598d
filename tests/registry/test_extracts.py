"""What the register gives to others as of a date: right, and the same bytes whenever it is asked."""

import csv
import io
import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry import actions, history
from dijkwacht.rooms.registry.cli import registry
from dijkwacht.rooms.registry.errors import NotAllowed
from dijkwacht.rooms.registry.extracts.small import published

from .people import OFFICER, administrator
from .test_history import later

pytestmark = pytest.mark.django_db


def entity(name, classification, *sectors, **values):
    with tenancy.acting(OFFICER):
        return actions.create_organisation(
            actor=OFFICER,
            name=name,
            kind="organisation",
            classification=classification,
            sectors=list(sectors),
            **values,
        )


def moment():
    return history.AsOf(later(), None, over=True)


def numbers(as_of, ending="json"):
    with tenancy.acting(OFFICER):
        return actions.extract_numbers(actor=OFFICER, as_of=as_of, ending=ending).content


@pytest.fixture
def three():
    return [
        entity("Ziekenhuis", "essential", "1.5"),
        entity("Stroom en warmte", "essential", "1.1a", "1.1b"),
        entity("Koerier", "important", "2.1"),
        entity("Bakker", "other", "2.4"),
        entity("Zonder sector", "important"),
        entity("Gestopt", "essential", "1.5", active=False),
    ]


@pytest.mark.usefixtures("three")
def test_an_entity_counts_in_each_of_its_sectors_and_once_in_the_total():
    made = json.loads(numbers(moment()))
    counts = {row["code"]: (row["essential"], row["important"]) for row in made["sectors"]}
    assert {code: counts[code] for code in ("1.5", "1.1a", "1.1b", "2.1", "2.4", "")} == {
        "1.5": (1, 0),
        "1.1a": (1, 0),
        "1.1b": (1, 0),
        "2.1": (0, 1),
        "2.4": (0, 0),
        "": (0, 1),
    }
    assert made["total"] == {"essential": 2, "important": 2}


@pytest.mark.usefixtures("three")
def test_sectors_stand_in_the_order_of_the_annexes():
    rows = list(csv.DictReader(io.StringIO(numbers(moment(), "csv").decode())))
    codes = [row["code"] for row in rows]
    assert codes.index("1.2a") < codes.index("1.10a") < codes.index("2.1") < codes.index("X.1")
    assert "1.1" not in codes, "a sector of which the law names subsectors has no line of its own unless it is used"
    assert rows[-1] | {"code": "total", "essential": "2", "important": "2"} == rows[-1]


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_the_same_date_gives_the_same_bytes_whatever_happened_since(three, ending):
    then = moment()
    before = numbers(then, ending)
    with tenancy.acting(OFFICER):
        actions.update_organisation(
            actor=OFFICER, organisation=three[0].id, sectors=["1.6"], classification="important"
        )
        three[1].delete()
    entity("Nieuw", "essential", "1.7")
    assert numbers(then, ending) == before
    assert numbers(moment(), ending) != before


def test_every_file_handed_out_is_recorded_with_its_hash():
    with tenancy.acting(OFFICER):
        made = actions.extract_numbers(actor=OFFICER, as_of=moment(), ending="csv")
        event = Event.objects.get(action="registry:numbers:extract")
    assert event.object_id == made.sha256
    assert event.detail["complete"] is True


def test_an_organisation_takes_no_extract(three):
    own = administrator(three[0].id)
    with pytest.raises(NotAllowed), tenancy.acting(own):
        actions.extract_numbers(actor=own, as_of=moment(), ending="csv")


def run(*arguments):
    return CliRunner().invoke(registry, list(arguments))


@pytest.mark.usefixtures("three")
def test_the_command_prints_the_file_and_says_when_the_day_is_not_over():
    later()
    told = run("numbers", "--as-of", timezone.localdate().isoformat(), "--json")
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["complete"] is False
    assert "--as-of 20" in told.stderr
    again = told.stderr.rpartition(" ")[2].strip()
    first, second = (run("numbers", "--as-of", again).stdout_bytes for _ in range(2))
    assert first == second


def test_the_command_writes_a_file_for_its_owner_alone(tmp_path):
    out = tmp_path / "numbers.csv"
    told = run("numbers", "--as-of", "2026-01-01", "--out", str(out))
    assert told.exit_code == 0, told.output
    assert out.stat().st_mode & 0o777 == 0o600
    assert out.read_text().startswith("as_of,code,")
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--as-of", "2999-01-01"), "yet to come"),
        (("--as-of", "soon"), "write a date"),
        ((), "Missing option '--as-of'"),
        (("--as-of", "2026-01-01", "--out", "x.xlsx"), "call it .csv or .json"),
        (("--as-of", "2026-01-01", "--out", "x.csv", "--json"), "--json does not write a .csv"),
        (("--as-of", "2026-01-01", "--out", "/nowhere/x.csv"), "cannot be written"),
    ],
)
def test_a_wrong_command_says_what_is_wrong(arguments, said):
    told = run("numbers", *arguments)
    assert told.exit_code != 0
    assert said in told.output
    assert "Traceback" not in told.output


HOSTER = {
    "entity_types": ["1.8-cloud", "1.8-dns", "1.3-credit"],
    "member_states": ["NL", "BE"],
    "emails": ["security@hoster.example"],
    "phones": ["+31201234567"],
    "addresses": ["main||Kade 1|1234 AB|Waterkant|NL", "establishment||Quai 2||Brugge|BE"],
}


def enisa(as_of, ending="json"):
    with tenancy.acting(OFFICER):
        return actions.extract_enisa(actor=OFFICER, as_of=as_of, ending=ending).content


@pytest.fixture
def hoster():
    found = entity("Hoster", "essential", "1.8", **HOSTER)
    with tenancy.acting(OFFICER):
        for value in ("198.51.100.0/24", "2001:db8:77::/48"):
            actions.claim_asset(actor=OFFICER, organisation=found.id, kind="prefix", value=value)
    return found


@pytest.mark.usefixtures("hoster", "three")
def test_enisa_gets_the_entities_of_article_47_and_the_fields_of_its_third_paragraph():
    (found,) = json.loads(enisa(moment()))["entities"]
    assert found.pop("id")
    assert found == {
        "name": "Hoster",
        "sectors": ["1.8"],
        "entity_types": ["1.8-cloud", "1.8-dns"],
        "main_establishment": {
            "name": "",
            "street": "Kade 1",
            "postcode": "1234 AB",
            "city": "Waterkant",
            "country": "NL",
        },
        "other_establishments": [{"name": "", "street": "Quai 2", "postcode": "", "city": "Brugge", "country": "BE"}],
        "representative": None,
        "emails": ["security@hoster.example"],
        "phones": ["+31201234567"],
        "member_states": ["BE", "NL"],
    }


@pytest.mark.usefixtures("hoster")
@pytest.mark.parametrize("ending", ["json", "csv"])
def test_enisa_gets_no_ip_range(ending):
    given = enisa(moment(), ending)
    assert b"Hoster" in given
    assert b"198.51.100" not in given
    assert b"2001:db8" not in given


@pytest.mark.parametrize("code", ["1.8-dns", "1.8-tld", "1.8-cloud", "1.8-dc", "1.8-cdn", "1.9-msp", "1.9-mssp"])
def test_each_type_of_article_47_goes_to_enisa(code):
    entity("Een", "essential", "1.8", entity_types=[code])
    assert len(json.loads(enisa(moment()))["entities"]) == 1


@pytest.mark.parametrize("code", ["2.6-marketplace", "2.6-search", "2.6-social", "X.2-registration"])
def test_so_does_each_of_the_second_annex_and_who_registers_domain_names(code):
    entity("Een", "important", "2.6", entity_types=[code])
    assert len(json.loads(enisa(moment()))["entities"]) == 1


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_enisa_gets_the_same_bytes_for_a_moment_whatever_happened_since(hoster, ending):
    then = moment()
    before = enisa(then, ending)
    with tenancy.acting(OFFICER):
        actions.update_organisation(actor=OFFICER, organisation=hoster.id, emails=["new@hoster.example"], active=False)
    entity("Nieuw", "essential", "1.8", entity_types=["1.8-cdn"])
    assert enisa(then, ending) == before
    assert enisa(moment(), ending) != before


def test_a_formula_in_a_name_stays_text_in_the_csv():
    entity("=HYPERLINK(1)", "essential", "1.8", entity_types=["1.8-cdn"])
    row = next(csv.DictReader(io.StringIO(enisa(moment(), "csv").decode())))
    assert row["name"] == "'=HYPERLINK(1)"


@pytest.mark.usefixtures("hoster")
def test_the_command_enisa_prints_the_extract():
    later()
    told = run("enisa", "--as-of", timezone.localdate().isoformat(), "--json")
    assert told.exit_code == 0, told.output
    assert [found["name"] for found in json.loads(told.stdout)["entities"]] == ["Hoster"]


def extract(action, as_of, ending="json", **values):
    with tenancy.acting(OFFICER):
        return action(actor=OFFICER, as_of=as_of, ending=ending, **values).content


@pytest.fixture
def decided():
    """Entities that a minister identified, and one that its size alone makes essential."""
    return [
        entity("Enige kabel", "essential", "1.8", entity_types=["1.8-dns"], identified_by=["sole-provider"]),
        entity("Kabel en stroom", "essential", "1.1a", entity_types=["1.8-dns"], identified_by=["sole-provider"]),
        entity("Klein en nodig", "important", "1.5", identified_by=["public-safety", "specific-importance"]),
        entity("Groot", "essential", "1.5"),
        entity("Weg", "essential", "1.5", identified_by=["systemic-risk"], active=False),
    ]


@pytest.mark.usefixtures("decided")
def test_the_identified_are_counted_by_provision_sector_and_service_and_once_in_the_total():
    made = json.loads(extract(actions.extract_identified, moment()))
    rows = {
        (row["provision"], row["code"], row["type"]): (row["essential"], row["important"]) for row in made["entities"]
    }
    assert rows == {
        ("2(2)(b)", "1.8", "1.8-dns"): (2, 0),
        ("2(2)(b)", "1.1a", ""): (1, 0),
        ("2(2)(c)", "1.5", ""): (0, 1),
        ("2(2)(e)", "1.5", ""): (0, 1),
    }
    assert made["total"] == {"essential": 2, "important": 1}
    assert made["entities"][0]["article"] == "Cbw 9(1)(a)"
    assert {row["service_nl"] for row in made["entities"]} > {""}


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_the_identified_of_a_moment_are_the_same_bytes_later(decided, ending):
    then = moment()
    first = extract(actions.extract_identified, then, ending)
    with tenancy.acting(OFFICER):
        actions.update_organisation(actor=OFFICER, organisation=decided[0].id, identified_by=[])
    assert extract(actions.extract_identified, then, ending) == first
    assert extract(actions.extract_identified, moment(), ending) != first


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0"), (1, "<5"), (4, "<5"), (5, "5"), (7, "5"), (8, "10"), (12, "10"), (8123, "8125")]
)
def test_a_published_number_is_rounded_and_a_small_one_hidden(count, shown):
    assert published(count) == shown


@pytest.mark.usefixtures("three")
def test_the_exact_file_marks_small_numbers_and_the_published_one_holds_none():
    then = moment()
    exact, public = (json.loads(extract(actions.extract_numbers, then, public=one)) for one in (False, True))
    assert {"1.5", "2.1", ""} <= {*exact["small"]}
    assert public["rounded_to"] == 5
    shown = {row[kind] for row in [*public["sectors"], public["total"]] for kind in ("essential", "important")}
    assert shown == {"0", "<5"}


@pytest.mark.usefixtures("decided")
def test_the_command_prints_the_identified(monkeypatch):
    done = CliRunner().invoke(registry, ["identified", "--as-of", moment().moment.isoformat(), "--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["total"] == {"essential": 2, "important": 1}


def test_an_organisation_counts_nobody_that_was_identified():
    own = entity("Ziekenhuis", "essential")
    with pytest.raises(NotAllowed), tenancy.acting(administrator(own.id)):
        actions.extract_identified(actor=administrator(own.id), as_of=moment(), ending="csv")
