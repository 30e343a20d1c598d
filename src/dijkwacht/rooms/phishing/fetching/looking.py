"""A URL to a look: hop by hop, each asked for anew, until a page. Knows no network itself: who asks is given."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, Protocol

import msgspec

from dijkwacht.mails.finding import REFRESH
from dijkwacht.mails.urls import host_of, without_reporter
from dijkwacht.rooms.phishing.judging.knowledge import is_platform, is_shared, owner_of, registrable

from .ages import Ages, NoAges
from .certificates import Certificate
from .getting import Got
from .icons import Icon, Known, brand_of
from .pages import Page
from .references import resolved

MOST_HOPS: Final = 10
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
GONE: Final = frozenset({404, 410, 451})
HIDING: Final = frozenset({403, 429, 503})
PAGES: Final = frozenset({"text/html", "application/xhtml+xml", "text/plain"})


class Hop(msgspec.Struct, frozen=True):
    """One question. `how`: first, http, refresh; script and frame were seen and not followed."""

    url: str
    how: str
    status: int = 0
    address: str = ""
    problem: str = ""


class Look(msgspec.Struct, frozen=True):
    """What was seen. `state`: page, blank, hidden (it would not show us), gone, parked, file, loop, or a problem of
    getting.PROBLEMS. `hosting`: own, shared, platform or address. `registered`: day of the domain, where known.
    """

    url: str
    at: str
    state: str
    final: str
    status: int = 0
    hops: list[Hop] = []
    page: Page = Page()
    kit: str = ""
    icon: Icon | None = None
    icon_brand: str = ""
    certificate: Certificate | None = None
    hosting: str = ""
    registered: str = ""
    rendered: bool = False  # a browser showed it too

    @property
    def host(self) -> str:
        """Give the host that the last page came from."""
        return host_of(self.final)


class Asks(Protocol):
    """Who asks strangers' servers."""

    def get(self, url: str) -> Got:
        """Ask for one URL; never raises."""


class Reads(Protocol):
    """Who reads what they send."""

    def page(self, body: bytes, charset: str, url: str) -> Page | None:
        """Read a page; None where it cannot be."""

    def icon(self, body: bytes) -> Icon | None:
        """Read a picture; None where it cannot be."""


class Seen(msgspec.Struct, frozen=True):
    """A look with its bytes by kind (html, dom, picture), which are kept for a short time only."""

    look: Look
    raw: dict[str, bytes] = {}


def look(url: str, asks: Asks, reads: Reads, *, icons: tuple[Known, ...] = (), ages: Ages | None = None) -> Seen:
    """Look at a clean, canonical URL. A hop to a brand's own site is recorded and not asked for."""
    hops, asked = [], url
    how, known = "first", set[str]()
    while True:
        got = asks.get(asked)
        hops.append(Hop(without_reporter(asked), how, got.status, got.address, got.problem))
        known.add(asked)
        page = _page(got, reads)
        target, how = _next(got, page)
        if not target:
            state = _state(got, page)
            break
        if target in known or len(hops) >= MOST_HOPS:
            state = "loop"
            break
        if owner_of(host_of(target)) is not None:
            hops.append(Hop(target, how))
            asked, state, page = target, "own", Page()
            break
        asked = target
    hops += [Hop(one, "script") for one in page.scripted] + [Hop(one, "frame") for one in page.inner]
    icon = _icon(page, asked, asks, reads) if state == "page" else None
    final = without_reporter(asked)
    return Seen(
        Look(
            url,
            datetime.now(UTC).isoformat(timespec="seconds"),
            state,
            final,
            got.status,
            hops,
            page,
            page.kit,
            icon,
            brand_of(icon, icons),
            got.certificate,
            hosting(host_of(final)),
            (ages or NoAges()).registered(registrable(host_of(final))),
        ),
        {"html": got.body} if state == "page" else {},
    )


def hosting(host: str) -> str:
    """Give what kind of place a host is: own, shared (pages of many), platform (a name given by one), address."""
    if host.startswith("[") or host.rpartition(".")[2].isdigit():
        return "address"
    if is_shared(host):
        return "shared"
    return "platform" if is_platform(host) else "own"


def _page(got: Got, reads: Reads) -> Page:
    if got.problem or got.status in REDIRECTS or got.kind not in PAGES or not got.body:
        return Page(blank=not got.body)
    return reads.page(got.body, got.charset, got.url) or Page()


def _next(got: Got, page: Page) -> tuple[str, str]:
    """Give where a page sends its visitor by itself, and how."""
    if got.problem:
        return "", ""
    if got.status in REDIRECTS:
        return resolved(got.url, got.location), "http"
    match = REFRESH.search(got.refresh)
    if match:
        return resolved(got.url, match[1].strip()), "refresh"
    return ("", "") if page.refresh in {"", got.url} else (page.refresh, "refresh")


def _state(got: Got, page: Page) -> str:
    if got.problem:
        return got.problem
    if got.status in REDIRECTS:
        return "unreached"  # to nowhere that a browser would go
    if got.status in GONE or page.says == "gone":
        return "gone"
    if got.status in HIDING:
        return "hidden"
    if got.kind not in PAGES and got.body:
        return "file"
    return page.says or ("blank" if page.blank else "page")


def _icon(page: Page, url: str, asks: Asks, reads: Reads) -> Icon | None:
    for one in _icons(page, url):
        got = asks.get(one)
        if not got.problem and got.status == 200 and (icon := reads.icon(got.body)):  # noqa: PLR2004
            return icon
    return None


def _icons(page: Page, url: str) -> Iterator[str]:
    """Give where the small picture may be: what the page declares, else where browsers look; each is judged anew."""
    declared = [one for one in page.icons if owner_of(host_of(one)) is None]
    yield from declared[:1]
    if not declared:
        yield resolved(url, "/favicon.ico")
