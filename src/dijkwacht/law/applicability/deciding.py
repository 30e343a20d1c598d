"""The decision table at work: per type of entity the first rule that matches, of all types the strictest class.

What is not known leaves several outcomes. All are worked out: every value that an unknown fact may have is tried, so
that the possible classes hold the class of every completion of the facts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache, reduce
from itertools import product
from typing import Final

from dijkwacht.law.applicability import jurisdiction
from dijkwacht.law.applicability.facts import Facts
from dijkwacht.law.applicability.jurisdiction import Reach
from dijkwacht.law.applicability.rulebook import Rulebook
from dijkwacht.law.applicability.size import LETTERS, deciding_figures, size_of
from dijkwacht.law.tables import Row

ESSENTIAL, IMPORTANT, REGISTER_ONLY, OUTSIDE = "essential", "important", "register-only", "outside"
CLASSES: Final = (OUTSIDE, REGISTER_ONLY, IMPORTANT, ESSENTIAL)  # from light to strict
CLOSED_GROUP: Final = "trust-closed-group"
GOVERNMENT: Final = frozenset({"central-government", "local-government"})
KEPT: Final = 5_000  # answers of one day; a stranger cannot fill the memory with strange questions
NO_TYPE: Final = ""  # stands for an organisation that names no type of entity


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the table makes of one type of entity. `would_be`: the class it has once the law reaches it."""

    klass: str
    rules: tuple[str, ...]
    would_be: str = ""
    counts: bool = False  # the type is really one of this organisation, and Dutch law reaches it

    @property
    def representative(self) -> bool:
        """Tell whether a representative must be appointed."""
        return jurisdiction.REPRESENTATIVE_RULE in self.rules


def strictest(classes: Iterable[str]) -> str:
    """Return the strictest class; outside when there is none."""
    return max(classes, key=CLASSES.index, default=OUTSIDE)


@dataclass(frozen=True)
class Scenario:
    """What is the same for all types: the size and the designations, one of the possible combinations."""

    size: str  # S, M or L
    designations: frozenset[str]
    outcomes: tuple[tuple[str, frozenset[Outcome]], ...]  # type of entity, its possible outcomes

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes the organisation may have: the strictest over the types, for every choice of their outcomes."""
        per_type = ({outcome.klass for outcome in possible} for _, possible in self.outcomes)
        return frozenset(reduce(lambda one, other: {strictest(pair) for pair in product(one, other)}, per_type))


@dataclass(frozen=True, slots=True)
class Prospect:
    """Of one type: which exclusions may hold (the empty one: none), whether it counts, and whether it is reached."""

    excluded: frozenset[str]
    counts: frozenset[bool]
    reaches: frozenset[Reach]
    rule: str  # the rule of its kind of jurisdiction


class Table:
    """The rules of one day, ready to be asked often."""

    def __init__(self, book: Rulebook, on: date) -> None:
        """Read the rules and types that hold on a day."""
        self.book = book
        self.on = on
        self.rules = book.rules_of(on, "class")
        self.designations = frozenset(row["code"] for row in book.designations.as_of(on) if row["kind"] == "in")
        self.types = {row["code"]: row for row in book.types.as_of(on)}
        self.present = frozenset(row["code"] for row in book.rules.as_of(on))
        self._known: dict[tuple[str, Prospect, str, frozenset[str]], frozenset[Outcome]] = {}

    def sizes(self, facts: Facts) -> tuple[str, ...]:
        """Return the sizes that are possible, as the rules name them."""
        return tuple(sorted({LETTERS[category] for category in size_of(self.book, facts, self.on).categories}))

    def scenarios(self, facts: Facts, sizes: tuple[str, ...] = ()) -> tuple[Scenario, ...]:
        """Work out every possible combination of size and designations, and of each type what then follows.

        `sizes` are those that are possible, when the caller has worked them out already.
        """
        types = [(code, self._prospect(facts, code)) for code in facts.entity_types or (NO_TYPE,)]
        return tuple(
            Scenario(size, given, tuple((code, self._outcomes(code, found, size, given)) for code, found in types))
            for size, given in product(sizes or self.sizes(facts), self._designations(facts))
        )

    def possible_classes(self, facts: Facts, sizes: tuple[str, ...] = ()) -> frozenset[str]:
        """Return every class that some completion of the facts has."""
        return frozenset(klass for scenario in self.scenarios(facts, sizes) for klass in scenario.classes)

    def counts(self, facts: Facts, code: str) -> frozenset[bool]:
        """Tell whether a type counts for this organisation: one of its conditions must hold. Both: not known."""
        needed = self.types[code]["needs_any"]
        answers = [facts.conditions.get(condition) for condition in needed]
        if not needed or True in answers:
            return frozenset({True})
        return frozenset({True, False}) if None in answers else frozenset({False})

    def _designations(self, facts: Facts) -> list[frozenset[str]]:
        """Return the possible sets; of unknown ones none, and each alone, since the strictest wins anyway."""
        if facts.designations is not None:
            return [frozenset(facts.designations)]
        return [frozenset(), *(frozenset({code}) for code in sorted(self.designations))]

    def _prospect(self, facts: Facts, code: str) -> "Prospect":
        """Work out what does not depend on size or designations."""
        row = self.types.get(code)
        kind = row["jurisdiction"] if row else "establishment"
        counts = self.counts(facts, code) if row else frozenset({False})
        return Prospect(self._excluded(facts, row), counts, jurisdiction.reaches(facts, kind), jurisdiction.RULES[kind])

    def _outcomes(self, code: str, found: "Prospect", size: str, given: frozenset[str]) -> frozenset[Outcome]:
        """Return the possible outcomes of one type. Most questions come many times, so the answers are kept."""
        key = (code, found, size, given)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= KEPT:
                self._known = {}  # another thread may still read the old one
            known = self._known[key] = frozenset(self._work_out(code, found, size, given))
        return known

    def _work_out(self, code: str, found: "Prospect", size: str, given: frozenset[str]) -> Iterator[Outcome]:
        """Give the possible outcomes of one type: left out, out of reach, or what the table says."""
        yield from (Outcome(OUTSIDE, (rule,)) for rule in found.excluded - {""})
        if "" in found.excluded:
            for counts, reach in product(found.counts, found.reaches):
                outcome = self._reached(self._match(code, counts, size, given), reach, found.rule)
                yield replace(outcome, counts=counts and reach is Reach.IN)

    def _reached(self, match: tuple[str, str], reach: Reach, rule: str) -> Outcome:
        """Weigh jurisdiction: a rule of it that is not in the book stops nobody."""
        klass, matched = match
        if reach is Reach.IN or rule not in self.present:
            return Outcome(klass, tuple(code for code in (rule, matched) if code in self.present))
        owes = reach is Reach.REPRESENTATIVE and jurisdiction.REPRESENTATIVE_RULE in self.present
        if owes and klass != OUTSIDE:
            return Outcome(OUTSIDE, (jurisdiction.REPRESENTATIVE_RULE, matched), would_be=klass)
        return Outcome(OUTSIDE, (rule,), would_be=klass)

    def _excluded(self, facts: Facts, row: Row | None) -> frozenset[str]:
        """Return the exclusions that may hold for a type; the empty one means that none does."""
        left_out = [found for code in facts.entity_types if (found := self.types[code])["outside"] in self.present]
        whole = {found["outside"] for found in left_out if found["reach"] == "entity"}
        if row is not None and row["outside"] in self.present:
            return frozenset({row["outside"]})
        if whole == {"E1"} and row is not None and "trust" in row["groups"]:
            closed = facts.conditions.get(CLOSED_GROUP)
            return frozenset({"E1"} if closed else {""} if closed is False else {"E1", ""})
        if whole:
            return frozenset({min(whole)})
        government = {found["outside"] for found in left_out if found["reach"] == "government"}
        if government and row is not None and GOVERNMENT & set(row["groups"]):
            return frozenset({min(government)})
        return frozenset({""})

    def _match(self, code: str, counts: bool, size: str, given: frozenset[str]) -> tuple[str, str]:
        """Return class and rule of the first row that matches. A type that does not count is no type."""
        row = self.types[code] if counts else None
        groups = frozenset(row["groups"]) if row else frozenset()
        annex = row["annex"] if row else 0
        rule = next((rule for rule in self.rules if _matches(rule, groups, annex, size, given)), None)
        return (rule["result"], rule["code"]) if rule else (OUTSIDE, "")


@lru_cache(maxsize=16)
def table_of(book: Rulebook, on: date) -> Table:
    """Return the table of a day, made once for many questions."""
    return Table(book, on)


def _matches(rule: Row, groups: frozenset[str], annex: int, size: str, given: frozenset[str]) -> bool:
    """Tell whether all that a rule names holds."""
    return (
        (not rule["groups"] or not groups.isdisjoint(rule["groups"]))
        and (not rule["annexes"] or annex in rule["annexes"])
        and (not rule["sizes"] or size in rule["sizes"])
        and (not rule["designations"] or not given.isdisjoint(rule["designations"]))
    )


def open_facts(table: Table, facts: Facts) -> list[str]:
    """Give the facts that are not known and would narrow the answer; all of them where only several together do."""
    sizes = table.sizes(facts)
    now = table.possible_classes(facts, sizes)
    if len(now) == 1:
        return []
    return list(_narrowing(table, facts, sizes, now)) or [name for name, _ in _unknown(table, facts)]


def _narrowing(table: Table, facts: Facts, sizes: tuple[str, ...], now: frozenset[str]) -> Iterator[str]:
    """Give the facts of which each by itself narrows the answer."""
    for name, completions in _unknown(table, facts):
        if any(table.possible_classes(completed, sizes) != now for completed in completions):
            yield name
    by_size: dict[str, frozenset[str]] = {}
    for scenario in table.scenarios(facts, sizes):
        by_size[scenario.size] = by_size.get(scenario.size, frozenset()) | scenario.classes
    if len(set(by_size.values())) > 1:
        yield from deciding_figures(table.book, facts, table.on)


def _unknown(table: Table, facts: Facts) -> Iterator[tuple[str, Iterator[Facts]]]:
    """Give each fact that is not known, with the facts completed by each value it may have."""
    for name, values in jurisdiction.DEPENDS["main-establishment"].items():
        if getattr(facts, name) is None:
            yield name, (facts.model_copy(update={name: value}) for value in values)
    for condition in conditions_of(table, facts):
        if facts.conditions.get(condition) is None:
            yield (
                condition,
                (
                    facts.model_copy(update={"conditions": {**facts.conditions, condition: answer}})
                    for answer in (True, False)
                ),
            )
    if facts.designations is None:
        yield "designations", iter([facts.model_copy(update={"designations": ()})])


def conditions_of(table: Table, facts: Facts) -> list[str]:
    """Return the conditions that matter for the types of these facts, each once, in order."""
    rows = [table.types[code] for code in facts.entity_types]
    found = [condition for row in rows for condition in row["needs_any"]]
    whole = any(row["outside"] == "E1" for row in rows)
    if whole and any("trust" in row["groups"] for row in rows):
        found.append(CLOSED_GROUP)
    return list(dict.fromkeys(found))
