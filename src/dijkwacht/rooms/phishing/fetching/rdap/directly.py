"""Registries asked at once, for the command line: without a database, so each domain once in a run and no later."""

from collections import Counter
from datetime import UTC, datetime
from typing import Final

import msgspec

from dijkwacht.rooms.phishing.fetching.looking import Look

from . import asking, rules

NO_FETCH: Final = "without --fetch nobody is"
OFF: Final = "DIJKWACHT_PAGES_RDAP is empty"
SAID: Final = {
    "known": "registered on",
    "unsaid": "its registry does not say it",
    "none": "its registry knows no such domain",
    "failed": "its registry gave no answer:",
    "busy": "its registry gave no answer:",
    "no-server": "not asked:",
    "not-asked": "not asked:",
}


class Age(msgspec.Struct, frozen=True):
    """What is known of the age of a domain. `state` as in asking.Answer, no-server, or not-asked; `why`: of no day."""

    domain: str
    state: str
    day: str = ""
    why: str = ""


class Ages(msgspec.Struct):
    """What registries said of the domains of a mail. `why`: why none was asked at all, "" where they are asked."""

    why: str = ""
    domains: list[Age] = []

    def lines(self) -> list[str]:
        """Say it, a line for each domain."""
        if self.why:
            return [f"  no registry is asked for an age: {self.why}"]
        return [f"  age of {one.domain}: {f'{SAID[one.state]} {one.day or one.why}'.rstrip()}" for one in self.domains]


class Registries:
    """Asks by the process that looks at pages, with its bounds, and a server no more often than it may be asked."""

    def __init__(self, asks: asking.Asks, source: str, most: int) -> None:
        """`source`: IANA's table, a file or a URL; empty: nobody is asked. `most`: questions to one server."""
        self.asks, self.source, self.most = asks, source, most
        self._known: dict[str, Age] = {}
        self._asked = Counter[str]()
        self._left: dict[str, str] = {}  # servers that are left alone, and why
        self._servers: dict[str, list[str]] | None = None
        self._no_table = ""  # why there is none

    def aged(self, looks: list[Look]) -> tuple[list[Look], Ages]:
        """Give looks with the day that a registry says, of those that the running system asks for; never raises."""
        if not self.source:
            return looks, Ages(OFF)
        found, ages = [], dict[str, Age]()
        for look in looks:
            domain = rules.domain_of(look.host)
            if not domain or look.state != "page" or look.registered or look.hosting != "own":
                found.append(look)
                continue
            ages[domain] = self._of(domain)
            found.append(msgspec.structs.replace(look, registered=ages[domain].day))
        return found, Ages(domains=[*ages.values()])

    def _of(self, domain: str) -> Age:
        if domain not in self._known:
            self._known[domain] = self._ask(domain)
        return self._known[domain]

    def _ask(self, domain: str) -> Age:
        if self._servers is None:
            self._servers = self._table()
        if self._no_table:
            return Age(domain, "not-asked", why=f"the table of servers: {self._no_table}")
        server = rules.server_of(domain, self._servers)
        site = rules.site_of(server)
        if not server:
            return Age(domain, "no-server", why="the table names no server for it")
        if site in self._left or self._asked[site] >= self.most:
            return Age(domain, "not-asked", why=self._left.get(site, f"{site} was asked {self.most} times"))
        self._asked[site] += 1
        answer = asking.ask(domain, server, self.asks, datetime.now(UTC))
        if answer.state == "busy":
            self._left[site] = f"{site} asks to be left alone"
        return Age(domain, answer.state, answer.day, answer.why)

    def _table(self) -> dict[str, list[str]]:
        try:
            return asking.table(self.source, self.asks)
        except (OSError, rules.Unusable) as error:
            self._no_table = str(error)
            return {}
