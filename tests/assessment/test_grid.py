"""Every type of entity in every size, against a table that was written by hand."""

import tomllib
from pathlib import Path

import pytest

from dijkwacht.law.applicability import Facts, assess, house_rulebook

BOOK = house_rulebook()
GRID = tomllib.loads((Path(__file__).parent / "grid.toml").read_text("utf-8"))["grid"]
SIZES = {"small": 10, "medium": 60, "large": 600}
CELLS = [
    (code, size, klass)
    for row in GRID
    for code in row["types"]
    for size, klass in zip(SIZES, row["classes"], strict=True)
]
NEEDED = {row["code"]: row["needs_any"] for row in BOOK.types.rows}


@pytest.mark.parametrize(("code", "size", "klass"), CELLS)
def test_a_type_of_a_size_has_the_class_of_the_law(code, size, klass):
    given = {
        "as_of": "2026-11-25",
        "entity_types": [code],
        "conditions": dict.fromkeys(NEEDED[code], True),
        "staff": SIZES[size],
        "turnover": 1_000_000,
        "balance": 1_000_000,
    }
    assert assess(Facts.read(given)).klass.value == klass


def test_every_type_is_in_the_grid_once():
    assert sorted(code for row in GRID for code in row["types"]) == sorted(NEEDED)
