"""Within which term a change is told, and which fields that concerns. Pure: no Django."""

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from dijkwacht.law import terms

# What an organisation registered itself (Cbw 44(1), 47(3); Cbb 27) and so changes itself. Its numbers are not among it:
# they were proven when it registered, so that nobody becomes another by a change.
OWN: Final = (
    "name",
    "country",
    "declaration",
    "sectors",
    "entity_types",
    "member_states",
    "emails",
    "phones",
    "addresses",
    "arrangements",
)


class Term(NamedTuple):
    """The last day on which a change is told in time, and the article that says so."""

    due_on: date
    ground: str


def term(changed_on: date, types: Iterable[str], article_47: frozenset[str]) -> Term:
    """Return the term of a change: two weeks (Cbw 44(2)), three months for the types of article 47 (Cbw 47(5)).

    `types`: the entity's types; `article_47`: which types that article names on that day.
    """
    if article_47.intersection(types):
        return Term(terms.months_after(changed_on, 3), "Cbw 47(5)")
    return Term(terms.weeks_after(changed_on, 2), "Cbw 44(2)")
