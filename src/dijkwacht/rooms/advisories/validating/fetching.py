"""One file of a provider, over the egress: each name resolved once, judged, pinned; bounded in size and time."""

import http.client
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from dijkwacht.platform.egress.pinned import Gone, Pinned, Refused, Unreached, cut_after, locate
from dijkwacht.platform.egress.way import Egress
from dijkwacht.platform.network import Address

LARGEST: Final = 32 << 20  # bytes
SECONDS: Final = 20.0  # for one file
MOST_HOPS: Final = 5
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
NOBODY: Final[Mapping[str, Address]] = {}
GONE: Final = {"http-no-name": "there is no such name", "http-no-address": "the name has no address"}
FIELDS: Final = {"User-Agent": "Dijkwacht", "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. `problem`: why there is no answer; `hops`: the redirects that were followed."""

    url: str
    status: int = 0
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)  # names in lower case
    hops: int = 0
    problem: str = ""

    @property
    def ok(self) -> bool:
        return self.status == http.client.OK and not self.problem

    def told(self) -> str:
        """Give in words how it went."""
        return self.problem or f"status {self.status}"


def fetch(url: str, egress: Egress, own: Mapping[str, Address] = NOBODY) -> Answer:
    """Get one address and follow its redirects, each judged anew. Never raises for what a stranger does.

    `own`: by host and port of our own installation where it stands; that is not judged.
    """
    asked, hops = url, 0
    while True:
        answer = _once(asked, egress, own)
        location = answer.headers.get("location", "")
        if answer.status not in REDIRECTS or not location:
            return Answer(answer.url, answer.status, answer.body, answer.headers, hops, answer.problem)
        if hops >= MOST_HOPS:
            return Answer(asked, problem=f"more than {MOST_HOPS} redirects", hops=hops)
        try:
            asked, hops = urljoin(asked, location), hops + 1
        except ValueError:
            return Answer(asked, problem="a redirect to no address", hops=hops)


def _once(url: str, egress: Egress, own: Mapping[str, Address]) -> Answer:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return Answer(url, problem="this is no address")
    if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
        return Answer(url, problem="only http and https addresses are looked at")
    secure, deadline = parts.scheme == "https", time.monotonic() + SECONDS
    try:
        address = own.get(parts.netloc.lower()) or locate(host, egress, deadline)
    except Refused:
        return Answer(url, problem=f"{host} is not on the public internet: we do not go there")
    except (Gone, Unreached) as error:
        return Answer(url, problem=f"{host}: {GONE.get(error.args[0], error.args[0])}")
    usual = egress.https_port if secure else egress.http_port
    link = Pinned(host, address, port or usual, SECONDS, egress.context() if secure else None)
    return _asked(link, parts, deadline)


def _asked(link: Pinned, parts: SplitResult, deadline: float) -> Answer:
    url = parts.geturl()
    with cut_after(link, max(0.1, deadline - time.monotonic())) as cut:
        try:
            link.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), headers=FIELDS)
            said = link.getresponse()
            body = said.read(LARGEST + 1)
        except ssl.SSLError as error:
            return Answer(url, problem=f"TLS: {error.reason or type(error).__name__}")
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Answer(url, problem="too slow" if cut.is_set() else f"no answer: {type(error).__name__}")
        if cut.is_set():  # what came before the cut may look like a whole answer
            return Answer(url, problem="too slow")
    if len(body) > LARGEST:
        return Answer(url, problem=f"larger than {LARGEST >> 20} MiB")
    return Answer(url, said.status, body, {name.lower(): value for name, value in said.getheaders()})
