"""Does a condition fit its fact? One that can never hold, or compares what cannot be compared, is refused when read."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

from dijkwacht.law.incidents.conditions import Condition
from dijkwacht.law.incidents.record import DERIVED, FACTS, IncidentRecord

WORDS: Final = ("equals", "among")
LISTS: Final = ("any_of", "none_of")
FIGURES: Final = ("above", "at_least", "below", "at_most", "above_share", "at_most_share")
# Kind of fact, and the tests that can be made of it.
TESTS: Final = {"boolean": WORDS[:1], "string": WORDS, "array": LISTS, "number": FIGURES, "integer": FIGURES}
OWN: Final = "own."  # facts of one entity alone: their kind is known to nobody else


def misfits(conditions: Iterable[Condition], *, own: bool = False) -> Iterator[str]:
    """Return what is wrong with conditions: a fact that there is none of, a test or a value that does not fit it.

    `own`: whether they may ask for facts of one entity alone.
    """
    for condition in conditions:
        for fact in condition.facts:
            if own and fact.startswith(OWN):
                continue
            if fact not in FACTS:
                more = "; one of the entity alone is named own.SOMETHING" if own else ""
                yield f"there is no fact {fact}; `dijkwacht deadlines --schema` shows them all{more}"
            elif fault := _misfit(condition, fact):
                yield fault


def _misfit(condition: Condition, fact: str) -> str:
    kind, values = _kinds()[fact]
    tests = TESTS.get(kind, ())
    made = next(test for test in (*WORDS, *LISTS, *FIGURES) if getattr(condition, test) is not None)
    if made not in tests:
        return f"{fact} is a {kind}; {made} is no test of that"
    named = condition.among if made == "among" else (condition.equals,) if made == "equals" else ()
    if kind == "boolean" and not isinstance(condition.equals, bool):
        return f"{fact} is true or false, not {condition.equals}"
    strange = [str(value) for value in named or () if values and value not in values]
    return f"{fact} is never {', '.join(strange)}; it is one of {', '.join(values)}" if strange else ""


@cache
def _kinds() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the kind of each fact, and its values where it has a list of them, from the published schema."""
    properties = IncidentRecord.model_json_schema()["properties"]
    found = {name: _kind(properties[name]) for name in FACTS - DERIVED}
    return {**found, "sectors": ("array", ()), "critical_months": ("number", ())}


def _kind(schema: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    one = next(choice for choice in schema.get("anyOf", [schema]) if choice.get("type") != "null")
    if one.get("format") in {"date-time", "date"}:
        return "moment", ()
    return str(one.get("type")), tuple(one.get("enum", ()))
