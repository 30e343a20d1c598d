"""Are the codes in the facts those of the tables, on that day?"""

from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches

from dijkwacht.law.applicability.facts import Facts, FactsNotUsable, Fault
from dijkwacht.law.applicability.rulebook import Rulebook


def check(facts: Facts, book: Rulebook, on: date) -> None:
    """Raise FactsNotUsable for codes that do not exist on that day, with the ones that come nearest."""
    if faults := list(_faults(facts, book, on)):
        raise FactsNotUsable(faults)


def _faults(facts: Facts, book: Rulebook, on: date) -> Iterator[Fault]:
    lists = (
        ("entity_types", facts.entity_types, book.types, "dijkwacht assess --types"),
        ("designations", facts.designations or (), book.designations, "dijkwacht assess --schema"),
    )
    for path, given, table, where in lists:
        known = [row["code"] for row in table.as_of(on)]
        for number, code in enumerate(given):
            if code not in known:
                yield Fault(path=f"{path}[{number}]", message=_unknown(code, known, where))
            elif given.index(code) != number:
                yield Fault(path=f"{path}[{number}]", message=f"{code} stands there twice; name it once.")
    known = [row["code"] for row in book.conditions.as_of(on)]
    for code in facts.conditions:
        if code not in known:
            yield Fault(path=f"conditions.{code}", message=_unknown(code, known, "dijkwacht assess --schema"))


def _unknown(code: str, known: Iterable[str], where: str) -> str:
    near = get_close_matches(code, list(known), n=3, cutoff=0.4)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return f"There is no {code}.{hint} All codes: `{where}`."
