"""One file of a stranger's web server: resolved once, judged, pinned, bounded; each redirect anew."""

import http.client
import ssl
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from dijkwacht.platform.egress.pinned import Pinned, Refused, Unreached, cut_after, resolve
from dijkwacht.platform.egress.way import Egress

LARGEST: Final = 4096  # bytes of a file that holds one line
MOST_HOPS: Final = 3
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. `body`: at most LARGEST bytes."""

    status: int
    body: bytes
    url: str
    address: str
    location: str = ""


def fetch(url: str, egress: Egress, deadline: float) -> Answer:
    """Get one address without following what it says. `deadline`: time.monotonic() at which it is cut off.

    Raises Refused, Gone, Unreached.
    """
    parts = urlsplit(url)
    secure, host = parts.scheme == "https", parts.hostname or ""
    address = resolve(host, egress, deadline)
    left = deadline - time.monotonic()
    if left <= 0:
        raise Unreached("http-slow", {"url": url})
    port = egress.https_port if secure else egress.http_port
    link = Pinned(host, address, port, left, egress.context() if secure else None)
    with cut_after(link, left) as cut:
        try:
            answer = _get(link, parts, str(address))
            if cut.is_set():  # what came before the cut may look like a whole answer
                raise TimeoutError
            return answer  # noqa: TRY300
        except ssl.SSLError as error:
            raise Unreached("http-tls", {"url": url, "why": error.reason or type(error).__name__}) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            code = "http-slow" if cut.is_set() or isinstance(error, TimeoutError) else "http-failed"
            raise Unreached(code, {"url": url, "address": str(address), "why": type(error).__name__}) from error


def _get(link: Pinned, parts: SplitResult, address: str) -> Answer:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    fields = {"User-Agent": "Dijkwacht", "Accept": "text/plain", "Accept-Encoding": "identity", "Connection": "close"}
    link.request("GET", target, headers=fields)
    answer = link.getresponse()
    body = b"" if answer.status in REDIRECTS else answer.read(LARGEST + 1)
    return Answer(answer.status, body, parts.geturl(), address, answer.getheader("Location", ""))


def next_hop(url: str, location: str, allowed: str) -> str:
    """Return where a redirect leads, when that is the same registrable domain by the same two schemes.

    Raises Refused.
    """
    try:
        target = urlsplit(urljoin(url, location))
        host, port = target.hostname or "", target.port
    except ValueError:
        raise Refused("http-redirect", {"url": url, "target": location[:200]}) from None
    usual = {"http": (None, 80), "https": (None, 443)}.get(target.scheme, ())
    if port not in usual or "@" in target.netloc or not (host == allowed or host.endswith(f".{allowed}")):
        raise Refused("http-redirect", {"url": url, "target": location[:200]})
    return urlunsplit((target.scheme, host, target.path, target.query, ""))
