"""Whose law it is (Cbw 4 and 42): what each kind of provider must have in the Netherlands."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from itertools import product
from typing import Any, Final

from dijkwacht.law.applicability.facts import Facts

PLACES: Final = ("nl", "eu", "outside")


class Reach(StrEnum):
    """Whether Dutch law reaches a provider."""

    IN = "in"
    OUT = "out"
    REPRESENTATIVE = "representative"  # not yet, but it must appoint a representative


# The rule that speaks for each kind of jurisdiction.
RULES: Final = {"main-establishment": "J1", "services-here": "J2", "domain-registration": "J3", "establishment": "J4"}
REPRESENTATIVE_RULE: Final = "J5"
# The facts that each kind depends on, with all values a fact that is not known may turn out to have.
DEPENDS: Final[dict[str, dict[str, tuple[Any, ...]]]] = {
    "establishment": {"established": PLACES, "services_in": PLACES},
    "services-here": {"services_in": PLACES},
    "main-establishment": {
        "established": PLACES,
        "services_in": PLACES,
        "security_decisions": PLACES,
        "security_operations": PLACES,
        "most_staff_in_nl": (True, False),
        "representative": ("nl", "eu", "none"),
    },
}
DEPENDS["domain-registration"] = DEPENDS["main-establishment"]


def reaches(facts: Facts, kind: str) -> frozenset[Reach]:
    """Return what is possible for a kind of jurisdiction: one outcome when all that matters is known."""
    return frozenset(_decide(known, kind) for known in _completions(facts, kind))


def _completions(facts: Facts, kind: str) -> Iterator[dict[str, Any]]:
    choices = {
        name: (value,) if (value := getattr(facts, name)) is not None else values
        for name, values in DEPENDS[kind].items()
    }
    for values in product(*choices.values()):
        yield dict(zip(choices, values, strict=True))


def _decide(known: dict[str, Any], kind: str) -> Reach:
    return _DECIDE[kind](known)


def _establishment(known: dict[str, Any]) -> Reach:
    """Cbw 4(1): established here and active in the Union."""
    return Reach.IN if known["established"] == "nl" and known["services_in"] != "outside" else Reach.OUT


def _services_here(known: dict[str, Any]) -> Reach:
    """Cbw 4(2): networks and communications services offered here."""
    return Reach.IN if known["services_in"] == "nl" else Reach.OUT


def _main_establishment(known: dict[str, Any]) -> Reach:
    """Cbw 4(3): main establishment or representative here, and active in the Union."""
    reach = _domain_registration(known)
    return Reach.OUT if reach is Reach.IN and known["services_in"] == "outside" else reach


def _domain_registration(known: dict[str, Any]) -> Reach:
    """Cbw 4(4) and 42: main establishment or representative here; without either, one may have to be appointed."""
    if known["established"] == "outside":
        if known["representative"] == "nl":
            return Reach.IN
        lacking = known["representative"] == "none" and known["services_in"] == "nl"
        return Reach.REPRESENTATIVE if lacking else Reach.OUT
    return Reach.IN if _mainly_here(known) else Reach.OUT


def _mainly_here(known: dict[str, Any]) -> bool:
    """Cbw 4(5): decisions, else operations, else the most employees."""
    for place in ("security_decisions", "security_operations"):
        where = known["established"] if known[place] == "same" else known[place]
        if where != "outside":
            return bool(where == "nl")
    return bool(known["most_staff_in_nl"])


_DECIDE: Final[dict[str, Callable[[dict[str, Any]], Reach]]] = {
    "establishment": _establishment,
    "services-here": _services_here,
    "main-establishment": _main_establishment,
    "domain-registration": _domain_registration,
}
