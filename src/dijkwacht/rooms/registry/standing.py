"""Cleaners of what a business register says of an organisation, and of the decisions about it. Pure: no Django."""

import re
from datetime import date
from typing import Any, Final

from dijkwacht.rooms.registry import dated
from dijkwacht.rooms.registry.cleaners import SHOWN, Refused, parts

ACTIVITY: Final = re.compile(r"[0-9]{2,6}")  # SBI: two to six digits, written without dots
MOST_ACTIVITIES: Final = 20
MOST_STAFF: Final = 10_000_000


def legal_form(value: Any) -> str:
    """Return the code of a legal form; empty when nothing is said."""
    text = str(value or "").strip()
    found = dated.legal_form(text)
    if text and not found:
        shown = text[:SHOWN]
        raise Refused(f"{shown} is geen rechtsvorm die wij kennen", f"{shown} is no legal form that we know")
    return found


def activities(value: Any) -> list[str]:
    """Return codes of activities (SBI), the main one first, without dots."""
    found = list(dict.fromkeys(part.replace(".", "").replace(" ", "") for part in parts(value)))
    if len(found) > MOST_ACTIVITIES or not all(ACTIVITY.fullmatch(code) for code in found):
        raise Refused("dit zijn geen SBI-codes zoals 35111", "these are no SBI codes such as 35111")
    return found


def staff(value: Any) -> int | None:
    """Return a number of people at work; nothing when it is not known."""
    text = str("" if value is None else value).strip()
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text) > MOST_STAFF:
        raise Refused("schrijf een aantal mensen", "write a number of people")
    return int(text)


def identified_by(value: Any) -> list[str]:
    """Return the decisions by which a minister identified an entity (Cbw 9(1)), by the codes of the table."""
    known = dated.identifications(date.today())  # noqa: DTZ011 - the table differs by the year
    found = sorted(set(parts(value)))
    for code in found:
        if code not in known:
            listed = ", ".join(known)
            raise Refused(f"kies uit {listed}", f"choose from {listed}")
    return found
