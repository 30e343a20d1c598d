"""What a change of the law would change: the same facts under two sets of policies."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from dijkwacht.law.decide import decide_many
from dijkwacht.law.decision import Citation, Decision
from dijkwacht.law.facts import Facts
from dijkwacht.law.policies import PolicySet

What = Literal["routes", "obligations", "grounds"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One combination of facts that is decided differently. `what` is the weightiest thing that differs."""

    facts: Facts
    old: Decision
    new: Decision
    what: What


def differences(old: PolicySet, new: PolicySet, facts: Iterable[Facts]) -> list[Difference]:
    """Return the changed decisions, each distinct combination of facts once, in the order given."""
    distinct = list(dict.fromkeys(facts))
    pairs = zip(decide_many(distinct, old), decide_many(distinct, new), strict=True)
    changed = ((before, after, _what(before, after)) for before, after in pairs)
    return [Difference(before.facts, before, after, what) for before, after, what in changed if what is not None]


def _what(old: Decision, new: Decision) -> What | None:
    if old.routes != new.routes:
        return "routes"
    if old.obligations != new.obligations:
        return "obligations"
    return "grounds" if _grounds(old) != _grounds(new) else None


def _grounds(decision: Decision) -> list[tuple[object, bool, tuple[Citation, ...]]]:
    return [(ruling.route, ruling.allowed, ruling.determining) for ruling in decision.rulings]
