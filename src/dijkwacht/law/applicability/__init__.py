"""Does the law apply to an organisation, and what follows? Facts in, answer out; see README.md."""

from dijkwacht.law.applicability.answer import Assessment, Class
from dijkwacht.law.applicability.assessing import assess
from dijkwacht.law.applicability.checking import read_whole
from dijkwacht.law.applicability.facts import Facts, FactsNotUsable, Fault, Related, Year
from dijkwacht.law.applicability.reading import facts_from_query, query_from_facts
from dijkwacht.law.applicability.rulebook import Rulebook, house_rulebook

__all__ = [
    "Assessment",
    "Class",
    "Facts",
    "FactsNotUsable",
    "Fault",
    "Related",
    "Rulebook",
    "Year",
    "assess",
    "facts_from_query",
    "house_rulebook",
    "query_from_facts",
    "read_whole",
]
