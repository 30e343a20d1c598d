"""What the law asks of an organisation as it stands in the register: its class is known, its size need not be."""

from collections.abc import Iterable
from datetime import date

from dijkwacht.law.applicability import answer
from dijkwacht.law.applicability.consequences import Situation, duties, special_rules
from dijkwacht.law.applicability.deciding import OUTSIDE
from dijkwacht.law.applicability.facts import Facts
from dijkwacht.law.applicability.rulebook import Rulebook, house_rulebook


def duties_of(
    klass: str, entity_types: Iterable[str], on: date, book: Rulebook | None = None
) -> list[answer.DutyAnswer]:
    """Return the duties, supervision and offers of a class on a day, in their order; none before the law.

    Args:
        klass: essential, important, register-only or outside.
        entity_types: codes of the types of entity; codes that the tables do not know on that day say nothing.
        on: the day whose law is asked.
        book: the tables; without it, those of the house.
    """
    book = book or house_rulebook()
    if not book.in_force(on):
        return []
    known = [(code, row) for code in entity_types if (row := book.entity_type(code, on)) is not None]
    groups = frozenset(group for _, row in known for group in row["groups"])
    facts = Facts(entity_types=tuple(code for code, _ in known[:20]))
    situation = Situation(book, facts, on, frozenset({klass}), groups, frozenset())
    return duties(situation, special_rules(situation) if klass != OUTSIDE else [])
