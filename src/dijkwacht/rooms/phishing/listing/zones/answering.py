"""What the primary answers to a question, and to whom at all."""

import ipaddress
import struct
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import dns.tsig

from dijkwacht.rooms.phishing.listing import rules
from dijkwacht.rooms.phishing.listing.formats.zone import EXPIRE, MINIMUM, REFRESH, RETRY, SERVER, TTL
from dijkwacht.rooms.phishing.listing.zones.following import Difference, Followed, Following, Whole
from dijkwacht.rooms.phishing.listing.zones.signing import answer
from dijkwacht.rooms.phishing.listing.zones.wire import AXFR, IN, IXFR, NS, SOA

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
DONE: Final = b""


@dataclass(frozen=True, slots=True)
class Known:
    """A consumer as the primary knows it."""

    id: UUID
    name: str
    key: dns.tsig.Key
    networks: tuple[Network, ...]
    notify: str


@dataclass(slots=True)
class Use:
    """What a consumer did with a zone since it was last written down."""

    asked_at: datetime | None = None
    held_serial: int | None = None
    transferred_at: datetime | None = None
    transferred_serial: int | None = None
    transferred_how: str = ""


@dataclass
class Consumers:
    """Who may ask. Replaced as a whole when somebody was added or revoked."""

    known: Mapping[dns.name.Name, Known] = field(default_factory=dict)

    def keys(self) -> dict[dns.name.Name, dns.tsig.Key]:
        """Give the keys by their name, as dnspython wants them."""
        return {name: one.key for name, one in self.known.items()}

    def of(self, query: dns.message.Message, peer: str) -> Known | None:
        """Give who asks: by its key, else by its address where that may ask unsigned; None for a stranger."""
        if query.had_tsig and query.keyname is not None:
            return self.known.get(query.keyname)
        address = ipaddress.ip_address(peer.partition("%")[0])
        return next((one for one in self.known.values() if any(address in network for network in one.networks)), None)


class Uses:
    """What consumers did, gathered here so that no question waits for the database."""

    def __init__(self) -> None:
        self._held: dict[tuple[UUID, str], Use] = {}
        self._lock = threading.Lock()

    def asked(self, consumer: Known, zone: str, held: int | None) -> None:
        """Note a question; `held`: the serial that it says it has."""
        with self._lock:
            use = self._held.setdefault((consumer.id, zone), Use())
            use.asked_at = datetime.now(UTC)
            use.held_serial = held if held is not None else use.held_serial

    def transferred(self, consumer: Known, zone: str, serial: int, how: str) -> None:
        """Note a transfer that went out whole."""
        with self._lock:
            use = self._held.setdefault((consumer.id, zone), Use())
            use.transferred_at, use.transferred_serial, use.transferred_how = datetime.now(UTC), serial, how

    def take(self) -> dict[tuple[UUID, str], Use]:
        """Give what was gathered, and begin anew."""
        with self._lock:
            held, self._held = self._held, {}
        return held


@dataclass
class Transfer:
    """An answer of many messages; `done` notes that it went out."""

    consumer: Known
    zone: str
    serial: int
    how: str
    messages: Iterator[bytes]


class Answerer:
    """Answers questions for both zones; everything else is refused."""

    def __init__(self, following: Following, consumers: Consumers, uses: Uses) -> None:
        self.following = following
        self.consumers = consumers
        self.uses = uses
        self._zones = {dns.name.from_text(one.zone.name): name for name, one in following.zones.items()}

    def query(self, wire: bytes) -> tuple[dns.message.Message | None, bytes]:
        """Read a question; else give the answer to what is none, or nothing for what deserves none."""
        try:
            found = dns.message.from_wire(wire, keyring=self.consumers.keys(), ignore_trailing=False)
        except (dns.message.UnknownTSIGKey, dns.tsig.BadSignature, dns.tsig.BadTime, dns.tsig.BadKey):
            return None, _bare(wire, dns.rcode.NOTAUTH)
        except dns.tsig.BadAlgorithm:
            return None, _bare(wire, dns.rcode.NOTAUTH)
        except (dns.exception.DNSException, ValueError, struct.error, NotImplementedError):
            return None, _bare(wire, dns.rcode.FORMERR)
        if found.flags & dns.flags.QR:
            return None, DONE
        return found, DONE

    def udp(self, wire: bytes, peer: str) -> bytes:
        """Answer over UDP: the SOA, also to a question for a difference (RFC 1995, 2): it comes again over TCP."""
        query, said = self.query(wire)
        if query is None:
            return said
        reply, allowed = self._allowed(query, peer)
        if allowed is None:
            return reply
        consumer, zone, kind = allowed
        return self._short(query, consumer, zone, kind)

    def tcp(self, wire: bytes, peer: str) -> bytes | Transfer:
        """Answer over TCP: one message without its length, or a transfer."""
        query, said = self.query(wire)
        if query is None:
            return said
        reply, allowed = self._allowed(query, peer)
        if allowed is None:
            return reply
        consumer, zone, kind = allowed
        return self._transfer(query, consumer, zone, kind)

    def _transfer(self, query: dns.message.Message, consumer: Known, zone: str, kind: int) -> bytes | Transfer:
        held = _held(query) if kind == IXFR else None
        self.uses.asked(consumer, zone, held)
        followed = self.following.zones[zone]
        if kind != AXFR and (held is None or held == followed.zone.serial % rules.SERIALS):
            return self._short(query, consumer, zone, kind)
        difference = None if held is None else followed.difference(held)
        if difference is None:
            return self._whole(query, consumer, zone)
        return self._part(query, consumer, zone, difference)

    def _allowed(self, query: dns.message.Message, peer: str) -> tuple[bytes, tuple[Known, str, int] | None]:
        """Give who asks for which zone and what; else the answer that refuses it."""
        consumer = self.consumers.of(query, peer)
        if query.opcode() != dns.opcode.QUERY:
            return _reply(query, dns.rcode.NOTIMP), None
        if len(query.question) != 1 or query.question[0].rdclass != dns.rdataclass.IN:
            return _reply(query, dns.rcode.FORMERR), None
        zone = self._zones.get(query.question[0].name)
        if consumer is None or zone is None:
            return _reply(query, dns.rcode.REFUSED), None
        return b"", (consumer, zone, int(query.question[0].rdtype))

    def _short(self, query: dns.message.Message, consumer: Known, zone: str, kind: int) -> bytes:
        """Answer with the SOA or the NS; nothing else is told but by transfer."""
        reply = dns.message.make_response(query)
        if kind not in {SOA, NS, IXFR, AXFR}:
            reply.set_rcode(dns.rcode.REFUSED)
            return reply.to_wire()
        self.uses.asked(consumer, zone, _held(query))
        reply.flags |= dns.flags.AA
        if kind == AXFR:  # over UDP
            reply.flags |= dns.flags.TC
            return reply.to_wire()
        followed = self.following.zones[zone]
        reply.answer.append(ns_of(followed) if kind == NS else soa_of(followed))
        return reply.to_wire()

    def _whole(self, query: dns.message.Message, consumer: Known, zone: str) -> Transfer:
        found = self.following.zones[zone].whole()
        messages = answer(query, _question(query), _whole_parts(found))
        return Transfer(consumer, zone, found.serial, "axfr", messages)

    def _part(self, query: dns.message.Message, consumer: Known, zone: str, found: Difference) -> Transfer:
        messages = answer(query, _question(query), _part_parts(found))
        return Transfer(consumer, zone, found.serial, "ixfr", messages)


def _question(query: dns.message.Message) -> bytes:
    one = query.question[0]
    return (one.name.to_wire() or b"") + struct.pack("!HH", one.rdtype, IN)


def _whole_parts(found: Whole) -> Iterator[tuple[int, bytes]]:
    """Give the records of a zone: SOA first and last (RFC 5936, 2.2)."""
    yield 2, found.soa + found.ns
    yield from found.pieces
    yield 1, found.soa


def _part_parts(found: Difference) -> Iterator[tuple[int, bytes]]:
    """Give one difference: SOA now, SOA before, what goes, SOA now, what comes, SOA now (RFC 1995, 4)."""
    yield 2, found.soa_now + found.soa_before
    yield from found.gone
    yield 1, found.soa_now
    yield from found.new
    yield 1, found.soa_now


def _held(query: dns.message.Message) -> int | None:
    """Give the serial that a question for a difference says it has."""
    for one in query.authority:
        if one.rdtype == dns.rdatatype.SOA and len(one):
            return int(one[0].serial)
    return None


def soa_of(followed: Followed) -> dns.rrset.RRset:
    """Give the SOA of a zone as it is now."""
    zone = followed.zone
    serial = zone.serial % rules.SERIALS
    text = f"{SERVER}. hostmaster.{zone.name}. {serial} {REFRESH} {RETRY} {EXPIRE} {MINIMUM}"
    return dns.rrset.from_text(f"{zone.name}.", TTL, "IN", "SOA", text)


def ns_of(followed: Followed) -> dns.rrset.RRset:
    """Give the NS of a zone: it must have one."""
    return dns.rrset.from_text(f"{followed.zone.name}.", TTL, "IN", "NS", f"{SERVER}.")


def _reply(query: dns.message.Message, code: dns.rcode.Rcode) -> bytes:
    reply = dns.message.make_response(query)
    reply.set_rcode(code)
    return reply.to_wire()


def _bare(wire: bytes, code: dns.rcode.Rcode) -> bytes:
    """Give an answer to what cannot be read: its identifier and the code, nothing more. Nothing for an answer."""
    if len(wire) < 12 or wire[2] & 0x80:  # noqa: PLR2004 - a header
        return DONE
    return wire[:2] + struct.pack("!HHHHH", 0x8000 | (wire[2] & 0x78) << 8 | int(code), 0, 0, 0, 0)
