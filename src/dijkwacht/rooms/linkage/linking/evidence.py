"""Why a pair weighs what it weighs: the outcome of each comparison, in words and bits."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from dijkwacht.rooms.linkage.linking.weights import Comparison, Level, weights


class Evidence(NamedTuple):
    """One comparison: what came out (`level`, empty when either record says nothing), and what it weighs."""

    comparison: str
    level: str
    bits: float


def evidence(pair: Mapping[str, Any]) -> list[Evidence]:
    """Give the evidence of a pair as `score` gives it."""
    return [_one(pair, comparison) for comparison in weights().comparisons]


def _one(pair: Mapping[str, Any], comparison: Comparison) -> Evidence:
    gamma = pair[f"gamma_{comparison.name}"]
    if gamma is None or gamma < 0:
        return Evidence(comparison.name, "", 0.0)
    rarity = pair.get(f"mw_tf_adj_{comparison.name}") or 0.0
    level = comparison.levels[len(comparison.levels) - 1 - gamma]
    return Evidence(comparison.name, level.name, round(pair[f"mw_{comparison.name}"] + rarity, 1))


def in_words(comparison: str, level: str, language: str) -> tuple[str, str]:
    """Give what was compared and what came out, in Dutch or English."""
    found = next(one for one in weights().comparisons if one.name == comparison)
    nothing = {"nl": "een van beide zegt niets", "en": "one of them says nothing"}
    outcome: Level | None = next((one for one in found.levels if one.name == level), None)
    return found.words[language], (outcome.words if outcome else nothing)[language]


def prior_bits() -> float:
    """Give what two records taken at random start with, before anything is compared: far below zero."""
    prior = weights().prior
    return math.log2(prior / (1 - prior))


def reason_in_words(against: str, language: str) -> str:
    """Give what speaks against merging without a person, in Dutch or English; empty for nothing."""
    return weights().against[against][language] if against in weights().against else ""
