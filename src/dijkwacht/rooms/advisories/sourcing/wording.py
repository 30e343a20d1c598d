"""The versions of a statement as a person reads them. What a machine works with stays as the source wrote it."""

import json
from typing import Any

from dijkwacht.feeds.advisories.bounds import listed, table
from dijkwacht.rooms.advisories.statements import Notation, ProductStatement


def in_words(statement: ProductStatement) -> str:
    """Give the versions in signs that need no translation: "0 … < 3.15.18; ✓ 4.0"; a tick is a version not affected."""
    if statement.notation is not Notation.CVE:
        return statement.version
    try:
        known = table(json.loads(statement.version))
    except ValueError:  # a record with more versions than are kept
        return statement.version
    parts = [_range(table(one)) for one in listed(known.get("versions"))]
    return "; ".join(one for one in parts if one)


def _range(one: dict[str, Any]) -> str:
    start, sign = str(one.get("version", "")), {"unaffected": "✓ ", "unknown": "? "}.get(str(one.get("status")), "")
    for name, mark in (("lessThan", "<"), ("lessThanOrEqual", "≤")):
        if one.get(name):
            return f"{sign}{start} … {mark} {one[name]}"
    return f"{sign}{start}"
