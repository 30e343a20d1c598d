"""A real name server on loopback, over UDP and TCP, that answers what a test says, also what no honest server would."""

import socketserver
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from tests.ports import free_port

Records = list[str] | Callable[[], list[str]]


@dataclass
class NameServer:
    """`records`: (name, type) to texts, or to a function that gives them anew each time. Names without a last dot."""

    records: dict[tuple[str, str], Records] = field(default_factory=dict)
    zones: tuple[str, ...] = ("voorbeeld.nl",)
    broken: set[str] = field(default_factory=set)  # SERVFAIL
    silent: set[str] = field(default_factory=set)  # no answer at all
    authenticated: bool = False
    asked: Counter = field(default_factory=Counter)
    port: int = 0

    def answer(self, wire: bytes, *, room: int) -> bytes | None:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked[name, kind] += 1
        if name in self.silent:
            return None
        reply = dns.message.make_response(query, recursion_available=True)
        if name in self.broken:
            reply.set_rcode(dns.rcode.SERVFAIL)
            return reply.to_wire()
        if not query.flags & dns.flags.RD:
            reply.flags |= dns.flags.AA
        if self.authenticated:
            reply.flags |= dns.flags.AD
        self._fill(reply, name, kind)
        try:
            return reply.to_wire(max_size=room)
        except dns.exception.TooBig:
            short = dns.message.make_response(query, recursion_available=True)
            short.flags |= dns.flags.TC
            return short.to_wire()

    def _fill(self, reply: dns.message.Message, name: str, kind: str) -> None:
        for _ in range(40):
            found = self._held(name, kind)
            if found:
                reply.answer.append(dns.rrset.from_text_list(name + ".", 300, "IN", kind, found))
                return
            alias = self._held(name, "CNAME")
            if not alias:
                break
            reply.answer.append(dns.rrset.from_text_list(name + ".", 300, "IN", "CNAME", alias))
            name = alias[0].rstrip(".")
        if not any(known == name or known.endswith(f".{name}") for known, _ in self.records):
            reply.set_rcode(dns.rcode.NXDOMAIN)
        zone = next((one for one in self.zones if name == one or name.endswith(f".{one}")), None)
        if zone is not None:
            reply.authority.append(
                dns.rrset.from_text(zone + ".", 300, "IN", "SOA", f"ns.{zone}. root.{zone}. 1 3600 600 86400 300")
            )

    def _held(self, name: str, kind: str) -> list[str]:
        held = self.records.get((name, kind), [])
        return held() if callable(held) else held


@contextmanager
def serving(server: NameServer) -> Iterator[NameServer]:
    """Serve on a free port of loopback."""

    class Udp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire, sock = self.request
            if answer := server.answer(wire, room=1232):
                sock.sendto(answer, self.client_address)

    class Tcp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            (length,) = struct.unpack("!H", self.request.recv(2))
            if answer := server.answer(self.request.recv(length), room=65535):
                self.request.sendall(struct.pack("!H", len(answer)) + answer)

    class TcpServer(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    server.port = free_port()
    udp = socketserver.ThreadingUDPServer(("127.0.0.1", server.port), Udp)
    udp.daemon_threads = True
    tcp = TcpServer(("127.0.0.1", server.port), Tcp)
    for one in (udp, tcp):
        threading.Thread(target=one.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        for one in (udp, tcp):
            one.shutdown()
            one.server_close()
