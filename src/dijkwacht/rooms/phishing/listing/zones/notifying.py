"""Tells consumers that a zone changed (NOTIFY, RFC 1996), signed with their key, until they say that they heard it."""

import contextlib
import queue
import socket
import threading
from collections.abc import Callable
from typing import Final

import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rdatatype
import structlog

from dijkwacht.rooms.phishing.listing.zones.answering import Known, soa_of
from dijkwacht.rooms.phishing.listing.zones.following import Followed

log = structlog.get_logger()
TRIES: Final = 3
SECONDS: Final = 1.0  # to wait for an answer


class Notifier:
    """One thread a consumer that has an address for it: a deaf one holds up nobody else."""

    def __init__(self, consumer: Known, zones: Callable[[], list[Followed]]) -> None:
        self.consumer = consumer
        self.zones = zones
        self._wanted: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=f"notify {consumer.name}", daemon=True)
        self._thread.start()

    def tell(self) -> None:
        """Ask for a NOTIFY for both zones."""
        self._wanted.put(True)

    def stop(self) -> None:
        """End the thread."""
        self._wanted.put(False)
        self._thread.join()

    def _run(self) -> None:
        while self._wanted.get():
            with contextlib.suppress(queue.Empty):
                while True:  # several changes at once are one message
                    if not self._wanted.get_nowait():
                        return
            for followed in self.zones():
                if not notify(self.consumer, followed):
                    who, zone = self.consumer.name, followed.zone.name
                    log.warning("a consumer does not answer NOTIFY", consumer=who, zone=zone)


def notify(consumer: Known, followed: Followed) -> bool:
    """Send one NOTIFY and wait for its answer; gives whether it came."""
    host, _, port = consumer.notify.partition("#")
    message = dns.message.make_query(f"{followed.zone.name}.", dns.rdatatype.SOA)
    message.set_opcode(dns.opcode.NOTIFY)
    message.flags = (message.flags & ~dns.flags.RD) | dns.flags.AA
    message.answer.append(soa_of(followed))
    if not consumer.networks:
        message.use_tsig(consumer.key)
    wire = message.to_wire()
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(SECONDS)
        for _ in range(TRIES):
            try:
                sock.sendto(wire, (host, int(port or 53)))
                heard, _ = sock.recvfrom(4096)
            except OSError:
                continue
            if heard[:2] == wire[:2]:
                return True
    return False
