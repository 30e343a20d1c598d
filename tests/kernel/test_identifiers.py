"""Numbers of organisations: normalised, or refused with a reason in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijkwacht.kernel.identifiers import NORMALISERS, InvalidIdentifier


@pytest.mark.parametrize(
    ("kind", "text", "normal"),
    [
        ("kvk", "1234 5678", "12345678"),
        ("kvk", "01234567", "01234567"),
        ("rsin", "1112.22.333", "111222333"),
        ("oin", "00000001111222333000", "00000001111222333000"),
        ("oin", "0000 0003 1234 5678 0000", "00000003123456780000"),
        ("oin", "00000004000000001000", "00000004000000001000"),
        ("roo", "GM0363", "gm0363"),
        ("lei", "213800KUD8-LAJWSQ9D15", "213800KUD8LAJWSQ9D15"),
        ("lei", "213800kud8lajwsq9d15", "213800KUD8LAJWSQ9D15"),
    ],
)
def test_a_valid_number_is_normalised(kind: str, text: str, normal: str) -> None:
    assert NORMALISERS[kind](text) == normal


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("kvk", "1234567"), ("kvk", "123456789"), ("kvk", "1234567a"), ("kvk", ""), ("kvk", "\u0661" * 8),
        ("kvk", "1234567\n8"), ("kvk", "1" * 100_000), ("rsin", "111222334"), ("rsin", "11222333"),
        ("oin", "00000001111222334000"), ("oin", "00000001111222333001"), ("oin", "00000003123456780001"),
        ("oin", "12345678111222333000"), ("oin", "00000000111222333000"), ("oin", "0000000311"),
        ("roo", "0363"), ("roo", "gm"), ("roo", "gm0363; drop"), ("lei", "213800KUD8LAJWSQ9D16"), ("lei", "213800"),
    ],
)  # fmt: skip
def test_an_invalid_number_is_refused_with_a_reason_in_both_languages(kind: str, text: str) -> None:
    with pytest.raises(InvalidIdentifier) as refused:
        NORMALISERS[kind](text)
    assert refused.value.status == 422
    assert "is not a valid" in refused.value.text("en")
    assert "is geen geldig" in refused.value.text("nl")
    assert len(refused.value.text("nl")) < 200
    assert isinstance(refused.value, ValueError)


@given(st.sampled_from(sorted(NORMALISERS)), st.text())
def test_any_text_is_either_normalised_for_good_or_refused(kind: str, text: str) -> None:
    try:
        normal = NORMALISERS[kind](text)
    except InvalidIdentifier:
        return
    assert NORMALISERS[kind](normal) == normal
