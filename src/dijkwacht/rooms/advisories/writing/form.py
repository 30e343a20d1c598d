"""The form of an advisory as the page shows it: fields with their text, rows that can be filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dijkwacht.rooms.advisories.writing import posted, words
from dijkwacht.rooms.advisories.writing.content import Content
from dijkwacht.rooms.advisories.writing.library import courses


@dataclass(frozen=True, slots=True)
class Choice:
    """A field with choices."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


def of(content: Content, given: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Give what the page shows: what was posted where something was, else the content."""
    shown = dict(given) if given is not None else posted.shown(content)
    return {
        "texts": [
            (
                words.label(name),
                [(language, f"{name}_{language}", shown.get(f"{name}_{language}", "")) for language in ("nl", "en")],
                name != "title",
            )
            for name in posted.TEXTS
        ],
        "choices": [_choice(name, shown.get(name, "")) for name in ("likelihood", "impact", "label", "tlp")],
        "since": shown.get("since", ""),
        "references": shown.get("references", ""),
        "thanks": shown.get("thanks", ""),
        "courses": _rows(shown, "course", ("nl", "en", "kind", "url"), 1, _with_kinds),
        "vulnerabilities": _rows(
            shown, "vulnerability", ("name", "title", "weakness", "since", "nl", "en", "vectors", "lines"), 1, _plain
        ),
        "library": [(key, one.text) for key, one in courses().items()],
    }


def assessment(content: Content) -> list[tuple[str, str]]:
    """Give how a text is assessed as the page says it: the name of each field, and what was chosen."""
    return [
        (words.label(name), _(words.CHOICES[name][getattr(content, name)]))
        for name in ("likelihood", "impact", "label")
    ]


def _choice(name: str, chosen: str) -> Choice:
    known = words.CHOICES.get(name, {})
    options = [
        (value, _(known[value]) if value in known else f"TLP:{value}", value == chosen)
        for value in posted.CHOICES[name]
    ]
    return Choice(name, words.label(name), options)


def _rows(shown: Mapping[str, str], name: str, fields: tuple[str, ...], empty: int, made: Any) -> list[dict[str, Any]]:
    numbers = posted.rows(shown, name)
    after = max(numbers, default=-1) + 1
    return [
        made(
            {"key": f"{name}-{at}", "number": position, "empty": at >= after}
            | {field: shown.get(f"{name}-{at}-{field}", "") for field in fields}
        )
        for position, at in enumerate([*numbers, *range(after, after + empty)], 1)
    ]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return row


def _with_kinds(row: dict[str, Any]) -> dict[str, Any]:
    chosen, said = row["kind"] or "mitigation", words.CHOICES["kind"]
    return row | {"kinds": [(kind, _(said[kind]), kind == chosen) for kind in posted.KINDS]}
