"""Cleaners of what a contact prefers, and of its keys. Pure: no Django."""

import re
from collections.abc import Callable
from datetime import time
from typing import Any, Final

from dijkwacht.rooms.registry import keys
from dijkwacht.rooms.registry.cleaners import KIND, Cleaner, Refused, parts, text

MOST_KINDS: Final = 500


def severity(value: Any) -> int:
    """Return 0 info to 4 critical."""
    found = str(0 if value in (None, "") else value).strip()
    if found not in {"0", "1", "2", "3", "4"}:
        raise Refused("0 (info) tot 4 (kritiek)", "0 (info) to 4 (critical)")
    return int(found)


def order(value: Any) -> int:
    """Return a place in the row, 0 to 999."""
    found = str(0 if value in (None, "") else value).strip()
    if not re.fullmatch(r"[0-9]{1,3}", found):
        raise Refused("een getal van 0 tot 999", "a number from 0 to 999")
    return int(found)


def clock(value: Any) -> time | None:
    """Return a time of day, written as 22:00."""
    if isinstance(value, time) or value in (None, ""):
        return value or None
    match = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::00)?", str(value).strip(), re.ASCII)
    if not match:
        raise Refused("schrijf een tijd als 22:00", "write a time such as 22:00")
    return time(int(match[1]), int(match[2]))


def kinds(value: Any) -> list[str]:
    """Return slugs of kinds of notice."""
    found = sorted(set(parts(value)))
    if len(found) > MOST_KINDS or not all(map(KIND.fullmatch, found)):
        raise Refused("dit zijn geen soorten bericht", "these are not kinds of notice")
    return found


def key(read: Callable[[str], str]) -> Cleaner:
    """Return a cleaner of a public key as text; `read` returns its normal form or raises ValueError."""

    def clean(value: Any) -> str:
        found = text(keys.LONGEST, lines=True)(value)
        try:
            return read(found) if found else ""
        except keys.InvalidKey as problem:
            raise Refused(problem.fields["reason_nl"], problem.fields["reason_en"]) from None

    return clean
