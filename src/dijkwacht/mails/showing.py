"""A mail as plain text for a person to look at: nothing of it is markup any more, and nothing is loaded."""

from typing import Final

import msgspec

from .bounds import LARGEST, beyond
from .decoding import text_of
from .finding import deeper, in_html
from .trees import UnreadableError, leaves

MOST_PARTS: Final = 20
LONGEST: Final = 20_000  # characters of one part


class Part(msgspec.Struct, frozen=True):
    """One part that has text. `source` is what an HTML part is made of, as text; empty for plain text."""

    kind: str
    text: str
    source: str = ""


def parts_of(raw: bytes) -> list[Part]:
    """Give the parts of a mail as text; of one beyond the bounds, or that no parser reads, its bytes as one text."""
    try:
        found = [] if beyond(raw) else leaves(raw)[0]
    except UnreadableError:
        found = []
    shown = [_part(one.kind, text_of(one.content, one.charset)) for one in found if one.kind.startswith("text/")]
    return shown[:MOST_PARTS] or [Part("text/plain", raw[: min(LONGEST, LARGEST)].decode(errors="replace"))]


def _part(kind: str, text: str) -> Part:
    if kind != "text/html":
        return Part(kind, text[:LONGEST])
    said: list[str] = []
    for _ in in_html(text, said) if not deeper(text) else ():
        pass
    return Part(kind, " ".join(said)[:LONGEST], text[:LONGEST])
