"""Labels: read as people write them, ordered by strictness."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijkwacht.kernel.pap import Pap, UnknownPap
from dijkwacht.kernel.tlp import Tlp, UnknownTlp


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("TLP:CLEAR", Tlp.CLEAR),
        ("tlp:white", Tlp.CLEAR),
        ("GREEN", Tlp.GREEN),
        (" TLP: amber ", Tlp.AMBER),
        ("TLP:AMBER+STRICT", Tlp.AMBER_STRICT),
        ("red", Tlp.RED),
    ],
)
def test_a_tlp_label_is_read_as_people_write_it(text: str, label: Tlp) -> None:
    assert Tlp.parse(text) is label


@pytest.mark.parametrize("text", ["", "TLP:", "AMBER STRICT", "ORANGE", "R\u0415D"])
def test_a_label_that_does_not_exist_is_refused_in_both_languages(text: str) -> None:
    with pytest.raises(UnknownTlp) as refused:
        Tlp.parse(text)
    assert "is not a label" in refused.value.text("en")
    assert "is geen label" in refused.value.text("nl")
    with pytest.raises(UnknownPap):
        Pap.parse(text)


def test_the_stricter_of_two_labels_wins() -> None:
    assert max(Tlp.GREEN, Tlp.AMBER) is Tlp.AMBER  # by alphabet it would be GREEN
    assert max(Tlp) is Tlp.RED


@given(st.sampled_from(Tlp), st.sampled_from(Tlp))
def test_all_comparisons_agree_with_strictness(one: Tlp, other: Tlp) -> None:
    assert (one < other) is (one.strictness < other.strictness)
    assert (one > other) is (one.strictness > other.strictness)
    assert (one <= other) is (one.strictness <= other.strictness)
    assert (one >= other) is (one.strictness >= other.strictness)


def test_a_label_is_not_compared_with_mere_text() -> None:
    with pytest.raises(TypeError):
        _ = Tlp.RED < 5  # type: ignore[operator]


def test_a_label_is_shown_with_its_protocol() -> None:
    assert Tlp.AMBER_STRICT.label == "TLP:AMBER+STRICT"
    assert Pap.RED.label == "PAP:RED"


def test_a_pap_label_is_read_and_ordered() -> None:
    assert Pap.parse("PAP:White") is Pap.CLEAR
    assert [label.strictness for label in Pap] == [0, 1, 2, 3]
