"""Names of weaknesses, from the list that the package `csaf` carries (MITRE, CWE terms of use). No Django."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

# Both validators know this version. A document says which version its name is of (CSAF 2.1, 3.2.4.3).
VERSION: Final = "4.17"
OLDEST: Final = "4.11"  # of the list by which the npm library judges CSAF 2.0, which names no version


@cache
def _catalogue() -> dict[str, Any]:
    content = (files("csaf.csaf.v21csd04") / "cwe" / "catalog.json").read_bytes()
    return dict(json.loads(content))


def cwe_name(weakness: str) -> tuple[str, str] | None:
    """Give the name of "CWE-79" and the version of the list. None where it is not in it.

    One whose name changed lately is left out: the validators would judge it by different lists.
    """
    try:
        catalogue = _catalogue()
    except (ImportError, OSError):
        return None
    found = catalogue["weaknesses"].get(weakness.removeprefix("CWE-"))
    if found is None:
        return None
    versions = catalogue["versions"]
    since, name = found["history"][-1]
    return (name, VERSION) if versions.index(since) <= versions.index(OLDEST) else None
