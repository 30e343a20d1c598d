"""The table of weights: what each comparison says, in bits and in words."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

COMPARISONS: Final = ("number", "rsin", "name", "form", "address", "domain", "mail", "phone")


@dataclass(frozen=True, slots=True)
class Level:
    """How a comparison can come out: `m` and `u` as shares, `rare`: the column whose rarity counts."""

    name: str
    m: float
    u: float
    rare: str
    words: Mapping[str, str]

    @property
    def bits(self) -> float:
        """What it says by itself: above zero for one organisation, below for two."""
        return math.log2(self.m / self.u)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One thing that is compared; levels from most to least alike."""

    name: str
    words: Mapping[str, str]
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """The whole table. `automatic`, `review`: the two thresholds, as probabilities."""

    prior: float
    automatic: float
    review: float
    least_records: int
    comparisons: tuple[Comparison, ...]
    against: Mapping[str, Mapping[str, str]]


@cache
def weights() -> Weights:
    """Read the table that is shipped."""
    with (Path(__file__).parents[1] / "tables" / "weights.toml").open("rb") as source:
        told = tomllib.load(source)
    return Weights(
        prior=told["prior"],
        automatic=told["automatic"],
        review=told["review"],
        least_records=told["least_records"],
        comparisons=tuple(
            Comparison(
                name,
                {"nl": told[name]["nl"], "en": told[name]["en"]},
                tuple(
                    Level(level, one["m"], one["u"], one.get("rare", ""), {"nl": one["nl"], "en": one["en"]})
                    for level, one in told[name]["levels"].items()
                ),
            )
            for name in COMPARISONS
        ),
        against=told["against"],
    )
