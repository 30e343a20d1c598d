"""One file of a stranger's web server: resolved once, judged, pinned, bounded; each redirect anew."""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

import dns.name
import dns.rdatatype

from dijkwacht.platform import network
from dijkwacht.rooms.proof.looking.asking import ask, parse_name
from dijkwacht.rooms.proof.looking.egress import Egress

LARGEST: Final = 4096  # bytes of a file that holds one line
MOST_HOPS: Final = 3
MOST_ADDRESSES: Final = 32
CONNECT_SECONDS: Final = 4.0
REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class Refused(Exception):
    """We do not go there. Arguments: the code of a finding, and what fills it."""


class Unreached(Exception):
    """We could not look. Arguments: the code of a finding, and what fills it."""


class Gone(Exception):
    """There is nothing at that name. Arguments: the code of a finding, and what fills it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. `body`: at most LARGEST bytes."""

    status: int
    body: bytes
    url: str
    address: str
    location: str = ""


class Pinned(http.client.HTTPConnection):
    """A connection to a judged address; with `tls`, checked against the name of the URL."""

    def __init__(
        self, host: str, address: network.Address, port: int, seconds: float, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(host, port, timeout=min(seconds, CONNECT_SECONDS))
        self.address, self.tls, self.seconds = address, tls, seconds

    def connect(self) -> None:
        """Connect to the address that was judged; the name is not resolved again."""
        plain = socket.create_connection((str(self.address), self.port), self.timeout)
        plain.settimeout(self.seconds)
        self.sock = plain
        if self.tls is not None:
            # Known before the handshake, so that the guard can cut a handshake that drips.
            self.sock = self.tls.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()


def resolve(host: str, egress: Egress, deadline: float) -> network.Address:
    """Return the judged address to connect to. Raises Refused when any address of the host is bad, Gone, Unreached."""
    name = parse_name(host)
    if name is None:
        raise Refused("http-bad-name", {"host": host[:100]})
    found: list[network.Address] = []
    missing = 0
    for kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
        reply = ask(name, kind, egress.resolvers, deadline)
        if reply.message is None:
            raise Unreached("dns-failed", {"name": host, "why": reply.why})
        missing += reply.no_such_name
        found += [ipaddress.ip_address(one.address) for held in reply.all_of(kind) for one in held]
    if missing:
        raise Gone("http-no-name", {"host": host})
    if not found:
        raise Gone("http-no-address", {"host": host})
    if len(found) > MOST_ADDRESSES or not all(map(egress.judge, found)):
        raise Refused("http-not-public", {"host": host})
    return found[0]


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
    cut = threading.Event()
    guard = threading.Timer(left, _cut, [link, cut])
    guard.daemon = True
    guard.start()
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
    finally:
        guard.cancel()
        link.close()


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


def _cut(link: Pinned, cut: threading.Event) -> None:
    """End the connection from another thread, whatever it waits for."""
    cut.set()
    if link.sock is not None:
        try:
            socket.socket.shutdown(link.sock, socket.SHUT_RDWR)
        except OSError:
            return
