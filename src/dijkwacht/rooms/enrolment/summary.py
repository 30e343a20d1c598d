"""What was filled in, as people read it: for the check, and for the officer."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dijkwacht.rooms.enrolment.cleaning import Cleaned
from dijkwacht.rooms.enrolment.forms import DECLARATIONS, language
from dijkwacht.rooms.enrolment.holdings import Line
from dijkwacht.rooms.enrolment.questions import QUESTIONS, STEPS, TITLES, step_of
from dijkwacht.rooms.registry import fields

EXTRA = {"reach": ("addresses",), "entity": ("sectors",)}  # what follows from the answers of a page
LABELS = {"addresses": _("Addresses"), "sectors": _("Sectors")}


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
    """Return an organisation's values with their labels, in the order of the pages: of one page, or all."""
    pages = [(place, asked) for place, asked in STEPS.items() if step in {"", place}]
    names = [name for place, asked in pages for name in (*asked, *EXTRA.get(place, ()))]
    return [
        (LABELS.get(name) or QUESTIONS[name].label, _shown(name, values[name])) for name in names if values.get(name)
    ]


def _shown(name: str, value: Any) -> str:
    """Return a value as people write it."""
    if name == "declaration":
        return str(dict(DECLARATIONS).get(value, value))
    if name == "addresses":
        return "; ".join(_address(one) for one in value)
    if name == "arrangements":
        return "; ".join(" ".join(filter(None, (one["name"], one["joined"], one["left"]))) for one in value)
    return fields.as_text(value, ", ")


def _address(one: Mapping[str, str]) -> str:
    place = " ".join(filter(None, (one["postcode"], one["city"])))
    return ", ".join(filter(None, (one["name"], one["street"], place, one["country"])))


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
