"""Sockets of the primary: UDP for the SOA, TCP for transfers, with a bounded number of clients."""

import contextlib
import socket
import struct
import threading
import time
from collections import Counter
from typing import Final
from uuid import UUID

import structlog

from dijkwacht.rooms.phishing.listing.zones.answering import Answerer, Transfer

log = structlog.get_logger()
CLIENTS: Final = 128  # connections at once; who comes then is cut off and comes again
EACH: Final = 4  # transfers of one consumer at once
EACH_PEER: Final = 16  # connections of one address, so that nobody has every place
IDLE: Final = 10.0  # seconds until the next question of a connection is there, however it drips in
SENDING: Final = 30.0  # seconds in which a client takes something of what is sent
WHOLE: Final = 600.0  # seconds in which it takes all of it
QUESTIONS: Final = 64  # of one connection
LARGEST_QUESTION: Final = 4096  # bytes
TOGETHER: Final = 256 * 1024  # bytes of messages that one send takes


class Primary:
    """Listens until `stop`; answers by an `Answerer`."""

    def __init__(self, host: str, port: int, answerer: Answerer) -> None:
        self.answerer = answerer
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._udp = socket.socket(family, socket.SOCK_DGRAM)
        self._tcp = socket.socket(family, socket.SOCK_STREAM)
        self._tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for one in (self._udp, self._tcp):
            one.bind((host, port))
        self._tcp.listen(CLIENTS)
        self._places = threading.BoundedSemaphore(CLIENTS)
        self._transfers: Counter[UUID] = Counter()
        self._peers: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads = [threading.Thread(target=one, name=one.__name__) for one in (self._hear_udp, self._hear_tcp)]

    def start(self) -> None:
        """Begin to answer, in threads."""
        for one in self._threads:
            one.start()

    def stop(self) -> None:
        """Close everything and wait until nothing runs any more."""
        self._stopping.set()
        for one in (self._udp, self._tcp):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for _ in range(CLIENTS):
            self._places.acquire()

    def _hear_udp(self) -> None:
        self._udp.settimeout(0.5)
        while not self._stopping.is_set():
            try:
                wire, peer = self._udp.recvfrom(LARGEST_QUESTION)
            except TimeoutError:
                continue
            except OSError:
                if self._stopping.is_set():
                    return
                continue
            with contextlib.suppress(OSError):
                if said := self._safely_udp(wire, str(peer[0])):
                    self._udp.sendto(said, peer)

    def _safely_udp(self, wire: bytes, peer: str) -> bytes:
        try:
            return self.answerer.udp(wire, peer)
        except Exception:
            log.exception("zones: a question over UDP was not answered")
            return b""

    def _hear_tcp(self) -> None:
        self._tcp.settimeout(0.5)
        while not self._stopping.is_set():
            try:
                connection, peer = self._tcp.accept()
            except TimeoutError:
                continue
            except OSError:
                if self._stopping.is_set():
                    return
                continue
            if not self._enters(str(peer[0])):
                connection.close()
                continue
            threading.Thread(target=self._serve, args=(connection, str(peer[0])), daemon=True).start()

    def _enters(self, peer: str) -> bool:
        with self._lock:
            if self._peers[peer] >= EACH_PEER or not self._places.acquire(blocking=False):
                return False
            self._peers[peer] += 1
            return True

    def _serve(self, connection: socket.socket, peer: str) -> None:
        with self._lock:
            self._open.add(connection)
        try:
            with connection:
                for _ in range(QUESTIONS):
                    wire = _received(connection, time.monotonic() + IDLE)
                    if not wire or self._stopping.is_set():
                        return
                    connection.settimeout(SENDING)
                    self._answer(connection, wire, peer)
        except OSError:  # it went away, or takes nothing
            return
        except Exception:
            log.exception("zones: a question over TCP was not answered")
        finally:
            with self._lock:
                self._open.discard(connection)
                self._peers[peer] -= 1
                self._peers += Counter()  # whoever has none is not kept
            self._places.release()

    def _answer(self, connection: socket.socket, wire: bytes, peer: str) -> None:
        said = self.answerer.tcp(wire, peer)
        if isinstance(said, bytes):
            connection.sendall(struct.pack("!H", len(said)) + said)
            return
        if not self._begins(said):
            return
        try:
            _send(connection, said)
            self.answerer.uses.transferred(said.consumer, said.zone, said.serial, said.how)
        finally:
            with self._lock:
                self._transfers[said.consumer.id] -= 1

    def _begins(self, transfer: Transfer) -> bool:
        with self._lock:
            if self._transfers[transfer.consumer.id] >= EACH:
                return False
            self._transfers[transfer.consumer.id] += 1
            return True


def _send(connection: socket.socket, transfer: Transfer) -> None:
    """Send the messages, several at a time."""
    waiting: list[bytes] = []
    size, until = 0, time.monotonic() + WHOLE
    for message in transfer.messages:
        waiting.append(message)
        size += len(message)
        if size >= TOGETHER:
            if time.monotonic() > until:
                raise TimeoutError
            connection.sendall(b"".join(waiting))
            waiting, size = [], 0
    connection.sendall(b"".join(waiting))


def _received(connection: socket.socket, until: float) -> bytes:
    """Give the next question; nothing when there is none or it is too long. `until`: of the monotonic clock."""
    length = _exactly(connection, 2, until)
    if len(length) < 2:  # noqa: PLR2004
        return b""
    (size,) = struct.unpack("!H", length)
    return _exactly(connection, size, until) if size <= LARGEST_QUESTION else b""


def _exactly(connection: socket.socket, size: int, until: float) -> bytes:
    found = b""
    while len(found) < size:
        if (left := until - time.monotonic()) <= 0:
            raise TimeoutError
        connection.settimeout(left)
        part = connection.recv(size - len(found))
        if not part:
            return b""
        found += part
    return found
