"""Which records are one organisation: on invented registers with a known truth, and on cases a person would name."""

import pytest

from dijkwacht.rooms.linkage.generator.registers import generate
from dijkwacht.rooms.linkage.linking.evidence import evidence, in_words, prior_bits, reason_in_words
from dijkwacht.rooms.linkage.linking.link import link, read_registers
from dijkwacht.rooms.linkage.linking.mapping import FIELDS, Layout, read_mapping
from dijkwacht.rooms.linkage.linking.measuring import read_truth
from dijkwacht.rooms.linkage.linking.normal import sources
from dijkwacht.rooms.linkage.linking.reading import Register

OWN = {field: (field,) for field in FIELDS}
BAKERY = {
    "name": "Bakkerij De Korenaar B.V.",
    "kvk": "41234567",
    "street": "Dorpsstraat 12",
    "postcode": "1234 AB",
    "city": "Oosterdam",
    "phone": "010-0123456",
    "website": "www.korenaar.example",
}


def register(source, *rows, branches="one"):
    return Register(Layout(source, OWN, branches=branches), f"{source}.csv", tuple(FIELDS), [dict(row) for row in rows])


def together(*registers):
    """The clusters, each as the set of "source row" it holds, without those that stand alone."""
    clusters = {}
    for source, row, number, _ in link(registers).rows():
        clusters.setdefault(number, set()).add(f"{source} {row}")
    return [cluster for cluster in clusters.values() if len(cluster) > 1]


def reviewed(*registers):
    answer = link(registers)
    return list(zip(answer.review_pairs(), answer.review["against"], strict=True))


def but(**changes):
    return {**BAKERY, **changes}


def without(*fields):
    return {field: text for field, text in BAKERY.items() if field not in fields}


@pytest.mark.slow
def test_the_promised_precision_and_recall_hold(tmp_path):
    """At a quarter of the size, so that one pair in a thousand is several; bench/linkage.py measures the whole."""
    made = generate(tmp_path, scale=0.25, seed=4)
    registers = read_registers(made.files, read_mapping((tmp_path / "mapping.toml").read_bytes()))
    measured = link(registers).measured(read_truth(tmp_path / "truth.csv", sources(registers)))
    assert measured.true > 7_000
    assert measured.precision >= 0.999
    assert measured.recall >= 0.97


def test_small_registers_fare_as_well(measured):
    """Of six hundred pairs, one that is wrong is more than one in a thousand already: at most that one."""
    assert measured.merged - measured.right <= 1
    assert measured.recall >= 0.97
    assert measured.true > 500


def test_what_is_not_merged_but_likely_waits_for_a_person(measured, linked):
    assert measured.asked > 0
    assert linked.review.height < len(linked.rows()) / 5, "people must be able to look at all of it"


def test_the_same_registers_give_the_same_clusters(linked):
    again = link(linked.registers)
    assert again.rows() == linked.rows()
    assert again.review_pairs() == linked.review_pairs()


def test_every_record_stands_in_the_answer_once(linked):
    keys = [(source, row) for source, row, _, _ in linked.rows()]
    assert len(set(keys)) == len(keys) == 2000 + 1200 + 30


SAME = {
    "as it stands": {},
    "another spelling of form and capitals": {"name": "BAKKERIJ DE KORENAAR bv"},
    "a lost zero of the number": {"kvk": "1234567"},
    "a number with two digits exchanged": {"kvk": "42134567"},
    "a typing error in the name and no number": {"name": "Bakkerij De Korenar BV", "kvk": ""},
    "no number, and the telephone in another shape": {"kvk": "", "phone": "+31 (0)10 0123456"},
    "a branch elsewhere under the same number": {
        "name": "Bakkerij De Korenaar vestiging Westerloo",
        "street": "Kade 1",
        "postcode": "9876 XY",
        "city": "Westerloo",
        "phone": "",
    },
    "moved, without number": {"kvk": "", "street": "Kade 1", "postcode": "9876 XY", "city": "Westerloo"},
}


@pytest.mark.parametrize("changes", SAME.values(), ids=SAME)
def test_one_organisation_is_merged(changes):
    first = but(kvk="01234567") if changes.get("kvk") == "1234567" else BAKERY
    assert together(register("a", first), register("b", but(**changes))) == [{"a 1", "b 1"}]


APART = {
    "a company of the group without number": ({"name": "Bakkerij De Korenaar Holding B.V.", "kvk": ""}, "group"),
    "the number of the parent": ({"name": "Bakkerij De Korenaar Holding B.V."}, "group"),
    "a misspelt company of the group": ({"name": "Bakkerij De Korenaar Holdng B.V.", "kvk": ""}, "group"),
    "an old number from before a merger": ({"kvk": "59876543"}, "number"),
    "a number that follows, as of companies founded on one day": ({"kvk": "41234568"}, "number"),
    "another legal form": ({"name": "Stichting Bakkerij De Korenaar", "kvk": ""}, "form"),
}


@pytest.mark.parametrize(("changes", "against"), APART.values(), ids=APART)
def test_what_is_doubtful_goes_to_a_person_with_the_reason(changes, against):
    registers = register("a", BAKERY), register("b", but(**changes))
    assert together(*registers) == []
    assert reviewed(*registers) == [((("a", 1), ("b", 1)), against)]


def test_two_reasons_against_settle_it_without_a_person():
    other = but(name="Bakkerij De Korenaar Holding B.V.", kvk="59876543")
    assert together(register("a", BAKERY), register("b", other)) == []
    assert reviewed(register("a", BAKERY), register("b", other)) == []


def test_a_mail_provider_is_no_evidence():
    one = {"name": "Kapsalon Noord", "email": "noord@gmail.com", "city": "Oosterdam"}
    other = {"name": "Garage Zuid", "email": "zuid@gmail.com", "city": "Oosterdam"}
    assert reviewed(register("a", one), register("b", other)) == []


def test_neighbours_in_a_business_centre_stay_apart():
    place = {"street": "Kade 1", "postcode": "9876 XY", "city": "Westerloo", "phone": "010-0123456"}
    rows = [
        {"name": name, **place} for name in ("Zilverpunt Advies B.V.", "Molenwerk Software B.V.", "Haas Transport B.V.")
    ]
    assert together(register("a", *rows)) == []


def test_a_record_without_number_does_not_tie_two_with_numbers_of_their_own():
    one, other, loose = BAKERY, but(kvk="59876543"), without("kvk")
    (cluster,) = together(register("a", one), register("b", other), register("c", loose))
    assert "c 1" in cluster
    assert len(cluster) == 2
    assert "chain" in {
        against for _, against in reviewed(register("a", one), register("b", other), register("c", loose))
    }


def test_a_register_may_hold_branches_apart_on_purpose():
    rows = [but(establishment="000012345678"), but(establishment="000087654321", street="Kade 1")]
    assert together(register("a", *rows)) == [{"a 1", "a 2"}]
    assert together(register("a", *rows, branches="apart")) == []
    assert [against for _, against in reviewed(register("a", *rows, branches="apart"))] == ["branch"]


def test_the_answer_does_not_depend_on_how_large_the_registers_are():
    few = link([register("a", BAKERY), register("b", without("kvk"))])
    crowd = [{"name": f"Firma {number}", "kvk": f"6{number:07}", "city": "Elders"} for number in range(2000)]
    many = link([register("a", BAKERY, *crowd), register("b", without("kvk"))])
    assert few.rows()[0][3] == pytest.approx(many.rows()[0][3], abs=1e-6)


def test_an_empty_register_and_records_without_anything_are_no_trouble():
    assert together(register("a"), register("b", {"name": "?"}, {"name": "B.V."}, {})) == []


def test_the_evidence_adds_up_to_the_weight():
    review = link([register("a", BAKERY), register("b", but(kvk="59876543"))]).review
    pair = next(review.iter_rows(named=True))
    assert sum(one.bits for one in evidence(pair)) + prior_bits() == pytest.approx(pair["match_weight"], abs=0.5)
    found = {one.comparison: one for one in evidence(pair)}
    assert found["number"].bits < 0 < found["name"].bits
    assert in_words("number", found["number"].level, "nl") == ("KvK-nummer", "een ander nummer")
    assert in_words("mail", "", "en")[1] == "one of them says nothing"
    assert reason_in_words(pair["against"], "en") == "each has a KvK number of its own"
