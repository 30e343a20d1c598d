"""One conditional GET of a source's server: each address judged, bounded in time, size and growth."""

import http.client
import ssl
import time
import zlib
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from dijkwacht.feeds.advisories.bounds import GROWTH, LARGEST
from dijkwacht.platform.egress.pinned import Gone, Pinned, Refused, Unreached, cut_after, locate
from dijkwacht.platform.egress.way import Egress

SECONDS: Final = 120.0  # for one answer, whatever drips
REDIRECTS: Final = 5
PIECE: Final = 64 << 10
AGENT: Final = "Dijkwacht (CSIRT; advisories)"
NOT_MODIFIED: Final = 304
OK: Final = 200
ABSENT: Final = frozenset({404, 410})
MOVED: Final = frozenset({301, 302, 303, 307, 308})


class NotFetched(Exception):
    """It could not be fetched; the argument says why, in words for the page of sources."""


class NotThere(NotFetched):
    """The server answered, and says that there is nothing at this address (404, 410)."""


@dataclass(frozen=True, slots=True)
class Known:
    """By what a server knows the copy that we have (RFC 9110 section 13)."""

    etag: str = ""
    modified: str = ""

    def headers(self) -> dict[str, str]:
        """Give the header fields of a conditional request."""
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. `fresh` is False for 304: what we have is what there is."""

    url: str
    fresh: bool
    body: bytes = b""
    known: Known = field(default_factory=Known)


def fetch(url: str, egress: Egress, known: Known | None = None, *, largest: int = LARGEST) -> Answer:
    """Get a URL unless it is as we know it. Follows at most five redirects, each judged anew. Raises NotFetched."""
    deadline, asked = time.monotonic() + SECONDS, url
    for _ in range(REDIRECTS + 1):
        parts = _parts(asked, secure=url.startswith("https:"))
        answer = _once(parts, egress, known or Known(), deadline, largest)
        if isinstance(answer, Answer):
            return answer
        asked = urljoin(asked, answer)
    raise NotFetched(f"{url} leads on more than {REDIRECTS} times")


def _parts(url: str, *, secure: bool) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotFetched(f"{url[:200]} is no address: {error}") from error
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username is not None:
        raise NotFetched(f"{url[:200]} is no address of http or https")
    if secure and parts.scheme != "https":
        raise NotFetched(f"{url[:200]}: it leads from https to http, which anybody on the way could change")
    if port == 0:
        raise NotFetched(f"{url[:200]}: there is no port 0")
    return parts


def _once(parts: SplitResult, egress: Egress, known: Known, deadline: float, largest: int) -> Answer | str:
    """Ask once; gives the answer, or where it leads on. Raises NotFetched."""
    host, secure, url = parts.hostname or "", parts.scheme == "https", parts.geturl()
    try:
        address = locate(host, egress, deadline)
    except (Refused, Gone, Unreached) as error:
        raise NotFetched(f"{host}: {_WORDS.get(error.args[0], 'its name could not be resolved')}") from error
    port = parts.port or (egress.https_port if secure else egress.http_port)
    link = Pinned(host, address, port, max(1.0, deadline - time.monotonic()), egress.context() if secure else None)
    fields = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "gzip", "Connection": "close", **known.headers()}
    with cut_after(link, max(0.5, deadline - time.monotonic())) as cut:
        try:
            link.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), headers=fields)
            return _read(url, link.getresponse(), largest)
        except ssl.SSLCertVerificationError as error:
            raise NotFetched(f"{host}: its certificate does not hold: {error.verify_message}") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            said = "it took longer than two minutes" if cut.is_set() else f"{type(error).__name__}: {error}"
            raise NotFetched(f"{host}: {said}"[:400]) from error


_WORDS: Final = {
    "http-bad-name": "that is no name of a host",
    "http-not-public": "its address is not public, or is ours: we do not go there",
    "http-no-name": "there is no such name",
    "http-no-address": "the name has no address",
    "dns-failed": "our resolver did not answer",
}


def _read(url: str, answer: http.client.HTTPResponse, largest: int) -> Answer | str:
    if answer.status == NOT_MODIFIED:
        return Answer(url, fresh=False)
    if answer.status in MOVED:
        where = answer.getheader("Location") or ""
        if not where:
            raise NotFetched(f"{url}: HTTP {answer.status} without an address to go to")
        return where[:2048]
    if answer.status != OK:
        said = f"{url}: HTTP {answer.status} {answer.reason}"[:300]
        raise NotThere(said) if answer.status in ABSENT else NotFetched(said)
    body = _body(url, answer, largest)
    known = Known((answer.getheader("ETag") or "")[:200], (answer.getheader("Last-Modified") or "")[:60])
    return Answer(url, fresh=True, body=body, known=known)


def _body(url: str, answer: http.client.HTTPResponse, largest: int) -> bytes:
    """Read a body, unpacked; nothing that grows beyond its bounds. Raises NotFetched."""
    packed = (answer.getheader("Content-Encoding") or "").strip().lower() in ("gzip", "x-gzip")
    unpack = zlib.decompressobj(31) if packed else None
    found, came = bytearray(), 0
    while piece := answer.read1(PIECE):
        came += len(piece)
        found += unpack.decompress(piece, largest + 1 - len(found)) if unpack else piece
        if len(found) > largest or (unpack and len(found) > max(came, 1 << 14) * GROWTH):
            raise NotFetched(f"{url}: it has more than {largest:,} bytes, or unpacks to far more than it is")
    wanted = answer.getheader("Content-Length")
    if (unpack and not unpack.eof) or (wanted and wanted.isdigit() and came != int(wanted)):
        raise NotFetched(f"{url}: the answer was cut off")
    return bytes(found)
