"""A walk over one provider: what was got, and what was found for each requirement of section 7.1."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from .fetching import Answer

Look = Callable[[str], Answer]
NAMES: Final = {
    1: "valid CSAF documents",
    2: "file names",
    3: "TLS",
    4: "TLP:WHITE and TLP:CLEAR freely accessible",
    5: "TLP:AMBER and TLP:RED protected",
    6: "no redirects",
    7: "provider-metadata.json",
    8: "security.txt",
    9: "well-known URL",
    10: "DNS path",
    11: "one folder per year",
    12: "index.txt",
    13: "changes.csv",
    14: "directory listings",
    15: "ROLIE feed",
    16: "ROLIE service document",
    17: "ROLIE category document",
    18: "integrity",
    19: "signatures",
    20: "public OpenPGP key",
}
OPEN: Final = frozenset({"WHITE", "CLEAR"})
CLOSED: Final = frozenset({"AMBER", "AMBER+STRICT", "RED"})
WELL_KNOWN: Final = "/.well-known/csaf/provider-metadata.json"


@dataclass
class Requirement:
    """What was found for one requirement. `state`: met, not-met, not-used (what is optional), not-checked."""

    number: int
    state: str = "not-checked"
    found: list[str] = field(default_factory=list)

    def say(self, said: str, *, right: bool) -> None:
        """Note one finding; one that is wrong makes the requirement not met, whatever else was found."""
        self.found.append(said)
        if not right:
            self.state = "not-met"
        elif self.state != "not-met":
            self.state = "met"


@dataclass
class Walk:
    """A walk over one provider."""

    look: Look
    url: str
    sample: int = 5
    found: dict[int, Requirement] = field(default_factory=lambda: {n: Requirement(n) for n in NAMES})
    known: dict[str, Answer] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: list[bytes] = field(default_factory=list)

    def say(self, number: int, said: str, *, right: bool) -> None:
        """Note one finding of a requirement."""
        self.found[number].say(said, right=right)

    def get(self, url: str) -> Answer:
        """Get a file once, and note what its address and way tell."""
        if url in self.known:
            return self.known[url]
        answer = self.known[url] = self.look(url)
        if urlsplit(url).scheme != "https" or urlsplit(answer.url).scheme != "https":
            self.say(3, f"{url} is not over TLS", right=False)
        elif answer.status:
            self.say(3, "reached over TLS", right=True) if "reached over TLS" not in self.found[3].found else None
        if answer.hops:
            self.say(6, f"{url} redirects {answer.hops} times", right=False)
        elif answer.status and self.found[6].state == "not-checked":
            self.say(6, "what was asked for was answered directly", right=True)
        return answer

    def read(self, number: int, url: str) -> Any:
        """Get JSON that a requirement needs; None where there is none, which is noted."""
        answer = self.get(url)
        if not answer.ok:
            self.say(number, f"{url}: {answer.told()}", right=False)
            return None
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError):
            self.say(number, f"{url} is not JSON", right=False)
            return None
