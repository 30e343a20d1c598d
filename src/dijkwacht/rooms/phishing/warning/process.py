"""`dijkwacht phishing warning`: a bounded number of threads serves the page, one writes the visits down."""

import contextlib
import ipaddress
import signal
import socket
import threading
import time
from collections import Counter
from typing import Any, Final

from django.db import connection

from dijkwacht.rooms.phishing.warning.serving import WRITTEN_EVERY, WarningSite

AT_ONCE: Final = 64  # connections; who comes then waits in the backlog of the machine
SECONDS: Final = 5.0  # for a request, however it drips in, and for its answer
EACH: Final = 16  # connections of one address: many visitors of one provider share it, and leave places for others
LONGEST: Final = 16 * 1024  # bytes of a request that are read; a form that somebody filled in is not
END: Final = b"\r\n\r\n"


class Request:
    """The head of a request as far as the page needs it: method and host. The body is never read."""

    def __init__(self, head: bytes) -> None:
        first, *lines = head.split(b"\r\n")
        self.method = first.split(b" ")[0][:10].decode("latin-1")
        named = (line.partition(b":") for line in lines)
        hosts = [value.strip() for name, _, value in named if name.strip().lower() == b"host"]
        self.host = hosts[0].decode("latin-1") if len(hosts) == 1 else ""  # two hosts are none


class Server:
    """Listens until `stop`."""

    def __init__(self, host: str, port: int, site: WarningSite) -> None:
        self.site = site
        self._stopping = threading.Event()
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()
        self._here: Counter[str] = Counter()
        self._socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((host, port))
        self._socket.listen(1024)
        self._socket.settimeout(0.5)

    def run(self) -> None:
        """Serve until `stop` is called, from another thread or a signal."""
        writing = threading.Thread(target=self._write, name="visits")
        writing.start()
        try:
            while not self._stopping.is_set():
                self._accept()
        finally:
            self._stopping.set()
            self._socket.close()
            for _ in range(AT_ONCE):
                self._places.acquire()
            writing.join()

    def stop(self) -> None:
        """Ask it to end."""
        self._stopping.set()

    def _write(self) -> None:
        while not self._stopping.wait(WRITTEN_EVERY):
            self.site.write()
        self.site.write()
        connection.close()

    def _accept(self) -> None:
        try:
            client, peer = self._socket.accept()
        except OSError:  # nobody came, or somebody went again
            return
        place = of_one(str(peer[0]))
        if not self._enters(place):
            client.close()
            return
        while not self._places.acquire(timeout=0.5):
            if self._stopping.is_set():
                client.close()
                return
        threading.Thread(target=self._serve, args=(client, place), daemon=True).start()

    def _enters(self, place: str) -> bool:
        with self._lock:
            if self._here[place] >= EACH:
                return False
            self._here[place] += 1
            return True

    def _leaves(self, place: str) -> None:
        with self._lock:
            self._here[place] -= 1
            if not self._here[place]:
                del self._here[place]

    def _serve(self, client: socket.socket, place: str) -> None:
        try:
            with client, contextlib.suppress(OSError):
                head = _head(client, time.monotonic() + SECONDS)
                if head is not None:
                    client.settimeout(SECONDS)
                    client.sendall(answered(self.site, head))
                    client.shutdown(socket.SHUT_WR)
        finally:
            connection.close()
            self._leaves(place)
            self._places.release()


def answered(site: WarningSite, head: bytes) -> bytes:
    """Give the answer to a request of which this is the head."""
    request, told = Request(head), []

    def start(status: str, headers: list[tuple[str, str]]) -> Any:
        told.append(f"HTTP/1.1 {status}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n")

    body = b"".join(site({"REQUEST_METHOD": request.method, "HTTP_HOST": request.host}, start))
    return told[0].encode("latin-1") + body


def of_one(address: str) -> str:
    """Give what stands for one peer: its address, of IPv6 the /64 that one has all of."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _head(client: socket.socket, until: float) -> bytes | None:
    """Give a request up to the empty line; None when there is none within bounds. `until`: of the monotonic clock."""
    found = b""
    while END not in found and len(found) < LONGEST:
        if (left := until - time.monotonic()) <= 0:
            return None
        client.settimeout(left)
        part = client.recv(4096)
        if not part:
            return None
        found += part
    return found.partition(END)[0] if END in found else None


def serve(host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM. Raises OSError when the port cannot be used."""
    server = Server(host, port, WarningSite())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop())
    server.run()
