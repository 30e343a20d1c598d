"""What a model is worth, on domains that it never saw, after the time that it learned from."""

import hashlib
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from .datasets import KINDS, Row
from .model import Model

RATES: Final = (0.0001, 0.001, 0.0017, 0.01)  # of false positives at which recall is told
CHOOSE_FROM: Final = 0.9  # of the domains: the last tenth chooses the threshold
TEST_SHARE: Final = 0.3  # of the legitimate domains, and of the time


class Split(msgspec.Struct, frozen=True):
    """Rows to learn from; rows to choose the threshold by; rows to measure with. No domain is in two of them."""

    learn: list[Row]
    choose: list[Row]
    measure: list[Row]
    day: str  # phishing of this day and later is measured with


class Figures(msgspec.Struct, frozen=True):
    """`recall` at each rate by kind of legitimate place, None where there are too few of them to measure it.

    `wrong`: per million legitimate URLs of a kind, those at or above the threshold; `caught`: the share of phishing
    there. `rows`: legitimate rows by kind, and phishing.
    """

    threshold: float
    caught: float
    recall: dict[str, dict[str, float | None]]
    wrong: dict[str, float | None]
    rows: dict[str, int]


def split(rows: Sequence[Row]) -> Split:
    """Split phishing by time and domain, what is legitimate by domain: lists of it are no news.

    A domain of the time before is never measured with. Raises ValueError for too little.
    """
    days = sorted(row.day for row in rows if row.phishing and row.day)
    day = days[int(len(days) * (1 - TEST_SHARE))] if days else ""
    before = {row.domain for row in rows if row.phishing and row.day and row.day < day}
    parts: dict[str, list[Row]] = {"learn": [], "choose": [], "measure": [], "neither": []}
    for row in rows:
        parts[_part(row, day, before)].append(row)
    for name in ("learn", "choose", "measure"):
        if len({row.phishing for row in parts[name]}) < 2:  # noqa: PLR2004 - both are needed
            raise ValueError(f"too little data: the part to {name} lacks phishing or legitimate URLs")
    return Split(parts["learn"], parts["choose"], parts["measure"], day)


def _part(row: Row, day: str, before: set[str]) -> str:
    place = int.from_bytes(hashlib.sha256(row.domain.encode()).digest()[:4]) / 2**32
    if row.phishing and day and row.day:
        if row.day >= day:
            return "neither" if row.domain in before else "measure"
        return "choose" if place >= CHOOSE_FROM else "learn"
    if not row.phishing or not day:
        return "measure" if place < TEST_SHARE else "choose" if place >= CHOOSE_FROM else "learn"
    return "neither"  # phishing of no known day, where others have one


def threshold_of(model: Model, rows: Sequence[Row], rate: float = 0.0017) -> float:
    """Give the score that so many of the legitimate rows reach."""
    legitimate = model.scores([row.url for row in rows if not row.phishing])
    return _at(legitimate, rate)


def _at(scores: NDArray[np.float64], rate: float) -> float:
    """Give the smallest score that at most this share reaches."""
    allowed = int(len(scores) * rate)
    ranked = np.sort(scores)[::-1]
    return float(np.nextafter(ranked[allowed], 2.0)) if allowed < len(ranked) else 0.0


def figures(model: Model, rows: Sequence[Row], threshold: float) -> Figures:
    """Measure a model on rows that it did not learn from."""
    scores = model.scores([row.url for row in rows])
    phishing = np.array([row.phishing for row in rows])
    kinds = np.array([row.kind for row in rows])
    bad = scores[phishing]
    recall: dict[str, dict[str, float | None]] = {}
    wrong: dict[str, float | None] = {}
    counts = {"phishing": int(phishing.sum())}
    for kind in KINDS:
        good = scores[~phishing & (kinds == kind)]
        counts[kind] = len(good)
        recall[kind] = {f"{rate:g}": _recall(good, bad, rate) for rate in RATES}
        wrong[kind] = round(float((good >= threshold).mean()) * 1e6, 1) if len(good) else None
    return Figures(round(threshold, 6), round(float((bad >= threshold).mean()), 4), recall, wrong, counts)


def _recall(good: NDArray[np.float64], bad: NDArray[np.float64], rate: float) -> float | None:
    if len(good) * rate < 1:
        return None  # one false positive would be more than this rate
    return round(float((bad >= _at(good, rate)).mean()), 4)


def worse(new: Figures, old: Figures) -> list[str]:
    """Say what a model is worse at than another that was measured with the same rows."""
    found: list[str] = []
    for kind in KINDS:
        for rate, value in new.recall[kind].items():
            before = old.recall[kind][rate]
            if value is not None and before is not None and value < before:
                found.append(f"{kind}: recall {value} at {float(rate):.2%} false positives, was {before}")
        now, then = new.wrong[kind], old.wrong[kind]
        if now is not None and then is not None and now > then:
            found.append(f"{kind}: {now:g} wrong per million, was {then:g}")
    if new.caught < old.caught:
        found.append(f"recall {new.caught} at its threshold, was {old.caught}")
    return found


def as_facts(found: Figures) -> dict[str, Any]:
    """Give figures as they stand in a model's file."""
    return dict(msgspec.to_builtins(found))
