"""The laws with a duty to report: one folder each, read and checked as a whole. Adding one needs no code."""

from dijkwacht.law.incidents.regimes.model import (
    CentreClock,
    Field,
    Receiver,
    Regime,
    Stage,
    Term,
    Trigger,
)
from dijkwacht.law.incidents.regimes.reading import HOUSE, Regimes, RegimeTexts, house_regimes, load, regime_schema

__all__ = [
    "HOUSE",
    "CentreClock",
    "Field",
    "Receiver",
    "Regime",
    "RegimeTexts",
    "Regimes",
    "Stage",
    "Term",
    "Trigger",
    "house_regimes",
    "load",
    "regime_schema",
]
