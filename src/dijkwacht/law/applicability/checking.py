"""Are the codes in the facts those of the tables, on that day?"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

from dijkwacht.law.applicability.facts import Facts, FactsNotUsable, Fault
from dijkwacht.law.applicability.rulebook import Rulebook

NO_CODE: Final = "String should"  # how pydantic begins what it says of a text that is no code
LONGEST: Final = 60  # characters of a code that are said back


def check(facts: Facts, book: Rulebook, on: date) -> None:
    """Raise FactsNotUsable for codes that do not exist on that day, with the ones that come nearest."""
    given = {"entity_types": facts.entity_types, "designations": facts.designations, "conditions": facts.conditions}
    if faults := list(_faults(given, book, on)):
        raise FactsNotUsable(faults)


def read_whole(given: Any, book: Rulebook, today: date) -> Facts:
    """Read facts from decoded JSON. Raises FactsNotUsable with every fault at once: of form, and of codes.

    `today`: the day whose codes count where the facts name none that can be read.
    """
    wrong: list[Fault] = []
    try:
        facts = Facts.read(given)
    except FactsNotUsable as error:
        wrong = error.faults
    on = _day(given) or today
    if book.in_force(on) and isinstance(given, dict):
        codes = list(_faults(given, book, on))
        places = {fault.pointer for fault in codes}
        # What is no code at all breaks the form too: then the nearest code says more.
        wrong = [one for one in wrong if one.pointer not in places or not one.message.startswith(NO_CODE)] + codes
    if wrong:
        raise FactsNotUsable(wrong)
    return facts


def _day(given: Any) -> date | None:
    try:
        return Facts.read({"as_of": given["as_of"]}).as_of
    except (FactsNotUsable, TypeError, KeyError, IndexError):
        return None


def _faults(given: Mapping[str, Any], book: Rulebook, on: date) -> Iterator[Fault]:
    lists = (
        ("entity_types", book.types, "dijkwacht assess --types"),
        ("designations", book.designations, "dijkwacht assess --schema"),
    )
    for name, table, where in lists:
        codes = given.get(name)
        if not isinstance(codes, list | tuple):
            continue  # the form says so, or it is not known
        known = [row["code"] for row in table.as_of(on)]
        for number, code in enumerate(codes):
            if not isinstance(code, str):
                continue
            if code not in known:
                yield _unknown((name, number), code, known, where)
            elif codes.index(code) != number:
                yield Fault.at((name, number), f"{code} stands there twice.", "Name it once.")
    known = [row["code"] for row in book.conditions.as_of(on)]
    conditions = given.get("conditions")
    for code in conditions if isinstance(conditions, dict) else ():
        if code not in known:
            yield _unknown(("conditions", code), code, known, "dijkwacht assess --schema")


def _unknown(place: tuple[str | int, ...], code: str, known: Iterable[str], where: str) -> Fault:
    near = get_close_matches(code[:LONGEST], list(known), n=3, cutoff=0.4)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    return Fault.at(place, f"There is no {code[:LONGEST]}.", f"{hint}All codes: `{where}`.")
