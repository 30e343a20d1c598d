"""CPE match criteria (NVD JSON 2.0 `cpeMatch`; CPE naming, NIST IR 7695).

The trap: in a criterion "*" stands for any version and is narrowed by versionStart and versionEnd; "-" means that the
product has no version, which is not zero. Neither is a version to compare with.
"""

import re
from functools import lru_cache
from typing import Any, Final

import msgspec

from dijkwacht.rooms.advisories.versions.reading import read_version
from dijkwacht.rooms.advisories.versions.regions import UNREAD, Limit, Region, Sign, Span

_ENDS: Final[tuple[tuple[str, Sign], ...]] = (
    ("versionStartIncluding", ">="),
    ("versionStartExcluding", ">"),
    ("versionEndIncluding", "<="),
    ("versionEndExcluding", "<"),
)
_FIELD: Final = re.compile(r"(?<!\\):")
VERSION, UPDATE = 5, 6  # places in "cpe:2.3:a:vendor:product:version:update:…"


@lru_cache(maxsize=16_384)
def read_cpe(text: str) -> Region:
    """The versions that a list of match criteria names; platforms (`vulnerable` false) say nothing. Never raises."""
    try:
        listed = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return UNREAD
    listed = listed if isinstance(listed, list) else [listed]
    if not all(isinstance(one, dict) for one in listed):
        return UNREAD
    spans = [_span(one) for one in listed if one.get("vulnerable", True) is not False]
    known = [span for span in spans if span is not None]
    return Region(tuple(known)) if known and len(known) == len(spans) else UNREAD


def cpe_version(cpe: str) -> str:
    """The version, with its update, that a CPE 2.3 or 2.2 name carries; "" where it is "*", "-" or absent."""
    fields = _FIELD.split(cpe)
    if fields[:2] == ["cpe", "2.3"]:
        found = fields[VERSION : UPDATE + 1]
    elif cpe.startswith("cpe:/"):
        found = fields[4:6]
    else:
        return ""
    words = [word.replace("\\", "") for word in found]
    if not words or words[0] in ("", "*", "-"):
        return ""
    return " ".join([words[0], *(word for word in words[1:] if word not in ("", "*", "-"))])


def _span(one: dict[str, Any]) -> Span | None:
    limits = []
    for key, sign in _ENDS:
        if one.get(key) is not None:
            bound = read_version(str(one[key]))
            if bound is None:
                return None
            limits.append(Limit(sign, bound))
    criteria = str(one.get("criteria") or one.get("cpe23Uri") or one.get("cpe22Uri") or "")
    if limits:
        return Span(tuple(limits))
    if not criteria.startswith("cpe:"):
        return None
    if named := cpe_version(criteria):
        bound = read_version(named)
        return Span((Limit("=", bound),), closed=False) if bound else None
    field = _FIELD.split(criteria)[VERSION : VERSION + 1] if criteria.startswith("cpe:2.3") else ["-"]
    return Span(()) if field == ["*"] else None
