"""What leaves, and what does not: Netcode, single point of contact, quarterly summary, reports from before the Cbw."""

import json
import time
from collections import Counter
from datetime import date, datetime
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dijkwacht.law.incidents import IncidentRecord, due, house_regimes, netcode, spoc
from dijkwacht.law.incidents.disclosure import house_treatments, redacted
from dijkwacht.law.incidents.disclosure.treatment import AUDIENCES
from dijkwacht.law.incidents.spoc import Counted, summarise, suppressed
from dijkwacht.law.incidents.wbni import carry_over
from dijkwacht.law.tables import InvalidTable

GRID = {
    "entity_name": "Stroomnet Noord B.V.",
    "entity_kvk": "12345678",
    "entity_types": ["1.1a-dso"],
    "contact_name": "Anna Wacht",
    "contact_email": "anna@stroomnet-noord.nl",
    "contact_phone": "+31 70 1234567",
    "occurrence": "2026-11-24T03:00:00+01:00",
    "description": "At STROOMNET  noord one known to Anna Wacht wrote to ceo@stroomnet-noord.nl from bad.example.",
    "indicators": ["192.0.2.7", "vpn.stroomnet-noord.nl", "evil.example"],
    "member_states": ["DE", "BE"],
    "loss_eur": 900000,
    "netcode_kind": "attack",
    "netcode_level": "high",
    "own": {"trains": 3},
}


def test_every_fact_of_the_record_has_its_treatment():
    assert house_treatments().by_fact.keys() == IncidentRecord.model_fields.keys()


def test_a_version_for_a_member_state_says_beside_it_what_was_taken_out_and_why():
    version = spoc.for_state(IncidentRecord.read(GRID), "DE")
    assert version.content["description"] == "At […] one known to […] wrote to […] from bad.example."
    assert version.content["indicators"] == ["192.0.2.7", "evil.example"]
    assert version.content["member_states"] == ["DE"]
    told = {(one.path, one.what): one.times for one in version.removed}
    assert told["description", "name"] == 2
    assert told["description", "address"] == 1
    assert told["indicators", "points-at-entity"] == 1
    assert told["member_states", "other-states"] == 1
    assert ("loss_eur", "business") in told
    assert ("own", "own") in told
    assert all(one.why_nl and one.why_en and one.article for one in version.removed)


def test_what_a_person_decided_to_keep_is_kept():
    version = spoc.for_state(IncidentRecord.read(GRID), "BE", keep=["entity_name"])
    assert version.content["entity_name"] == "Stroomnet Noord B.V."
    assert "noord" in version.content["description"]
    with pytest.raises(ValueError, match="no fact"):
        spoc.for_state(IncidentRecord.read(GRID), "BE", keep=["name"])


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_marked_fact_that_must_not_leave_stands_nowhere(audience):
    version = redacted(IncidentRecord.read(GRID), audience, names=["bad.example"])
    text = json.dumps(version.content).casefold()
    for secret in ("stroomnet", "wacht", "12345678", "1234567", "900000", "trains", "bad.example"):
        assert secret not in text
    assert "stroomnet" not in repr(version.removed).casefold()


def test_a_surname_alone_goes_too_and_a_long_word_costs_no_time():
    began = time.process_time()
    record = IncidentRecord.read({**GRID, "description": "Wacht said: " + "a" * 19_000})
    assert redacted(record, "state").content["description"].startswith("[…] said")
    assert time.process_time() - began < 1


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(AUDIENCES))
@settings(deadline=None)
def test_whatever_stands_around_a_name_the_name_goes(before, after, audience):
    record = IncidentRecord.read({**GRID, "description": f"x {before} Stroomnet\tNoord {after} x"})
    assert "stroomnet\tnoord" not in redacted(record, audience).content["description"].casefold()


def test_other_entities_learn_less_than_other_states():
    record = IncidentRecord.read(GRID)
    assert "entity_types" in netcode.for_states(record).content
    assert "entity_types" not in netcode.for_entities(record).content
    assert "member_states" not in netcode.for_entities(record).content


def test_the_verdict_on_confidentiality_parts_what_stays_from_what_goes():
    verdict = netcode.confidentiality(IncidentRecord.read(GRID))
    assert {"entity_name", "contact_name", "loss_eur", "own"} <= set(verdict.confidential)
    assert {"description", "indicators", "netcode_level"} <= set(verdict.shareable)
    assert not set(verdict.confidential) & set(verdict.shareable)


def test_both_versions_stand_side_by_side():
    record = IncidentRecord.read(GRID)
    lines = {key: (before, after) for key, before, after in netcode.side_by_side(record, netcode.for_states(record))}
    assert lines["entity_name"] == ("Stroomnet Noord B.V.", None)
    assert lines["netcode_kind"] == ("attack", "attack")


@pytest.mark.parametrize(
    ("facts", "level", "reportable", "provisional"),
    [
        ({"netcode_impact": 1, "netcode_severity": 1}, "minimal", False, True),
        ({"netcode_impact": 3, "netcode_severity": 2}, "medium", False, True),
        ({"netcode_impact": 1, "netcode_severity": 4}, "high", True, True),
        ({"netcode_impact": 5, "netcode_severity": 1}, "critical", True, True),
        ({"netcode_impact": 5, "netcode_severity": 5, "netcode_level": "low"}, "low", False, False),
    ],
)
def test_the_five_steps_of_criticality(facts, level, reportable, provisional):
    found = netcode.criticality(IncidentRecord.read(facts))
    assert found is not None
    assert (found.level, found.reportable, found.provisional) == (level, reportable, provisional)


def test_a_level_that_nobody_judged_is_not_guessed():
    assert netcode.criticality(IncidentRecord.read({"netcode_impact": 5})) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"minimal"', '"none"'),
        ('["high", "high", "high", "high", "critical"],', ""),
        ('"minimal"', '"critical"'),
        ("mark =", "marc ="),
    ],
)
def test_a_scale_with_a_fault_is_refused(tmp_path, old, new):
    text = netcode.SCALE.read_text("utf-8")
    (tmp_path / "scale.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidTable):
        netcode.read_scale(tmp_path / "scale.toml")


@pytest.mark.parametrize(
    ("as_of", "first", "last"),
    [
        ("2026-11-25", "2026-07-01", "2026-09-30"),
        ("2026-12-31", "2026-07-01", "2026-09-30"),
        ("2027-01-01", "2026-10-01", "2026-12-31"),
        ("2027-03-31", "2026-10-01", "2026-12-31"),
        ("2027-04-01", "2027-01-01", "2027-03-31"),
    ],
)
def test_the_quarter_is_the_last_one_that_has_ended(as_of, first, last):
    assert spoc.quarter(date.fromisoformat(as_of)) == (date.fromisoformat(first), date.fromisoformat(last))


def reports(**numbers):
    return [
        Counted(date(2026, 8, 20), "significant", sector, "availability", "unknown", False)
        for sector, number in numbers.items()
        for _ in range(number)
    ]


def test_small_numbers_are_suppressed_and_one_more_with_them():
    summary = summarise(reports(care=40, water=12, energy=2), date(2026, 11, 25))
    assert summary.total == 54
    assert summary.tables["sector"] == {"care": 40, "water": None, "energy": None}
    assert summary.as_json() == summarise(reversed(reports(care=40, water=12, energy=2)), date(2026, 11, 25)).as_json()


def test_reports_of_another_quarter_do_not_count():
    late = Counted(date(2026, 10, 1), "significant", "care", "availability", "unknown", False)
    assert summarise([*reports(care=10), late], date(2026, 11, 25)).total == 10


def test_a_quarter_with_few_reports_says_only_that():
    summary = summarise(reports(care=3), date(2026, 11, 25))
    assert summary.total is None
    assert set(summary.withheld) == set(summary.tables)
    assert "care" not in json.dumps(summary.as_json())
    assert summarise([], date(2026, 11, 25)).total == 0


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.integers(1, 5))
@settings(deadline=None)
def test_no_hidden_number_can_be_told_from_the_rest(numbers, threshold):
    """Try every way to fill in the hidden cells: each could be something else."""
    cells = Counter({f"cell{place}": number for place, number in enumerate(numbers)})
    hidden = suppressed(cells, threshold)
    small = {key for key, number in cells.items() if number < threshold}
    if hidden is None:
        assert small
        return
    assert small <= hidden
    total = sum(cells[key] for key in hidden)
    ways = (
        [way for way in product(range(1, total - len(hidden) + 2), repeat=len(hidden)) if sum(way) == total]
        if hidden
        else []
    )
    for place in range(len(hidden)):  # each could be something else
        assert len({way[place] for way in ways}) > 1


CASES = [
    ("10(1)(a)", False, "essential", "early-warning", False),
    ("10(1)(b)", False, "important", "early-warning", True),
    ("13", False, "essential", "early-warning", False),
    ("13", True, "essential", "", False),
    ("16", False, "essential", "", False),
    ("10(1)(a)", False, "outside", "", False),
    ("10(1)(a)", False, None, "unknown", False),
]


@pytest.mark.parametrize(("article", "closed", "klass", "counts_as", "forwarded"), CASES)
def test_an_open_report_of_the_wbni_counts_as_an_early_warning(article, closed, klass, counts_as, forwarded):
    reported = datetime.fromisoformat("2026-08-10T10:00:00+02:00")
    record = IncidentRecord.read({"entity_class": klass})
    carried = carry_over(record, reported, closed=closed, wbni_article=article)
    assert (carried.counts_as, carried.forward_to_authority) == (counts_as, forwarded)
    assert carried.record.early_warning == (reported if counts_as == "early-warning" else None)
    assert carried.because_nl
    assert carried.because_en


def test_after_it_the_notification_is_next():
    record = IncidentRecord.read({"entity_class": "essential", "awareness": "2026-08-14T12:00:00+02:00"})
    reported = datetime.fromisoformat("2026-08-14T23:59:59+02:00")
    carried = carry_over(record, reported, closed=False, wbni_article="10(1)(a)").record
    clocks = {one.stage: one.due.isoformat() for one in due(house_regimes()["cbw"], carried)}
    assert clocks["notification"] == "2026-08-17T12:00:00+02:00"


@pytest.mark.parametrize("reported", ["2026-08-15T00:00:00+02:00", "2026-08-14T22:00:00+00:00", "2026-08-01T10:00:00"])
def test_a_report_of_the_first_day_is_one_of_the_cbw(reported):
    with pytest.raises(ValueError, match=r"Cbw|time zone"):
        carry_over(IncidentRecord(), datetime.fromisoformat(reported), closed=False, wbni_article="13")
