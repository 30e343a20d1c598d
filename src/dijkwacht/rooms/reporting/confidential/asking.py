"""The questions that confidential criteria ask of their entity alone: in the calculator, and when it reports."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dijkwacht.rooms.reporting.confidential.models import OwnCriterion
from dijkwacht.rooms.reporting.questions import YES_NO, Question

GROUP: Final = _("Criteria for your organisation alone (confidential)")


def questions(rows: Iterable[OwnCriterion]) -> dict[str, Question]:
    """Return the questions for facts of the entity alone, by the name of the fact, in the reader's language."""
    language = "nl" if (get_language() or "nl").startswith("nl") else "en"
    found = {}
    for row in rows:
        for name, asked in (row.content or {}).get("questions", {}).items():
            truth = asked["kind"] == "yes-no"
            found[name] = Question(
                label=asked[language],
                kind=asked["kind"],
                choices=YES_NO if truth else (),
                longest=300 if truth else 13,
                group=GROUP,
            )
    return found
