"""Facts from JSON and from an address: what is accepted, and how a fault is told."""

import pytest

from dijkwacht.law.applicability import Facts, FactsNotUsable, assess, facts_from_query
from dijkwacht.law.applicability.reading import number


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12", 12),
        ("12,5", 12.5),
        ("12.5", 12.5),
        ("1.200.000", 1_200_000),
        ("1,200,000", 1_200_000),
        ("1.200.000,50", 1_200_000.5),
        ("1,200,000.50", 1_200_000.5),
        ("€ 400.000", 400_000),
        ("12 mln", 12_000_000),
        ("12,5 miljoen", 12_500_000),
        ("1.5 million", 1_500_000),
        ("400k", 400_000),
        ("1 mld", 1_000_000_000),
        ("1 200 000", 1_200_000),
        ("", None),
        ("unknown", None),
        ("10.01 mln", 10_010_000),
        ("12.500", 12_500),
        ("250000 euro", 250_000),
        ("EUR 3", 3),
    ],
)
def test_a_number_is_read_as_people_type_it(typed, value):
    assert number(typed) == value


@pytest.mark.parametrize("typed", ["abc", "-3", "1e9", "12 bananas", "1.2.3", "1,2,3.4.5", "nan", "∞", "1" * 500, "+"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValueError, match="number"):
        number(typed)


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ([], ""),
        ("text", ""),
        ({"staff": "60"}, "staff"),
        ({"staff": True}, "staff"),
        ({"staff": -1}, "staff"),
        ({"staff": float("nan")}, "staff"),
        ({"balance": 1e14}, "balance"),
        ({"employees": 3}, "employees"),
        ({"entity_types": "1.9-msp"}, "entity_types"),
        ({"entity_types": ["a b"]}, "entity_types[0]"),
        ({"entity_types": ["1.9-msp"] * 21}, "entity_types"),
        ({"as_of": 0}, "as_of"),
        ({"as_of": "soon"}, "as_of"),
        ({"as_of": "9999-12-31"}, "as_of"),
        ({"established": "NL"}, "established"),
        ({"conditions": {"government-body": "yes"}}, "conditions.government-body"),
        ({"related": [{"relation": "partner", "share": 20}]}, "related[0].share"),
        ({"related": [{"relation": "partner"}]}, "related[0].share"),
        ({"related": [{"relation": "aunt"}]}, "related[0].relation"),
        ({"earlier_years": [{"staff": -1}]}, "earlier_years[0].staff"),
        ({"new_enterprise": 1}, "new_enterprise"),
    ],
)
def test_facts_of_the_wrong_kind_are_refused_with_their_path(given, path):
    with pytest.raises(FactsNotUsable) as refused:
        Facts.read(given)
    assert refused.value.faults[0].path == path
    assert refused.value.status == 422


@pytest.mark.parametrize(
    ("given", "path", "hint"),
    [
        ({"entity_types": ["1.9-mps"]}, "entity_types[0]", "1.9-msp"),
        ({"entity_types": ["1.9-msp", "1.9-msp"]}, "entity_types[1]", "twice"),
        ({"designations": ["critical"]}, "designations[0]", "critical-entity"),
        ({"conditions": {"100-mw": True}}, "conditions.100-mw", "generation-100-mw"),
    ],
)
def test_a_code_that_does_not_exist_is_refused_with_the_one_that_comes_nearest(given, path, hint):
    with pytest.raises(FactsNotUsable) as refused:
        assess(Facts.read(given))
    assert refused.value.faults[0].path == path
    assert hint in refused.value.faults[0].said


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ({"staff": ["many"]}, "staff"),
        ({"r0.staff": ["3"]}, "r0.kind"),
        ({"est": ["mars"]}, "est"),
        ({"r3.kind": ["partner"], "r3.share": ["9"]}, "r3.share"),
        ({"c.government-body": ["perhaps"]}, "c.government-body"),
        ({"y2.staff": ["3"], "y2.turnover": ["x"]}, "y2.turnover"),
        ({"on": ["tomorrow"]}, "on"),
    ],
)
def test_a_fault_in_an_address_names_its_key(query, key):
    with pytest.raises(FactsNotUsable) as refused:
        facts_from_query(query)
    assert refused.value.faults[0].path == key


def test_keys_of_others_are_left_alone():
    assert facts_from_query({"utm_source": "mail", "staff": "3"}).staff == 3


def test_an_answer_says_what_was_assumed():
    found = assess(Facts.read({"entity_types": ["1.9-msp"], "staff": 60, "turnover": 12, "balance": 11}))
    codes = [remark.code for remark in found.assumptions]
    assert codes == [
        "assume-established", "assume-services", "assume-same-place", "assume-year-before", "amounts-in-euro",
    ]  # fmt: skip


def test_what_no_source_confirms_is_shown_as_not_settled_with_its_source():
    found = assess(Facts.read({"entity_types": ["1.10b-joint-body"], "conditions": {"government-body": True}}))
    point = found.contact_points[0]
    assert (point.csirt.code, point.csirt.name.nl, point.mark) == ("unknown", "nog niet vastgesteld", "unverified")
    assert "ntb" in point.note.nl
    assert "Doorverwijsboom" in found.unsettled[0].source


def test_articles_are_cited_as_a_lawyer_would():
    found = assess(Facts.read({"entity_types": ["1.8-trust-qualified"], "staff": 1}))
    rule = next(rule for rule in found.rules if rule.code == "1a")
    assert rule.article_text.nl == "artikel 8, eerste lid, onder a, Cbw"
    assert rule.article_text.en == "article 8(1)(a) Cbw"
    assert rule.link.endswith("BWBR0052872&artikel=8")
