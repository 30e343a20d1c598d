"""Lay out a mail with its template once for each shape, and pour what differs between notices into the result.

In a run of some thousand notices nearly all of a mail is the same: the course of action, the grounds, the words. Two
contexts have the same shape when they are equal but for the values named here as free; the template is then the same
but for the places of those. A free value is only ever written out by the templates: what they test is part of the
shape.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from functools import lru_cache
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.html import escape

from dijkwacht.rooms.notification.rendering import words
from dijkwacht.rooms.notification.rendering.page import Line

FREE: Final = ("subject", "page", "unsubscribe", "footer")
_HOLE: Final = re.compile("\0([0-9]+)\0")  # no text of ours or of the database holds a NUL
_LINE: Final = tuple(field.name for field in fields(Line))


def poured(template: str, values: Mapping[str, Any], *, html: bool) -> str:
    """The text of a template of `notification/mail/` for a context of `page.context`."""
    free = list(_free(values))
    pieces, places = _mould(template, _Shape(values, [bool(value) for value in free]))
    shown = [escape(value) for value in free] if html else free
    text = [pieces[0]]
    for place, piece in zip(places, pieces[1:], strict=True):
        text += [shown[place], piece]
    return "".join(text)


def _free(values: Mapping[str, Any]) -> Iterator[str]:
    """The free values of a context, in the order in which the holes are numbered."""
    yield from (values[name] for name in FREE)
    yield from (url for _, url in values["answers"])
    for line in values["lines"]:
        yield from (getattr(line, name) for name in _LINE)


class _Shape:
    """What two contexts have in common when one mould fits both. An empty free value leaves no hole."""

    def __init__(self, values: Mapping[str, Any], filled: list[bool]) -> None:
        self.values, self.filled = values, filled
        rest = [(name, values[name]) for name in values if name not in {*FREE, "words", "answers", "lines"}]
        self.key = (
            tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in rest),
            tuple(label for label, _ in values["answers"]),
            len(values["lines"]),
            tuple(filled),
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shape) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def with_holes(self) -> dict[str, Any]:
        """The context with a numbered hole for each free value."""
        holes = iter([f"\0{place}\0" if filled else "" for place, filled in enumerate(self.filled)])
        values = dict(self.values) | {"words": words.PHRASES[self.values["language"]]}
        values |= {name: next(holes) for name in FREE}
        values["answers"] = [(label, next(holes)) for label, _ in values["answers"]]
        values["lines"] = [replace(line, **{name: next(holes) for name in _LINE}) for line in values["lines"]]
        return values


@lru_cache(maxsize=128)
def _mould(template: str, shape: _Shape) -> tuple[list[str], list[int]]:
    """The text between the holes, and which value belongs in each hole."""
    parts = _HOLE.split(render_to_string(f"notification/mail/{template}", shape.with_holes()))
    return parts[::2], [int(place) for place in parts[1::2]]
