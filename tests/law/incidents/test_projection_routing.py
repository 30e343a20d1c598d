"""One record, many laws; and to whom it goes."""

from datetime import date

import pytest

from dijkwacht.law.incidents import Answer, IncidentRecord, RecordNotUsable, house_regimes, project, project_all, route

REGIMES = house_regimes()
ON = date(2026, 11, 25)
HOSPITAL = {
    "entity_name": "Ziekenhuis De Dijk",
    "entity_class": "essential",
    "entity_types": ["1.5-provider"],
    "significant": True,
    "kind": "incident",
    "awareness": "2026-11-24T03:00:00+01:00",
    "suspected_malicious": True,
    "cross_border": False,
    "personal_data_breach": True,
    "data_role": "controller",
    "personal_data_risk": "high-risk",
    "designations": [],
    "netcode_entity": "none",
    "financial_entity": False,
    "manufacturer": False,
}


def test_one_record_is_reported_under_every_law_that_asks_it():
    found = {one.regime: one.applies for one in project_all(IncidentRecord.read(HOSPITAL), REGIMES, ON)}
    assert found == {
        "avg": Answer.YES,
        "cbw": Answer.YES,
        "wwke": Answer.NO,
        "netcode": Answer.NO,
        "dora": Answer.NO,
        "cra": Answer.NO,
    }
    assert list(found)[:2] == ["avg", "cbw"]


def test_a_law_that_is_not_in_force_is_not_asked():
    asked = [one.regime for one in project_all(IncidentRecord.read({}), REGIMES, date(2026, 8, 20))]
    assert "cra" not in asked
    assert "cbw" in asked


def test_what_one_report_needs_is_filled_from_the_record_and_the_rest_is_asked():
    found = project(IncidentRecord.read(HOSPITAL), REGIMES["cbw"], ON)
    early = found.stage("early-warning")
    filled = {one.field.fact: one.value for one in early.filled}
    assert filled["suspected_malicious"] is True
    assert filled["cross_border"] is False  # no is an answer
    assert filled["awareness"].startswith("2026-11-24T03:00:00")
    assert [field.fact for field in early.missing] == ["occurrence", "contact_name", "contact_email", "contact_phone"]
    assert not early.complete
    assert early.due is not None
    assert early.due.due.isoformat() == "2026-11-25T03:00:00+01:00"
    with pytest.raises(KeyError):
        found.stage("first")


def test_an_answer_given_for_one_law_fills_the_next():
    answers = {"description": "Versleuteld.", "effects": "Geen opnames.", "data_measures": "Teruggezet."}
    record = IncidentRecord.read({**HOSPITAL, **answers})
    breach = project(record, REGIMES["avg"], ON).stage("notification")
    assert "data_measures" in {one.field.fact for one in breach.filled}
    assert [field.fact for field in breach.missing] == ["data_nature", "dpo_contact", "data_consequences"]


@pytest.mark.parametrize(
    ("sent", "following"),
    [
        ([], "early-warning"),
        (["early_warning"], "notification"),
        (["early_warning", "notification"], "final"),
        (["early_warning", "notification", "progress"], "final-after-progress"),
        (["early_warning", "notification", "final"], ""),
        (["early_warning", "notification", "progress", "final"], ""),
    ],
)
def test_the_next_report_is_the_first_that_was_not_sent(sent, following):
    moments = {name: f"2026-12-0{number}T10:00:00+01:00" for number, name in enumerate(sent, 1)}
    assert project(IncidentRecord.read({**HOSPITAL, **moments}), REGIMES["cbw"], ON).next_stage == following


def test_nothing_that_was_answered_more_makes_an_answer_less_certain():
    """What is decided stays decided, whatever else becomes known."""
    known: dict[str, object] = {}
    for name, value in HOSPITAL.items():
        before = {one.regime: one.applies for one in project_all(IncidentRecord.read(known), REGIMES, ON)}
        known[name] = value
        after = {one.regime: one.applies for one in project_all(IncidentRecord.read(known), REGIMES, ON)}
        for regime, answer in before.items():
            assert answer in {Answer.UNKNOWN, after[regime]} or regime == "cbw"  # an exception may still come


@pytest.mark.parametrize(
    ("types", "designations", "told"),
    [
        (["1.9-msp"], [], [("NCSC", "EZ", "RDI")]),
        (["1.5-provider"], [], [("Z-CERT", "VWS", "IGJ")]),
        (["1.10b-municipality"], [], [("NCSC", "BZK", "RDI")]),  # the NCSC for now, later the IBD
        (["1.10c-water-board"], [], [("CERT-WM", "IenW", "ILT")]),
        (["2.7-research"], [], [("NCSC", "by field", "by field")]),  # none designated: the national one (Cbb 2)
        (["1.3-credit"], [], [("NCSC", "FIN", "DNB")]),
        (["1.6-supplier"], ["critical-entity"], [("NCSC", "by designation", "by designation")]),
        (["1.9-msp", "1.5-provider"], [], [("NCSC", "EZ", "RDI"), ("Z-CERT", "VWS", "IGJ")]),
    ],
)
def test_who_is_told(types, designations, told):
    found = route(types, ON, designations)
    assert [(one.takes_reports, one.authority, one.supervisor) for one in found] == told
    assert [one.entity_type for one in found] == types


def test_a_municipality_has_a_csirt_of_its_own_that_does_not_take_reports_yet():
    (found,) = route(["1.10b-municipality"], ON)
    assert (found.csirt, found.interim_csirt, found.mark) == ("IBD", "NCSC", "unverified")


def test_a_type_that_does_not_exist_is_refused():
    with pytest.raises(RecordNotUsable, match=r"1\.9-msp"):
        route(["1.9-mps"], ON)
    with pytest.raises(RecordNotUsable, match="critical-entity"):
        route(["1.9-msp"], ON, ["critical"])


def test_without_a_type_nobody_is_guessed():
    (csirt, authority) = project(IncidentRecord.read({}), REGIMES["cbw"], ON).recipients
    assert (csirt.body, authority.body, csirt.mark) == ("unknown", "unknown", "unverified")
    assert csirt.via == "meldpunt JenV"


def test_two_types_of_one_sector_have_one_authority():
    record = IncidentRecord.read({"entity_types": ["1.9-msp", "1.9-mssp"]})
    assert [one.body for one in project(record, REGIMES["cbw"], ON).recipients] == ["NCSC", "EZ"]
