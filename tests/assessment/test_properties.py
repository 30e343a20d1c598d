"""What must hold for any facts: more never makes lighter, not knowing never hides a class, a link keeps the answer."""

from urllib.parse import parse_qs

from hypothesis import given, settings
from hypothesis import strategies as st

from dijkwacht.law.applicability import Facts, assess, facts_from_query, house_rulebook, query_from_facts
from dijkwacht.law.applicability.deciding import CLASSES
from dijkwacht.law.applicability.reading import _digits, number

BOOK = house_rulebook()
ANNEXES = [row["code"] for row in BOOK.types.rows if row["annex"]]
LEFT_OUT = [row["code"] for row in BOOK.types.rows if row["outside"]]
ALL = [row["code"] for row in BOOK.types.rows]
CONDITIONS = [row["code"] for row in BOOK.conditions.rows]
DESIGNATIONS = [row["code"] for row in BOOK.designations.rows]
# Amounts near every ceiling, and any other.
STAFF = st.sampled_from([0, 9, 10, 49, 49.5, 50, 249, 250, 1000]) | st.floats(0, 5000)
MONEY = st.sampled_from([0, 2e6, 10e6, 10e6 + 0.01, 43e6, 43e6 + 0.01, 50e6, 50e6 + 0.01]) | st.floats(0, 1e9)
PLACE = st.sampled_from(["nl", "eu", "outside"])
OR_SAME = st.sampled_from(["nl", "eu", "outside", "same"])
SOME_TYPES = st.lists(st.sampled_from(ALL), unique=True, max_size=3)
QUICK = settings(max_examples=150, deadline=None)


def figures(staff=STAFF, money=MONEY):
    return {"staff": staff, "turnover": money, "balance": money}


def related(staff=STAFF, money=MONEY):
    linked = st.fixed_dictionaries({"relation": st.just("linked"), **figures(staff, money)})
    partner = st.fixed_dictionaries(
        {"relation": st.just("partner"), "share": st.floats(25, 50), **figures(staff, money)}
    )
    return st.lists(linked | partner, max_size=2)


def years(staff=STAFF, money=MONEY):
    return st.lists(st.fixed_dictionaries({**figures(staff, money), "related": related(staff, money)}), max_size=2)


def facts(types=SOME_TYPES, maybe=lambda strategy: strategy):
    """Facts of which every one is known; `maybe` can make any of them unknown."""
    staff, money = maybe(STAFF), maybe(MONEY)
    return st.fixed_dictionaries(
        {
            "as_of": st.just("2026-11-25"),
            "entity_types": types,
            "conditions": st.fixed_dictionaries({code: maybe(st.booleans()) for code in CONDITIONS}),
            "established": maybe(PLACE),
            "services_in": maybe(PLACE),
            "security_decisions": maybe(OR_SAME),
            "security_operations": maybe(OR_SAME),
            "most_staff_in_nl": maybe(st.booleans()),
            "representative": maybe(st.sampled_from(["nl", "eu", "none"])),
            **figures(staff, money),
            "related": related(staff, money),
            "earlier_years": years(staff, money),
            "designations": maybe(st.lists(st.sampled_from(DESIGNATIONS), unique=True, max_size=2)),
        }
    )


def strictness(found) -> int:
    return CLASSES.index(found.klass.value)


def read(given):
    return assess(Facts.read(given))


@QUICK
@given(facts(st.lists(st.sampled_from(ANNEXES), unique=True, min_size=1, max_size=3)), st.floats(0, 5000))
def test_more_staff_never_gives_a_lighter_class(given, more):
    assert strictness(read(given)) <= strictness(read({**given, "staff": given["staff"] + more}))


@QUICK
@given(facts(), st.sampled_from([code for code in ALL if code not in LEFT_OUT]))
def test_one_more_activity_never_gives_a_lighter_class(given, code):
    longer = list(dict.fromkeys([*given["entity_types"], code]))
    assert strictness(read(given)) <= strictness(read({**given, "entity_types": longer}))


@st.composite
def known_and_hidden(draw):
    """Facts that are all known, and the same with some of them hidden."""
    whole = draw(facts())
    hidden = dict(whole)
    names = ["established", "services_in", "security_decisions", "security_operations", "most_staff_in_nl"]
    for name in [*names, "representative", "staff", "turnover", "balance", "designations"]:
        if draw(st.booleans()):
            hidden[name] = None
    hidden["conditions"] = {code: answer for code, answer in whole["conditions"].items() if draw(st.booleans())}
    for part in ("related", "earlier_years"):
        hidden[part] = [{**one, draw(st.sampled_from(["staff", "turnover", "balance"])): None} for one in whole[part]]
    return whole, hidden


@settings(max_examples=400, deadline=None)
@given(known_and_hidden())
def test_what_is_not_known_hides_no_class(both):
    whole, hidden = both
    assert read(whole).klass.value in read(hidden).possible_classes


@QUICK
@given(facts(maybe=lambda strategy: st.none() | strategy))
def test_an_answer_that_depends_says_what_to_find_out(given):
    found = read(given)
    assert (found.klass.value == "depends") == (len(found.possible_classes) > 1)
    assert bool(found.open_questions) == (found.klass.value == "depends")


@QUICK
@given(
    facts(maybe=lambda strategy: st.none() | strategy),
    st.text(max_size=20).filter(lambda text: "\0" not in text and text.isprintable()),
    st.booleans(),
)
def test_a_link_keeps_the_facts(given, name, new):
    asked = Facts.read({**given, "name": name, "new_enterprise": new, "since": "2027-01-01"})
    again = facts_from_query(parse_qs(query_from_facts(asked)))
    assert again.model_dump() == asked.model_dump()
    assert query_from_facts(again) == query_from_facts(asked)


@QUICK
@given(st.floats(0, 1e13))
def test_a_number_that_is_written_reads_back(value):
    assert number(_digits(value)) == value


@QUICK
@given(st.text(max_size=45))
def test_any_text_is_a_number_or_is_refused(text):
    try:
        value = number(text)
    except (ValueError, ArithmeticError):
        return
    assert value is None or value >= 0
