"""What is asked of which registry, and what its answer says. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from dijkwacht.mails.urls import canonical

SINCE: Final = frozenset({"registration", "reregistration"})  # RFC 9083 section 10.2.3: since when its holder has it
FIRST: Final = 1983  # the year of the first names
MOST_EVENTS: Final = 200
SLACK: Final = timedelta(days=1)  # that the clock of a registry may be ahead of ours


class Unusable(ValueError):
    """An answer is not what the standard says."""


def services(table: Any) -> dict[str, list[str]]:
    """Read IANA's table of servers (RFC 9224 section 4): by top-level domain its servers, https first.

    Raises Unusable for what is no such table; a URL of another kind is left out.
    """
    rows = table.get("services") if isinstance(table, dict) else None
    if not isinstance(rows, list) or not rows:
        raise Unusable("it has no services")
    found: dict[str, list[str]] = {}
    for row in rows:
        if not (isinstance(row, list) and len(row) == 2 and all(isinstance(part, list) for part in row)):  # noqa: PLR2004
            raise Unusable("a service is a pair of two lists")
        urls = [url for one in row[1] if isinstance(one, str) and (url := canonical(one))]
        urls.sort(key=lambda url: not url.startswith("https:"))
        for name in row[0]:
            if isinstance(name, str) and urls:
                found.setdefault(name.lower().strip("."), urls)
    return found


@cache
def _registries() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)


def domain_of(host: str) -> str:
    """Give the domain that a registry knows: not one that a platform gave out; "" where there is none."""
    name = host.rstrip(".").lower()
    if name.startswith("[") or name.rpartition(".")[2].isdigit():
        return ""
    return str(_registries().privatesuffix(name) or "")


def server_of(domain: str, known: Mapping[str, list[str]]) -> str:
    """Give the server for a domain by the longest name in the table that it ends in (RFC 9224 section 4), or ""."""
    labels = domain.split(".")
    for start in range(1, len(labels)):
        if urls := known.get(".".join(labels[start:])):
            return urls[0]
    return ""


def question(server: str, domain: str) -> str:
    """Give the URL that asks for a domain (RFC 9082 section 3.1.3)."""
    return f"{server.rstrip('/')}/domain/{domain}"


def registered(answer: Any, domain: str, now: datetime) -> str:
    """Give the day on which a domain was registered by who holds it now, "" where the registry does not say.

    Raises Unusable for an answer about something else, or with a day that cannot be.
    """
    if not isinstance(answer, dict) or answer.get("objectClassName") != "domain":
        raise Unusable("it is not about a domain")
    if str(answer.get("ldhName", "")).rstrip(".").lower() != domain:
        raise Unusable("it is about another name")
    events = answer.get("events", [])
    if not isinstance(events, list):
        raise Unusable("its events are no list")
    days = [_moment(one.get("eventDate")) for one in events[:MOST_EVENTS] if _says_since(one)]
    if any(day.year < FIRST or day > now + SLACK for day in days):
        raise Unusable("a day that cannot be")
    return max(days).date().isoformat() if days else ""


def _says_since(event: Any) -> bool:
    return isinstance(event, dict) and event.get("eventAction") in SINCE


def _moment(text: Any) -> datetime:
    """Read a moment (RFC 3339). Raises Unusable."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise Unusable("a moment that is none") from error
    try:
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        raise Unusable("a moment that is none") from error


def site_of(server: str) -> str:
    """Give what questions to a server are counted by: its host and port."""
    return urlsplit(server).netloc
