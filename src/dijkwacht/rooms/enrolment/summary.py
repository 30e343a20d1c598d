"""What was filled in, as people read it: for the check, and for the officer."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dijkwacht.rooms.enrolment import lists
from dijkwacht.rooms.enrolment.cleaning import Cleaned
from dijkwacht.rooms.enrolment.forms import DECLARATIONS, language
from dijkwacht.rooms.enrolment.holdings import Line
from dijkwacht.rooms.enrolment.models import AssetList
from dijkwacht.rooms.enrolment.questions import QUESTIONS, STEPS, TITLES, step_of
from dijkwacht.rooms.registry import fields

SHOWN: Final = 200  # assets on a page
SHOWN_REFUSED: Final = 50  # lines on the page; the file holds them all
KINDS: Final = {"prefix": _("address block"), "asn": _("AS number"), "domain": _("domain")}
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
        return assets(found.assets)
    return list(organisation_rows(found.organisation, step))


def assets(found: Sequence[Sequence[str]], most: int = SHOWN) -> list[tuple[Any, str]]:
    """Return assets as people write them, by kind, the first of many, and how many there are besides."""
    rows: list[tuple[Any, str]] = []
    for kind, title in KINDS.items():
        some = [f"AS{value}" if kind == "asn" else value for known, value in found[:most] if known == kind]
        rows += [(title, ", ".join(some))] if some else []
    if len(found) > most:
        rows.append((_("And further"), str(len(found) - most)))
    return rows


def listed(row: AssetList | None) -> dict[str, Any] | None:
    """Return how far the reading of a long list is, what it came to, and the first lines that were left out."""
    if row is None:
        return None
    nl = language() == "nl"
    return {
        "lines": row.lines,
        "lines_read": row.lines_read,
        "reading": row.read_at is None,
        "assets": len(row.assets),
        "refused": len(row.refused),
        "first": [
            {"number": number, "text": text, "note": in_nl if nl else in_en}
            for number, text, in_nl, in_en in row.refused[:SHOWN_REFUSED]
        ],
    }


def organisation_rows(values: Mapping[str, Any], step: str = "") -> list[tuple[Any, str]]:
    """Return an organisation's values with their labels, in the order of the pages: of one page, or all."""
    pages = [(place, asked) for place, asked in STEPS.items() if step in {"", place}]
    names = [name for place, asked in pages for name in (*asked, *EXTRA.get(place, ()))]
    return [
        (LABELS.get(name) or QUESTIONS[name].label, _shown(name, values[name])) for name in names if values.get(name)
    ]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[Any, str, str]]:
    """Return what a correction changed, each with its label, what it was and what it became."""
    old, new = (dict(_everything(one)) for one in (before, after))
    labels = dict.fromkeys([*old, *new])
    return [(name, old.get(name, "-"), new.get(name, "-")) for name in labels if old.get(name) != new.get(name)]


def _everything(confirmed: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((str(label), value) for label, value in organisation_rows(confirmed["organisation"]))
    for one in confirmed["contacts"]:
        said = ", ".join(filter(None, (one["name"], one["email"], one["phone"])))
        yield str(QUESTIONS[f"{one['role']}_email"].group), said
    claimed = confirmed["assets"]
    if len(claimed) > SHOWN:
        yield str(_("Claims")), f"{len(claimed)} (SHA-256 {lists.digest(claimed)})"
    elif claimed:
        yield str(_("Claims")), ", ".join(value for _label, value in assets(claimed))


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
