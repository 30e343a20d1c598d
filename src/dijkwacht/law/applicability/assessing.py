"""The assessment: facts in, answer out. Pure: nothing is stored, nothing is asked elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from dijkwacht.kernel.clock import legal_date
from dijkwacht.law.applicability import answer
from dijkwacht.law.applicability.answer import Class, Remark
from dijkwacht.law.applicability.checking import check
from dijkwacht.law.applicability.consequences import (
    Situation,
    contact_points,
    deadlines,
    duties,
    sourced,
    special_rules,
)
from dijkwacht.law.applicability.deciding import (
    CLASSES,
    OUTSIDE,
    Outcome,
    Scenario,
    Table,
    open_facts,
    strictest,
)
from dijkwacht.law.applicability.facts import Facts
from dijkwacht.law.applicability.jurisdiction import REPRESENTATIVE_RULE, RULES
from dijkwacht.law.applicability.reading import query_from_facts
from dijkwacht.law.applicability.remarks import assumptions, unsettled
from dijkwacht.law.applicability.rulebook import Rulebook, house_rulebook
from dijkwacht.law.applicability.size import Size, size_of
from dijkwacht.law.applicability.wording import text


def assess(facts: Facts, book: Rulebook | None = None, today: date | None = None) -> answer.Assessment:
    """Say what the law makes of an organisation, and why.

    Args:
        facts: what is known; what is not known gives every outcome that is possible.
        book: the tables to decide by; without it, those of the house.
        today: the day to answer for when the facts name none; without it, today in the Netherlands.

    Raises FactsNotUsable when the facts name what the tables do not know on that day.
    """
    book = book or house_rulebook()
    on = facts.as_of or today or legal_date(datetime.now(UTC))
    if not book.in_force(on):
        return _before_the_law(facts, book, on)
    check(facts, book, on)
    return _Case(facts, Table(book, on), size_of(book, facts, on)).conclude()


@dataclass(frozen=True)
class _Case:
    """One organisation on one day."""

    facts: Facts
    table: Table
    size: Size

    def conclude(self) -> answer.Assessment:
        """Put the answer together."""
        book, on = self.table.book, self.table.on
        scenarios = self.table.scenarios(self.facts)
        classes = frozenset(klass for scenario in scenarios for klass in scenario.classes)
        outcomes = _by_type(scenarios)
        situation = self._situation(classes, outcomes)
        special = special_rules(situation) if classes - {OUTSIDE} else []
        found = duties(situation, special)
        strict = [(code, strictest(one.klass for one in possible)) for code, possible in outcomes.items()]
        points = contact_points(situation, strict)
        klass = Class.DEPENDS if len(classes) > 1 else Class(next(iter(classes)))
        headline = self._headline(klass, outcomes)
        named = book.answers.row(headline, on)
        assert named is not None  # noqa: S101 - the rulebook is checked at load
        return answer.Assessment(
            name=self.facts.name, as_of=on, klass=klass,
            possible_classes=sorted(classes, key=CLASSES.index, reverse=True),
            headline=text(named, "sentence"), answer=headline,
            rules=[*self._fired(outcomes), *(self._rule(row["code"], (), certain=True) for row in special)],
            entity_types=[self._type(code, possible) for code, possible in outcomes.items() if code],
            size=self._size(), duties=found,
            authority=_codes(point.authority.code for point in points),
            supervisor=_codes(point.supervisor.code for point in points),
            csirt=_codes(point.csirt.code for point in points),
            contact_points=points, deadlines=deadlines(found, on),
            open_questions=[self._question(fact) for fact in open_facts(self.table, self.facts)],
            assumptions=assumptions(book, self.facts, self.size, on),
            unsettled=unsettled(book, found, points, self.size, on),
            query=query_from_facts(self.facts),
        )  # fmt: skip

    def _situation(self, classes: frozenset[str], outcomes: dict[str, frozenset[Outcome]]) -> Situation:
        certain, perhaps = set[str](), set[str]()
        for code, possible in outcomes.items():
            groups = self.table.types[code]["groups"] if code else []
            certain |= set(groups) if all(outcome.counts for outcome in possible) else set()
            perhaps |= set(groups) if any(outcome.counts for outcome in possible) else set()
        for row in self.table.book.designations.as_of(self.table.on):
            certain |= set(row["gives"]) if row["code"] in (self.facts.designations or ()) else set()
        owes = any(outcome.representative for possible in outcomes.values() for outcome in possible)
        return Situation(
            self.table.book, self.facts, self.table.on,
            (classes - {OUTSIDE} if owes else classes) | ({"representative"} if owes else set()),
            frozenset(certain), frozenset(perhaps),
        )  # fmt: skip

    def _headline(self, klass: Class, outcomes: dict[str, frozenset[Outcome]]) -> str:
        """Choose which answer to give; outside because of jurisdiction is another answer than outside."""
        if klass is not Class.OUTSIDE:
            return klass.value
        every = [outcome for possible in outcomes.values() for outcome in possible]
        if any(REPRESENTATIVE_RULE in outcome.rules for outcome in every):
            return "representative"
        return "elsewhere" if any(outcome.would_be not in {"", OUTSIDE} for outcome in every) else klass.value

    def _fired(self, outcomes: dict[str, frozenset[Outcome]]) -> list[answer.FiredRule]:
        """Return the rules that decided for any type, in the order of the table."""
        fired: dict[str, list[str]] = {}
        certain: dict[str, bool] = {}
        for code, possible in outcomes.items():
            for rule in {rule for outcome in possible for rule in outcome.rules}:
                fired.setdefault(rule, []).append(code)
                always = all(rule in outcome.rules for outcome in possible)
                certain[rule] = certain.get(rule, False) or always
        order = {row["code"]: row["order"] for row in self.table.book.rules.as_of(self.table.on)}
        return [
            self._rule(rule, fired[rule], certain=certain[rule], negative=_negative(rule, outcomes))
            for rule in sorted(fired, key=order.__getitem__)
        ]

    def _rule(
        self, code: str, types: tuple[str, ...] | list[str], *, certain: bool, negative: bool = False
    ) -> answer.FiredRule:
        row = self.table.book.rules.row(code, self.table.on)
        assert row is not None  # noqa: S101 - only codes of this table come here
        return answer.FiredRule(
            **sourced(self.table.book, row, self.table.on), code=code, result=row["result"],
            sentence=text(row, "otherwise" if negative else "sentence"),
            entity_types=[name for name in types if name], certain=certain,
        )  # fmt: skip

    def _type(self, code: str, possible: frozenset[Outcome]) -> answer.TypeAnswer:
        row = self.table.types[code]
        classes = {outcome.klass for outcome in possible}
        return answer.TypeAnswer(
            code=code, name=text(row, "name"), text=text(row, "text"), annex=row["annex"],
            classes=sorted(classes, key=CLASSES.index, reverse=True),
            rules=sorted({rule for outcome in possible for rule in outcome.rules}),
        )  # fmt: skip

    def _size(self) -> answer.SizeAnswer:
        totals = {
            name: answer.Figure(least=found.least, exact=not found.open) for name, found in self.size.totals.items()
        }
        return answer.SizeAnswer(
            categories=list(self.size.categories), last_year=list(self.size.last_year),
            two_year_rule=self.size.held_back, missing=list(self.size.missing), **totals,
        )  # fmt: skip

    def _question(self, fact: str) -> answer.OpenQuestion:
        book, on = self.table.book, self.table.on
        row = book.conditions.row(fact, on) or book.questions.row(fact, on)
        assert row is not None  # noqa: S101 - every fact has its question; a test holds the two in step
        return answer.OpenQuestion(fact=fact, question=text(row, "question"), hint=text(row, "hint"))


def _by_type(scenarios: tuple[Scenario, ...]) -> dict[str, frozenset[Outcome]]:
    found: dict[str, frozenset[Outcome]] = {}
    for scenario in scenarios:
        for code, possible in scenario.outcomes:
            found[code] = found.get(code, frozenset()) | possible
    return found


def _negative(rule: str, outcomes: dict[str, frozenset[Outcome]]) -> bool:
    """Tell whether a rule of jurisdiction is cited because it does not hold."""
    if rule not in RULES.values():
        return False
    return all(
        len(outcome.rules) == 1 for possible in outcomes.values() for outcome in possible if rule in outcome.rules
    )


def _codes(found: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(found))


def _before_the_law(facts: Facts, book: Rulebook, on: date) -> answer.Assessment:
    """Say plainly that another law held on that day, without inventing its rules."""
    row = next(row for row in book.answers.rows if row["code"] == Class.EARLIER_LAW.value)
    said = text(row, "sentence")
    nothing = answer.Figure(least=0, exact=False)
    size = answer.SizeAnswer(
        categories=[], last_year=[], two_year_rule=False, missing=[], staff=nothing, turnover=nothing, balance=nothing
    )
    return answer.Assessment(
        name=facts.name, as_of=on, klass=Class.EARLIER_LAW, possible_classes=[], headline=said,
        answer=Class.EARLIER_LAW.value, rules=[], entity_types=[], size=size, duties=[],
        authority=[], supervisor=[], csirt=[], contact_points=[], deadlines=[], open_questions=[], assumptions=[],
        unsettled=[Remark(code="earlier-law", text=said, source="Wbni, BWBR0041515", mark="unverified")],
        query=query_from_facts(facts),
    )  # fmt: skip
