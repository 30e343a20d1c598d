"""What a validator says of a CSAF document, in one shape for both. No Django."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

REFUSING: Final = frozenset({"schema", "mandatory"})
VERSIONS: Final = ("2.0", "2.1")
_NUMBER: Final = re.compile(r"Test_(\d+(?:_\d+)*)$")
# In the order of their sections; a test that asks servers of strangers, or a spelling checker, is not run by us.
NOT_RUN: Final = {
    "2.0": ("6.3.6", "6.3.7", "6.3.8"),
    "2.1": ("6.2.55", "6.3.6", "6.3.7", "6.3.8", "6.3.16", "6.3.24"),
}


class NotThere(Exception):
    """A validator is not installed, or does not answer. Nothing is published then. The argument says what to do."""


class NotCsaf(Exception):
    """What was given is no CSAF document at all. The argument says why."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One test that did not pass. `test`: its section, or "schema"; `place`: a JSON pointer (RFC 6901)."""

    test: str
    group: str  # schema, mandatory, recommended, informative
    place: str
    says: str

    @property
    def refuses(self) -> bool:
        """A document with this finding is no valid CSAF document (CSAF 2.0 section 9.1.14)."""
        return self.group in REFUSING


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one validator found."""

    validator: str
    found: tuple[Finding, ...]

    @property
    def accepts(self) -> bool:
        return not any(one.refuses for one in self.found)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What both validators say. Only what both accept is published."""

    version: str
    opinions: tuple[Opinion, ...]
    not_run: tuple[str, ...] = field(default=())

    @property
    def accepted(self) -> bool:
        return all(one.accepts for one in self.opinions)

    @property
    def taken_in(self) -> bool:
        """What comes from others is taken in when the first validator accepts it.

        On the test documents of OASIS for 2.0 the two differ on five, and the first is right each time: of the second,
        6.1.21 refuses three valid histories, 6.1.26 misses one forbidden name, and its schema refuses properties that
        are only advised against (6.2.20).
        """
        return self.opinions[0].accepts

    @property
    def agreed(self) -> bool:
        return len({one.accepts for one in self.opinions}) == 1

    def refusals(self) -> list[Finding]:
        """Give what refuses, once each test and place, whoever of the two found it."""
        found: dict[tuple[str, str], Finding] = {}
        for opinion in self.opinions:
            for one in opinion.found:
                if one.refuses:
                    found.setdefault((one.test, one.place), one)
        return sorted(found.values())

    def differing(self) -> dict[str, list[str]]:
        """Give per validator the tests that only it says failed."""
        tests = {one.validator: {each.test for each in one.found} for one in self.opinions}
        return {
            name: sorted(own.difference(*(t for n, t in tests.items() if n != name))) for name, own in tests.items()
        }


def version_of(document: Any) -> str:
    """Give the CSAF version that a document says it is of. Raises NotCsaf."""
    if not isinstance(document, dict):
        raise NotCsaf("it is no JSON object")
    about = document.get("document")
    version = about.get("csaf_version") if isinstance(about, dict) else None
    if version not in VERSIONS:
        raise NotCsaf(f"/document/csaf_version is {version!r}, not 2.0 or 2.1" if about else "it has no /document")
    return str(version)


def section(name: str) -> str:
    """Give the section of a test of the npm library: mandatoryTest_6_1_27_3 is 6.1.27.3."""
    found = _NUMBER.search(name)
    return found[1].replace("_", ".") if found else "schema"
