"""The steps of the questionnaire: which answers belong to which step, and which steps an organisation can skip.

All answers stand in the query of the address. A step owns some of its keys; the others travel along untouched. Pure.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from dijkwacht.law.applicability import Facts, FactsNotUsable, Rulebook, facts_from_query
from dijkwacht.law.applicability.deciding import Table, conditions_of

ORDER: Final = ("start", "activities", "details", "size", "decisions", "result")
OWNED: Final = {
    "start": re.compile(r"est|serv"),
    "activities": re.compile(r"t|none"),
    "details": re.compile(r"c\..*|dec|ops|most|rep"),
    "size": re.compile(r"staff|turnover|balance|new|[ry][0-9]{1,2}\..*"),
    "decisions": re.compile(r"d|on|since|designated|name"),
}
# Keys that a step owns and its page does not show, because few need them: they travel along too.
NOT_SHOWN: Final = re.compile(r"y[0-9]{1,2}\.r.*|y(?:[03-9]|[0-9]{2})\..*|r[0-9]{1,2}\.name|name")
NOT_KEPT: Final = frozenset({"go", "find", "csrfmiddlewaretoken"})
MAIN_ESTABLISHMENT: Final = frozenset({"main-establishment", "domain-registration"})
MOST_VALUES: Final = 200  # of one query; more is no questionnaire
Answers = dict[str, list[str]]


def cleaned(query: Answers) -> Answers:
    """Return the answers without buttons, empty values and repetitions."""
    return {
        key: kept
        for key, values in query.items()
        if key not in NOT_KEPT and (kept := list(dict.fromkeys(value.strip() for value in values if value.strip())))
    }


def as_query(answers: Answers) -> str:
    """Return the answers as the query of an address."""
    return urlencode(answers, doseq=True)


def owner(key: str) -> str:
    """Return the step that asks for a key of the query, or for a path of the facts."""
    key = "t" if key.startswith("entity_types") else "d" if key.startswith("designations") else key
    key = f"c.{key.removeprefix('conditions.')}" if key.startswith("conditions.") else key
    top = re.split(r"[.\[]", key)[0] if not key.startswith(("c.", "r", "y")) else key
    return next((step for step, owned in OWNED.items() if owned.fullmatch(top)), "start")


def others(answers: Answers, step: str) -> list[tuple[str, str]]:
    """Return the answers that the page of a step does not show, to travel along in its form."""
    owned = OWNED[step]
    kept = [key for key in answers if not owned.fullmatch(key) or NOT_SHOWN.fullmatch(key)]
    return [(key, value) for key in kept for value in answers[key]]


@dataclass(frozen=True)
class Questionnaire:
    """The answers so far, against the tables of a day. Answers that cannot be used are left out of the facts."""

    book: Rulebook
    on: date
    answers: Answers

    def facts(self) -> Facts:
        """Return the facts as far as they can be used: a step that holds a fault counts as not answered."""
        answers = self.answers
        for _ in ORDER:
            try:
                return facts_from_query(self._known(answers))
            except FactsNotUsable as error:
                bad = {owner(fault.path) for fault in error.faults}
                answers = {key: values for key, values in answers.items() if owner(key) not in bad}
        return Facts()

    def _known(self, answers: Answers) -> Answers:
        """Leave out types of entity that the tables do not have on this day."""
        known = [code for code in answers.get("t", []) if self.book.entity_type(code, self.on)]
        return {**answers, "t": known}

    def needed(self, step: str) -> bool:
        """Tell whether a step has anything to ask of this organisation."""
        facts = self.facts()
        table = Table(self.book, self.on)
        if step == "details":
            return bool(conditions_of(table, facts)) or self.digital(facts)
        if step == "size":
            return _size_matters(table, facts)
        return True

    def digital(self, facts: Facts) -> bool:
        """Tell whether the place of the main establishment must be asked."""
        rows = [self.book.entity_type(code, self.on) for code in facts.entity_types]
        return any(row is not None and row["jurisdiction"] in MAIN_ESTABLISHMENT for row in rows)

    def path(self) -> list[str]:
        """Return the steps this organisation walks."""
        return [step for step in ORDER if self.needed(step)]

    def after(self, step: str) -> str:
        """Return the step that follows."""
        return next(later for later in self.path() if ORDER.index(later) > ORDER.index(step))

    def before(self, step: str) -> str:
        """Return the step that came before; none before the first."""
        return next((earlier for earlier in reversed(self.path()) if ORDER.index(earlier) < ORDER.index(step)), "")


def _size_matters(table: Table, facts: Facts) -> bool:
    """Tell whether the class differs by size, whatever else is or is not known."""
    unknown = {"staff": None, "turnover": None, "balance": None, "related": (), "earlier_years": ()}
    by_size: dict[str, frozenset[str]] = {}
    for scenario in table.scenarios(facts.model_copy(update=unknown)):
        by_size[scenario.size] = by_size.get(scenario.size, frozenset()) | scenario.classes
    return len(set(by_size.values())) > 1
