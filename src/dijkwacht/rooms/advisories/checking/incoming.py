"""Whether a CSAF document is valid: the schema and every mandatory test of its version. No Django.

The fast way, for thousands of documents an hour; `judging` asks two validators of the few that we publish ourselves.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from dijkwacht.feeds.advisories.bounds import LARGEST, Unreadable, read_json

MOST: Final = 50  # findings that are kept of one document
NAMES: Final = frozenset({"2.0", "2.1"})


@dataclass(frozen=True, slots=True)
class Checked:
    """A document that was read, and what is wrong with it; `findings` empty: it is valid."""

    document: dict[str, Any]
    findings: tuple[str, ...]

    @property
    def valid(self) -> bool:
        """Tell whether it may come in."""
        return not self.findings


def check(raw: bytes, largest: int = LARGEST) -> Checked:
    """Read a document and check it. Never raises for what the bytes are.

    A finding names the test (as the standard numbers it), the place as a JSON pointer, and what is wrong.
    """
    try:
        found = read_json(raw, largest)
    except Unreadable as error:
        return Checked({}, (str(error),))
    head = found.get("document") if isinstance(found, dict) else None
    version = head.get("csaf_version") if isinstance(head, dict) else None
    if version not in NAMES:
        return Checked({}, (f"/document/csaf_version is {str(version)[:20]!r}: only 2.0 and 2.1 are known",))
    assert isinstance(found, dict)  # noqa: S101 - it has a head
    try:
        findings = _of_20(found) if version == "2.0" else _of_21(found)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        return Checked(found, (f"the validator could not judge it: {type(error).__name__}: {error}"[:300],))
    return Checked(found, tuple(findings[:MOST]))


@cache
def _schema_20() -> Any:
    """The schema of 2.0, compiled: the validator's own way through it costs ten times as much."""
    import jsonschema_rs
    from csaf.csaf.v20 import _validator

    known = _validator._registry()  # noqa: SLF001 - the schemas that it carries, under their addresses

    def fetch(uri: str) -> Any:
        return known.contents(uri.rstrip("#"))

    return jsonschema_rs.Draft202012Validator(_validator._main_schema(), retriever=fetch, validate_formats=True)  # noqa: SLF001


def _of_20(document: dict[str, Any]) -> list[str]:
    from csaf.csaf.v20 import _validator
    from csaf.csaf.v20.rules._registry import all_rules

    if not _schema_20().is_valid(document):  # the package's own words, where the fast way says no
        said = _told(_validator.validate(document).results)
        return said or [
            f"schema {one.instance_path}: {one.message}"[:400] for one in _schema_20().iter_errors(document)
        ]
    rules = all_rules()
    tests = [entry for entry in _validator._catalog() if entry["group"] == "mandatory" and entry["id"] in rules]  # noqa: SLF001
    live = [entry for entry in tests if entry.get("status", "") not in ("obsolete", "not_implemented")]
    return [
        f"{entry['id']} {error.instance_path}: {error.message}"[:400]
        for entry in live
        for error in rules[entry["id"]](document)
    ]


def _of_21(document: dict[str, Any]) -> list[str]:
    from csaf.csaf.v21 import _validator

    return _told(_validator.validate(document, preset="basic").results)


def _told(results: Any) -> list[str]:
    return [
        f"{one.id} {error.instance_path}: {error.message}"[:400]
        for one in results
        if not one.passed and not one.skipped
        for error in (one.errors or ())
    ]
