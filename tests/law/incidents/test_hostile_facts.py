"""Whatever stands in a file of facts: it is answered, or refused with the place; nothing else."""

import re
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from dijkwacht.law.incidents import (
    IncidentRecord,
    RecordNotUsable,
    due,
    house_regimes,
    judge,
    netcode,
    project_all,
    spoc,
)
from dijkwacht.law.incidents.order import out_of_order
from dijkwacht.law.incidents.record import FACTS, GIVEN, MOMENTS

REGIMES = house_regimes()
ON = date(2026, 11, 25)
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?[+-]\d\d:\d\d")
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(sorted(IncidentRecord.model_fields)) | st.text(max_size=20)
EXTREMES = st.datetimes(datetime(2000, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
PLAUSIBLE = {
    **dict.fromkeys(MOMENTS, EXTREMES.map(datetime.isoformat)),
    "entity_types": st.lists(
        st.sampled_from(["1.9-msp", "1.8-trust", "1.10a-zbo", "1.5-provider", "1.3-credit"]), max_size=3
    ),
    "entity_class": st.sampled_from(["essential", "important", "outside"]),
    "significant": st.booleans(),
    "users_eu": st.floats(0, 1e9),
    "users_limited": st.floats(0, 1e9),
    "loss_eur": st.floats(0, 1e12),
    "description": st.text(min_size=1, max_size=80).filter(str.strip),
    "entity_name": st.text(min_size=1, max_size=20).filter(str.strip),
    "member_states": st.lists(st.sampled_from(["DE", "BE", "NL"]), max_size=3),
}


@given(st.dictionaries(KEYS, ANYTHING, max_size=6) | ANYTHING)
@settings(deadline=None, max_examples=300)
def test_any_json_is_read_or_refused_with_its_place(given_facts):
    faults = ()
    record = IncidentRecord()
    try:
        record = IncidentRecord.read(given_facts)
    except RecordNotUsable as error:
        faults = error.faults
    assert all(fault.message for fault in faults)
    assert faults or record.model_dump(exclude_unset=True).keys() == given_facts.keys()
    for slug in REGIMES:
        due(REGIMES[slug], record)


@given(st.fixed_dictionaries({}, optional=PLAUSIBLE))
@settings(deadline=None, max_examples=150)
def test_any_record_is_answered_by_every_rule(facts):
    record = IncidentRecord.read(facts)
    for slug in REGIMES:
        for one in due(REGIMES[slug], record):
            assert RFC_3339.fullmatch(one.due.isoformat())
            assert one.due >= one.starts
            assert one.article
    project_all(record, REGIMES, ON)
    judge(record, ON)
    list(out_of_order(record))
    spoc.for_state(record, "DE")
    netcode.confidentiality(record)


def test_every_fact_can_be_asked_by_name():
    record = IncidentRecord()
    assert all(record.fact(name) is None for name in FACTS)
    assert GIVEN <= FACTS
    assert record.fact("own.anything") is None
