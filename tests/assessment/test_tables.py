"""The tables: complete, in both languages, sourced; a fault in them is named."""

import shutil
from datetime import date

import pytest

from dijkwacht.law.applicability import Rulebook, house_rulebook
from dijkwacht.law.applicability.jurisdiction import DEPENDS
from dijkwacht.law.applicability.rulebook import HOUSE
from dijkwacht.law.applicability.search import search
from dijkwacht.law.tables import InvalidTable

BOOK = house_rulebook()
TODAY = date(2026, 11, 25)
TABLES = [name for name in vars(BOOK) if name != "authorities"]


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_its_texts_in_both_languages_and_a_source(name):
    for row in vars(BOOK)[name].rows:
        for column in row.values:
            if column.endswith("_nl"):
                assert bool(row[column]) == bool(row[column[:-3] + "_en"]), (name, row["code"], column)
        assert row.source
        assert row.checked_on <= date(2030, 1, 1)


def test_every_sector_has_at_least_one_type_of_entity():
    assert {row["code"] for row in BOOK.authorities.as_of(TODAY)} == {
        row["sector"] for row in BOOK.types.as_of(TODAY) if row["sector"]
    }


def test_the_annexes_have_the_number_of_types_that_the_law_has():
    """Annex 1 names 58 kinds; qualified and other trust services, and bottled water, are told apart here."""
    annexes = [row["annex"] for row in BOOK.types.as_of(TODAY)]
    assert (annexes.count(1), annexes.count(2)) == (59, 14)


def test_every_fact_that_can_be_open_has_its_question():
    questions = {row["code"] for row in BOOK.questions.rows}
    assert {
        *DEPENDS["main-establishment"],
        "staff",
        "turnover",
        "balance",
        "earlier_years",
        "designations",
    } <= questions


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("ziekenhuis", "1.5-provider"),
        ("ziekenhuizen", "1.5-provider"),
        ("hospital", "1.5-provider"),
        ("gemeente", "1.10b-municipality"),
        ("municipality", "1.10b-municipality"),
        ("ict-bedrijf", "1.9-msp"),
        ("MSP", "1.9-msp"),
        ("IT company", "1.9-msp"),
        ("waterschap", "1.10c-water-board"),
        ("windmolens", "1.1a-producer"),
        ("bank", "1.3-credit"),
        ("laadpalen", "1.1a-recharging"),
        ("koerier", "2.1-postal"),
        ("registrar", "X.2-registration"),
        ("universiteit", "X.1-institution"),
        ("politie", "E1-police"),
        ("glasvezel", "1.8-ecn"),
        ("huisartsenpraktijk", "1.5-provider"),
        ("scheepswerf", "2.5f-transport"),
        ("verf fabriek", ""),
        ("hospitl", "1.5-provider"),
        ("café", ""),
        ("saas", "1.8-cloud"),
        ("pharmacy", "1.5-provider"),
    ],
)
def test_plain_words_find_the_type(words, code):
    found = [row["code"] for row in search(BOOK, words, TODAY).types]
    assert code in found[:3] if code else code not in found


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("bakery", "bakery"),
        ("bakkerij", "bakery"),
        ("loodgieter", "craftsman"),
        ("webshop", "webshop"),
        ("kapper", "personal-care"),
        ("restaurant", "catering"),
        ("garage", "garage"),
        ("accountant", "profession"),
    ],
)
def test_what_the_law_does_not_name_gets_an_honest_answer(words, note):
    assert search(BOOK, words, TODAY).notes[0]["code"] == note


@pytest.mark.parametrize("words", ["", "  ", "xyzzyx", "<script>", "%", "a" * 5000, "的"])
def test_words_that_mean_nothing_find_nothing(words):
    assert search(BOOK, words, TODAY).nothing


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("rules", 'groups = ["tld"]', 'groups = ["tdl"]', "tdl"),
        ("rules", 'sizes = ["L"]', 'sizes = ["XL"]', "XL"),
        ("rules", 'kind = "exclusion"', 'kind = "excuse"', "excuse"),
        ("entity-types-annex-2", '["waste-main-activity"]', '["waste"]', "waste"),
        ("entity-types-annex-2", 'sector = "2.4"', 'sector = "2.9"', "2.9"),
        ("contact-points", 'csirt = "IBD"', 'csirt = "IDB"', "IDB"),
        ("everyday", '"2.4-food"', '"2.4-fud"', "fud"),
        ("answers", 'code = "two-years"', 'code = "three-years"', "two-years"),
        ("sizes", "staff_below = 50", "staff = 50", "staff"),
    ],
)
def test_a_table_with_a_fault_is_refused_and_the_fault_is_named(tmp_path, file, old, new, named):
    folder = tmp_path / "tables"
    shutil.copytree(HOUSE, folder)
    path = folder / f"{file}.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidTable, match=named):
        Rulebook.load(folder)
