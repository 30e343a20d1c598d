"""What stays of the facts of an incident when its people and its texts go: codes, numbers and moments.

The quarterly summary reads `incident_type`, `cause`, `kind`, `significant`, `cross_border` and `member_states`; a
value that it would not count by its name, because a program made it up, goes: it counts as unknown before and after.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from dijkwacht.kernel.rsit import taxonomy
from dijkwacht.law.incidents.record import MOMENTS
from dijkwacht.rooms.reporting.questions import QUESTIONS

CONTACT: Final = frozenset(
    {"contact_name", "contact_phone", "contact_email", "contact_function", "contact_hours"}
    | {"awareness_declared_by", "dpo_contact"}
)
KINDS: Final = frozenset({"incident", "near-miss", "threat", "vulnerability"})
CLASSES: Final = frozenset({"essential", "important", "outside"})
_STATE: Final = re.compile(r"[A-Z]{2}")
_ENTITY_TYPE: Final = re.compile(r"[0-9X]\.\d{1,2}[a-z]?(-[a-z]{1,20})*")


def kept(facts: Mapping[str, Any], part: str) -> dict[str, Any]:
    """Return what stays when a part goes: `contact`, or `text`, which is all but codes. Pure."""
    if part == "contact":
        return {name: value for name, value in facts.items() if name not in CONTACT}
    found = {name: left for name, value in facts.items() if (left := _code(name, value)) is not None}
    if (facts.get("cross_border") or facts.get("member_states")) and not found.get("member_states"):
        found["cross_border"] = True
    return found


def _code(name: str, value: Any) -> Any:
    """Return a value that says nothing about a person, or None."""
    if name in CONTACT:
        return None
    if isinstance(value, bool | int | float):
        return value
    if name in {"member_states", "entity_types"} and isinstance(value, list | tuple):
        shape = _STATE if name == "member_states" else _ENTITY_TYPE
        return [one for one in value if isinstance(one, str) and shape.fullmatch(one)]
    return _word(name, value) if isinstance(value, str) else None


def _word(name: str, value: str) -> str | None:
    if name in MOMENTS:
        return value
    if name == "incident_type":
        of_class, _, of_type = value.partition("/")
        known = taxonomy().get(of_class)
        return None if known is None else value if not of_type or of_type in known else of_class
    question = QUESTIONS.get(name)
    closed = {"kind": KINDS, "entity_class": CLASSES}.get(name)
    if closed is None and question is not None:
        closed = frozenset(code for code, _label in question.choices)
    return value if closed and value in closed else None
