"""What was filled in, as people read it: for the check, and for the officer."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from dijkwacht.rooms.enrolment.cleaning import Cleaned
from dijkwacht.rooms.enrolment.forms import DECLARATIONS, language
from dijkwacht.rooms.enrolment.holdings import Line
from dijkwacht.rooms.enrolment.questions import QUESTIONS, STEPS, TITLES, step_of
from dijkwacht.rooms.registry import fields

PLACE_OF = {"addresses": "reach", "sectors": "entity"}


def missing(found: Cleaned) -> list[dict[str, str]]:
    """Return what is missing or wrong, each with the page to correct it."""
    return [
        {
            "label": str(QUESTIONS[name].label),
            "said": nl if language() == "nl" else en,
            "address": f"{reverse(f'enrolment:{step_of(name)}')}#id_{name}",
        }
        for name, (nl, en) in found.refused.items()
    ]


def parts(found: Cleaned) -> list[dict[str, Any]]:
    """Return the answers page by page, each with its address."""
    return [
        {"title": TITLES[name], "address": reverse(f"enrolment:{name}"), "rows": _rows(name, found)} for name in STEPS
    ]


def _rows(step: str, found: Cleaned) -> list[tuple[Any, str]]:
    if step == "contacts":
        return [
            (QUESTIONS[f"{c['role']}_email"].group, ", ".join(filter(None, (c["name"], c["email"], c["phone"]))))
            for c in found.contacts
        ]
    if step == "holdings":
        return [("", f"AS{value}" if kind == "asn" else value) for kind, value in found.assets]
    return list(organisation_rows(found.organisation, step))


def organisation_rows(values: Mapping[str, Any], step: str = "") -> list[tuple[Any, str]]:
    """Return an organisation's values with their labels: of one page, or all."""
    declarations = dict(DECLARATIONS)
    made: list[tuple[Any, str]] = []
    for name, value in values.items():
        place = PLACE_OF.get(name) or (step_of(name) if name in QUESTIONS else "")
        if not value or not place or (step and place != step):
            continue
        label = QUESTIONS[name].label if name in QUESTIONS else TITLES[place]
        shown = str(declarations.get(value, value)) if name == "declaration" else fields.as_text(value, "; ")
        made.append((label, shown))
    return made


def lines(found: list[Line]) -> list[dict[str, Any]]:
    """Return what became of each line of a pasted list, in the reader's language."""
    nl = language() == "nl"
    return [
        {
            "number": line.number,
            "text": line.text,
            "shown": line.shown,
            "note": line.note_nl if nl else line.note_en,
            "understood": bool(line.values),
        }
        for line in found
    ]
