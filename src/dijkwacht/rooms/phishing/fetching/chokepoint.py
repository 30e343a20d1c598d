"""The one door of a browser: a proxy on loopback that judges each connection, whatever in a page asked for it.

Plain HTTP is passed on for GET and HEAD only; HTTPS, and nothing else, may be tunnelled. Names are resolved here, once
for each connection, and the judged address is connected to.
"""

import contextlib
import select
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import can_ada

from dijkwacht.platform import network
from dijkwacht.platform.egress.pinned import Gone, Refused, Unreached

from .getting import connect, judged, to_proxy
from .way import Way

HEAD: Final = 64 << 10  # bytes of a request's head
LARGEST: Final = 16 << 20  # bytes that one connection may bring
PIECE: Final = 64 << 10
IDLE_SECONDS: Final = 10.0
CONNECT_SECONDS: Final = 5.0
# What a browser asks by itself, for its maker: nobody need hear of a look.
CALLS_HOME: Final = frozenset(
    {"accounts.google.com", "clients2.google.com", "update.googleapis.com", "content-autofill.googleapis.com"}
    | {"optimizationguide-pa.googleapis.com", "safebrowsing.googleapis.com", "edgedl.me.gvt1.com"}
)
HOP_BY_HOP: Final = (b"proxy-", b"connection:", b"keep-alive:")


class Door:
    """What passed the proxy: `let` and `refused` hold host:port each time."""

    def __init__(self, way: Way) -> None:
        self.way, self.port = way, 0
        self.let: list[str] = []
        self.refused: list[str] = []

    def reach(self, host: str, port: int) -> socket.socket:
        """Connect to a judged address. Raises OSError, and what `judged` raises."""
        place = f"{host}:{port}"
        if host in CALLS_HOME:
            raise ValueError(place)
        try:
            address = judged(host, port, self.way, time.monotonic() + self.way.seconds)
        except (Refused, Gone, Unreached):
            self.refused.append(place)
            raise
        there = self._connected(address, port)
        if (
            not self.way.proxy and not self.way.permits(host, port) and there.getsockname()[0] == there.getpeername()[0]
        ):  # this machine
            there.close()
            self.refused.append(place)
            raise ValueError(place)
        self.let.append(place)
        return there

    def _connected(self, address: network.Address, port: int) -> socket.socket:
        """Connect to a judged address, by the proxy of the way where it has one. Raises OSError."""
        if not self.way.proxy:
            return socket.create_connection((str(address), port), CONNECT_SECONDS)
        there = to_proxy(self.way.proxy, CONNECT_SECONDS)
        try:
            connect(there, address, port)
        except OSError:
            there.close()
            raise
        return there


class _Asked(socketserver.BaseRequestHandler):
    door: Door

    def handle(self) -> None:
        """Pass on one connection of the browser."""
        with contextlib.suppress(OSError, ValueError, Refused, Gone, Unreached):
            head, rest = _head(self.request)
            method, target = head.split(b"\r\n", 1)[0].split(b" ")[:2]
            if method == b"CONNECT":
                host, _, port = target.decode("ascii").rpartition(":")
                with self.door.reach(host, int(port)) as there:
                    self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                    _relay(self.request, there, rest)
            elif method in {b"GET", b"HEAD"}:
                self.plain(head, target.decode("ascii"))
            else:
                raise ValueError(method)
            return
        with contextlib.suppress(OSError):
            self.request.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def plain(self, head: bytes, target: str) -> None:
        """Ask a server for a browser over plain HTTP, once."""
        url = can_ada.parse(target)
        if url.protocol != "http:":
            raise ValueError(target)
        with self.door.reach(url.hostname, int(url.port or 80)) as there:
            first, *fields = head.split(b"\r\n")
            kept = [one for one in fields if one and not one.lower().startswith(HOP_BY_HOP)]
            asked = first.replace(target.encode(), (url.pathname + url.search).encode(), 1)
            there.sendall(b"\r\n".join([asked, *kept, b"Connection: close", b"", b""]))
            _relay(self.request, there, b"", one_way=True)


def _head(browser: socket.socket) -> tuple[bytes, bytes]:
    browser.settimeout(IDLE_SECONDS)
    found = b""
    while b"\r\n\r\n" not in found:
        piece = browser.recv(PIECE)
        if not piece or len(found) > HEAD:
            raise ValueError("no request")
        found += piece
    head, _, rest = found.partition(b"\r\n\r\n")
    return head, rest


def _relay(browser: socket.socket, there: socket.socket, rest: bytes, *, one_way: bool = False) -> None:
    if rest:
        there.sendall(rest)
    brought, ends = 0, {browser: there, there: browser}
    while brought < LARGEST:
        ready, _, _ = select.select([there] if one_way else [*ends], [], [], IDLE_SECONDS)
        if not ready:
            return
        for one in ready:
            piece = one.recv(PIECE)
            if not piece:
                return
            ends[one].sendall(piece)
            brought += len(piece) if one is there else 0


@contextmanager
def opened(way: Way) -> Iterator[Door]:
    """Open the door on a port of loopback, until this is left."""
    door = Door(way)
    handler = type("Asked", (_Asked,), {"door": door})

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: object) -> None:
            """What a connection raised is of that connection."""

    with Server(("127.0.0.1", 0), handler) as server:
        door.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield door
        finally:
            server.shutdown()
