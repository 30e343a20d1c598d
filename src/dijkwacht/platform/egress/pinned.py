"""A connection to a stranger's server: the name resolved once, every address judged, the judged one connected to."""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import dns.name
import dns.rdatatype

from dijkwacht.platform import network
from dijkwacht.platform.egress.asking import ask, parse_name
from dijkwacht.platform.egress.way import Egress

MOST_ADDRESSES: Final = 32
CONNECT_SECONDS: Final = 4.0


class Refused(Exception):
    """We do not go there. Arguments: the code of a finding, and what fills it."""


class Unreached(Exception):
    """We could not look. Arguments: the code of a finding, and what fills it."""


class Gone(Exception):
    """There is nothing at that name. Arguments: the code of a finding, and what fills it."""


class Pinned(http.client.HTTPConnection):
    """A connection to a judged address; with `tls`, checked against the name of the URL."""

    def __init__(
        self, host: str, address: network.Address, port: int, seconds: float, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(host, port, timeout=min(seconds, CONNECT_SECONDS))
        self.address, self.tls, self.seconds = address, tls, seconds
        self.wire: socket.socket | None = None  # `sock` is given away as soon as a body is to come

    def connect(self) -> None:
        """Connect to the address that was judged; the name is not resolved again."""
        self.sock = plain = self.reach()
        self.wire = plain
        plain.settimeout(self.seconds)
        if self.tls is not None:
            # Known before the handshake, so that the guard can cut a handshake that drips.
            self.wire = self.sock = self.tls.wrap_socket(
                plain, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def reach(self) -> socket.socket:
        """Open the way to the address."""
        return socket.create_connection((str(self.address), self.port), self.timeout)


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


def locate(host: str, egress: Egress, deadline: float) -> network.Address:
    """As `resolve`, of a host that may be an address as it stands. Raises Refused, Gone, Unreached."""
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        return resolve(host, egress, deadline)
    if not egress.judge(literal):
        raise Refused("http-not-public", {"host": host})
    return literal


@contextmanager
def cut_after(link: Pinned, seconds: float) -> Iterator[threading.Event]:
    """End a connection after so many seconds, whatever it waits for, and when this is left; the event says it was."""
    cut = threading.Event()
    guard = threading.Timer(seconds, _cut, [link, cut])
    guard.daemon = True
    guard.start()
    try:
        yield cut
    finally:
        guard.cancel()
        link.close()


def _cut(link: Pinned, cut: threading.Event) -> None:
    """End the connection from another thread, whatever it waits for."""
    cut.set()
    if link.wire is not None:
        try:
            socket.socket.shutdown(link.wire, socket.SHUT_RDWR)
        except OSError:
            return
