"""`vers:` strings. The specification of Package URL, VERS; and what feeds write that calls itself so."""

from typing import Final
from urllib.parse import unquote

from dijkwacht.rooms.advisories.versions.regions import ALL, UNREAD, Region, Span
from dijkwacht.rooms.advisories.versions.schemes import SCHEMES
from dijkwacht.rooms.advisories.versions.text import read_text

_NAMES: Final = {
    "alpine": "",
    "apache": "",
    "generic": "",
    "all": "",
    "none": "",
    "intdot": "intdot",
    "nuget": "",
    "composer": "",
}


def scheme_of(text: str) -> str:
    """The scheme in "vers:SCHEME/…", as `ordering` names it; "" where none is known."""
    if not text.lower().startswith("vers:"):
        return ""
    name = text[5:].partition("/")[0].strip().lower()
    return name if name in SCHEMES or name == "intdot" else ""


def read_vers(text: str) -> Region:
    """The versions that a `vers:` string names. A scheme that nobody defined orders nothing: unknown. Never raises."""
    if not text.lower().startswith("vers:"):
        return read_text(text)
    name, slash, rest = text[5:].partition("/")
    name, rest = name.strip().lower(), unquote(rest).strip()
    if not slash or not (name in SCHEMES or name in _NAMES):
        return UNREAD
    if rest == "*":
        return UNREAD if name == "none" else ALL
    if name == "none":
        return UNREAD
    region = read_text(rest, points_closed=name in SCHEMES or name == "intdot")
    conditions = any(limit.sign == "!=" for span in region.spans for limit in span.limits)
    return _without(region) if conditions else region


def _without(region: Region) -> Region:
    """ "!=" takes a version out of all the others that are named."""
    out = tuple(limit for span in region.spans for limit in span.limits if limit.sign == "!=")
    rest = [span for span in region.spans if not any(limit.sign == "!=" for limit in span.limits)]
    return Region(tuple(Span((*span.limits, *out), span.closed, span.condition) for span in rest or [Span(())]))
