"""One page of a stranger's server: resolved once, judged, pinned, bounded in time, size and decompression.

No cookie is kept, no credential sent, no form submitted; what the answer says of going elsewhere is only reported.
"""

import http.client
import ipaddress
import socket
import ssl
import time
import zlib
from typing import Final

import can_ada
import msgspec

from dijkwacht.mails.urls import host_of
from dijkwacht.platform import network
from dijkwacht.platform.egress.pinned import Gone, Pinned, Refused, Unreached, cut_after, resolve

from .certificates import Certificate, read_certificate
from .way import PORTS, Way

USUAL: Final = {"http:": 80, "https:": 443}
AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
# A plain browser's: who looks like a machine is shown nothing.
FIELDS: Final = {
    "User-Agent": AGENT,
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Language": "nl-NL,nl;q=0.9,en;q=0.8",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "close",
}
PIECE: Final = 64 << 10  # bytes


class Got(msgspec.Struct, frozen=True):
    """What one question gave. `problem` is empty where a server answered, else one word of PROBLEMS.

    `whole`: nothing of the body was cut off.
    """

    url: str
    problem: str = ""
    status: int = 0
    address: str = ""
    location: str = ""
    refresh: str = ""  # the header
    kind: str = ""  # as in text/html
    charset: str = ""
    body: bytes = b""
    whole: bool = True
    certificate: Certificate | None = None
    retry_after: str = ""  # the header


# inside: its address is not public, or is ours. port: neither 80 nor 443. name: has no address. unreached: no answer,
# or one that is no HTTP. slow: cut off. resolver: ours gave no answer. stopped: the process that looked was.
PROBLEMS: Final = ("not-a-url", "port", "inside", "name", "unreached", "slow", "resolver", "stopped")
_WORDS: Final = {
    "http-bad-name": "name",
    "http-not-public": "inside",
    "http-inside": "inside",
    "http-port": "port",
    "dns-failed": "resolver",
}


class _Reached(Pinned):
    """A pinned connection, never to this machine itself; by a proxy where there is one, which is told an address."""

    proxy = ""
    permitted = False

    def reach(self) -> socket.socket:
        if self.proxy:
            return self._tunnel()
        plain = super().reach()
        if not self.permitted and plain.getsockname()[0] == plain.getpeername()[0]:
            plain.close()
            raise Refused("http-not-public", {"host": self.host})
        return plain

    def _tunnel(self) -> socket.socket:
        self.wire = plain = to_proxy(self.proxy, self.timeout)  # so it can be cut
        connect(plain, self.address, self.port)
        return plain


def to_proxy(proxy: str, seconds: float | None) -> socket.socket:
    """Connect to the proxy of a way: host:port. Raises OSError."""
    host, _, port = proxy.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), seconds)


def connect(plain: socket.socket, address: network.Address, port: int) -> None:
    """Ask the proxy at the other end for a judged address (RFC 9110 section 9.3.6). Raises OSError."""
    shown = f"[{address}]" if ":" in str(address) else str(address)
    plain.sendall(f"CONNECT {shown}:{port} HTTP/1.1\r\nHost: {shown}:{port}\r\n\r\n".encode())
    said = b""
    while not said.endswith(b"\r\n\r\n") and len(said) < PIECE and (one := plain.recv(1)):
        said += one
    if said.split(b"\r\n", 1)[0].split(b" ")[1:2] != [b"200"]:
        raise OSError("the proxy refused")


def get(url: str, way: Way, accept: str = "") -> Got:
    """Ask for one canonical URL and follow nothing. Never raises.

    A certificate that does not hold is recorded, with why, and the page behind it is looked at all the same.
    `accept`: kinds of content, where it is not a page that is asked for.
    """
    try:
        parsed = can_ada.parse(url)
        host, port = parsed.hostname, int(parsed.port or USUAL[parsed.protocol])
    except (ValueError, KeyError):
        return Got(url, "not-a-url")
    try:
        return _got(url, host, port, way, accept)
    except (Refused, Gone, Unreached) as error:
        return Got(url, _WORDS.get(error.args[0], "name"))
    except TimeoutError:
        return Got(url, "slow")
    except (OSError, http.client.HTTPException, ValueError):
        return Got(url, "unreached")


def _got(url: str, host: str, port: int, way: Way, accept: str) -> Got:
    """Raises Refused, Gone, Unreached, TimeoutError, OSError, HTTPException, ValueError."""
    parsed, deadline = can_ada.parse(url), time.monotonic() + way.seconds
    address, target = judged(host, port, way, deadline), parsed.pathname + parsed.search
    secure = parsed.protocol == "https:"
    link = _Reached(host, address, port, way.seconds, ssl.create_default_context() if secure else None)
    try:
        return _asked(url, link, target, way, deadline, accept=accept)
    except ssl.SSLCertVerificationError as error:
        link = _Reached(host, address, port, way.seconds, _unchecked())
        return _asked(url, link, target, way, deadline, accept=accept, invalid=error.verify_message)


def _refused(host: str, port: int, way: Way) -> str:
    """Say why a host is not even resolved."""
    if way.permits(host, port):
        return ""
    if host in way.never or host.rpartition(".")[2] == "localhost":
        return "inside"
    return "" if port in PORTS else "port"


def judged(host: str, port: int, way: Way, deadline: float) -> network.Address:
    """Give the address of a host to connect to, judged with all that it has. Raises Refused, Gone, Unreached."""
    if problem := _refused(host.rstrip("."), port, way):
        raise Refused(f"http-{problem}", {"host": host})
    egress = way.egress(host, port)
    try:
        literal = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return resolve(host, egress, deadline)
    if not egress.judge(literal):
        raise Refused("http-not-public", {"host": host})
    return literal


def _unchecked() -> ssl.SSLContext:
    """Give a context that takes any certificate: what is asked is what anybody may see, and what is told is nothing."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _asked(
    url: str, link: _Reached, target: str, way: Way, deadline: float, *, accept: str = "", invalid: str = ""
) -> Got:
    """Ask over one connection. Raises OSError, HTTPException, ValueError, TimeoutError once it was cut, Refused."""
    link.proxy, link.permitted = way.proxy, way.permits(host_of(url), link.port)
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    with cut_after(link, left) as cut:
        try:
            link.request("GET", target, headers=FIELDS | ({"Accept": accept} if accept else {}))
            held = link.sock.getpeercert(True) if isinstance(link.sock, ssl.SSLSocket) else None
            answer = link.getresponse()
            body, whole = _body(answer, way.largest)
        except (OSError, http.client.HTTPException, ValueError):
            if cut.is_set():
                raise TimeoutError from None
            raise
        if cut.is_set():  # what came before the cut may look like a whole answer
            raise TimeoutError
    return Got(
        url,
        status=answer.status,
        address=str(link.address),
        location=(answer.getheader("Location") or "")[:8192],
        refresh=(answer.getheader("Refresh") or "")[:8192],
        kind=answer.headers.get_content_type(),
        charset=answer.headers.get_content_charset() or "",
        body=body,
        whole=whole,
        certificate=read_certificate(held, link.host, invalid) if held else None,
        retry_after=(answer.getheader("Retry-After") or "")[:64],
    )


def _body(answer: http.client.HTTPResponse, largest: int) -> tuple[bytes, bool]:
    """Read at most `largest` bytes, as they are after decompression, and say whether that was all."""
    coding = (answer.getheader("Content-Encoding") or "").strip().lower()
    bits = {"gzip": 31, "x-gzip": 31, "deflate": 15}.get(coding)
    unpack = zlib.decompressobj(bits) if bits else None
    found = bytearray()
    while piece := answer.read1(PIECE):
        while piece:
            left = largest - len(found)
            if left <= 0:
                return bytes(found), False
            try:
                found += unpack.decompress(piece, left) if unpack else piece[:left]
            except zlib.error:
                if bits == 15 and not found:  # noqa: PLR2004 - some send deflate without the header of zlib
                    bits, unpack = -15, zlib.decompressobj(-15)
                    continue
                return bytes(found), False
            piece = unpack.unconsumed_tail if unpack else piece[left:]
    return bytes(found), True
