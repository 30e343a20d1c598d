"""One question to a registry, by the process that asks strangers: resolved once, judged, pinned, hop by hop."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from dijkwacht.kernel.strict_json import loads
from dijkwacht.rooms.phishing.fetching.getting import Got
from dijkwacht.rooms.phishing.fetching.references import resolved

from . import rules

MOST_HOPS: Final = 4  # a server may send on to the registrar's or a mirror (RFC 7480 section 5.2)
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
ACCEPT: Final = "application/rdap+json, application/json;q=0.9"
LEFT_ALONE: Final = timedelta(hours=1)  # a server that said "too many" and not for how long
LONGEST: Final = timedelta(days=1)


class Asks(Protocol):
    """Who asks strangers' servers."""

    def get(self, url: str, accept: str = "") -> Got:
        """Ask for one URL; never raises."""


class Answer(NamedTuple):
    """What a registry said. `state`: known, unsaid (no day), none (no such domain), failed, busy. `wait`: of busy."""

    state: str
    day: str = ""
    why: str = ""
    wait: timedelta = timedelta()


def ask(domain: str, server: str, asks: Asks, now: datetime) -> Answer:
    """Ask a server when a domain was registered; never raises. What went wrong is said, and never a day."""
    got, content = _followed(rules.question(server, domain), asks)
    if got.status == 404:  # noqa: PLR2004
        return Answer("none")
    if got.status in {429, 503}:
        return Answer("busy", why=f"status {got.status}", wait=_wait(got, now))
    if content is None:
        return Answer("failed", why=_said(got))
    try:
        day = rules.registered(content, domain, now)
    except rules.Unusable as error:
        return Answer("failed", why=str(error))
    return Answer("known" if day else "unsaid", day)


def table(source: str, asks: Asks) -> dict[str, list[str]]:
    """Read the table of servers from a file, or from where IANA has it. Raises rules.Unusable, OSError."""
    if "://" not in source:
        return rules.services(_json(Path(source).read_bytes()))
    got, content = _followed(source, asks)
    if content is None:
        raise rules.Unusable(_said(got))
    return rules.services(content)


def _followed(url: str, asks: Asks) -> tuple[Got, Any]:
    """Ask, and go on where a server sends us: each hop is judged anew. The JSON of a good answer, else None."""
    secure = url.startswith("https:")
    for _ in range(MOST_HOPS):
        got = asks.get(url, ACCEPT)
        if got.problem or got.status not in REDIRECTS:
            break
        url = resolved(got.url, got.location)
        if not url or (secure and not url.startswith("https:")):
            return got, None
    trusted = got.certificate is None or not got.certificate.invalid
    if got.problem or got.status != 200 or not got.whole or not trusted:  # noqa: PLR2004
        return got, None
    try:
        return got, _json(got.body)
    except rules.Unusable:
        return got, None


def _json(content: bytes) -> Any:
    """Read JSON, strictly. Raises Unusable."""
    try:
        return loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise rules.Unusable("it is no JSON") from error


def _said(got: Got) -> str:
    if got.certificate is not None and got.certificate.invalid:
        return "its certificate does not hold"
    return got.problem or (f"status {got.status}" if got.status != 200 else "no usable JSON")  # noqa: PLR2004


def _wait(got: Got, now: datetime) -> timedelta:
    """Give how long a server asks to be left alone (RFC 9110 section 10.2.3): in seconds, or a moment."""
    from email.utils import parsedate_to_datetime

    text = got.retry_after.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:8])), LONGEST)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return LEFT_ALONE
    asked = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(max(asked, timedelta(seconds=1)), LONGEST)
