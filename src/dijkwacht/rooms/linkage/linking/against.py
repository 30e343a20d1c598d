"""What speaks against merging two records without a person, whatever their weight."""

from typing import Final

import polars as pl

# Levels as Splink numbers them: missing is -1, the last level 0, the one before it 1, and so on.
SAME_NUMBER: Final = pl.col("gamma_number") == 2  # noqa: PLR2004
PART_OF_NAME: Final = 1
OTHER_NAME: Final = 25.0  # bits; with an equal number and this much, two unlike names are a statutory and a trade name


def _differ(column: str) -> pl.Expr:
    """True when both records have a value and the values differ."""
    return (pl.col(f"{column}_l") != pl.col(f"{column}_r")).fill_null(value=False)


AGAINST: Final = {
    "number": pl.col("gamma_number") == 0,
    "rsin": pl.col("gamma_rsin") == 0,
    "group": _differ("qualifiers") & (pl.col("gamma_name") != 0),
    "form": _differ("form") & ~SAME_NUMBER,
    "numerals": _differ("numbers") & ~SAME_NUMBER,
    "branch": _differ("establishment") & (pl.col("source_l") == pl.col("source_r")),
    "name": ((pl.col("gamma_name") == 0) & ~(SAME_NUMBER & (pl.col("match_weight") >= OTHER_NAME)))
    | ((pl.col("gamma_name") == PART_OF_NAME) & ~SAME_NUMBER),
}
STRONG: Final = ("number", "rsin", "group", "form", "numerals")


def with_against(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add `against`: the first reason of `AGAINST` that holds, or null; and `reasons`: how many strong ones hold.

    Two strong reasons settle it: such a pair is two organisations, and is not put to a person.
    """
    first = pl.coalesce([pl.when(holds).then(pl.lit(reason)) for reason, holds in AGAINST.items()])
    return pairs.with_columns(
        against=first, reasons=pl.sum_horizontal(AGAINST[reason].cast(pl.Int8) for reason in STRONG)
    )
