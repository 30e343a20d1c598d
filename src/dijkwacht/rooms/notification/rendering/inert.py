"""Make a stranger's text harmless where it is shown: on one line, with nothing that hides, reorders or computes.

What a feed holds was written by scanners, malware and their victims. Text is never dropped: what cannot be shown
safely is written as its code point.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final

LONGEST_CELL: Final = 2_000
_FORMULA: Final = tuple(
    "=+-@|%\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)


def inert(value: object, longest: int = LONGEST_CELL) -> str:
    """One line of visible text: control, bidi and zero-width characters stand as \\uXXXX, what is too long is cut."""
    text = "" if value is None else str(value)
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] == "C" or category in {"Zl", "Zp"}:
        return f"\\u{ord(character):04x}"
    return " " if category == "Zs" else character


def cell(value: object) -> str:
    """A value for a spreadsheet: what a program would compute gets an apostrophe before it (OWASP CSV injection)."""
    text = inert(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """CSV as RFC 4180 has it, in UTF-8, every field quoted, safe to open in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([cell(name) for name in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode()
