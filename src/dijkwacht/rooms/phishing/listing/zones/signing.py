"""Answers of many messages, each signed with TSIG (RFC 8945, 5.3.1), over records that lie rendered."""

import struct
import time
from collections.abc import Iterator
from typing import Any, Final

import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TSIG
import dns.tsig

from dijkwacht.rooms.phishing.listing.zones.wire import HEADER

ANSWERS: Final = 0x8400  # flags QR and AA
FUDGE: Final = 300  # seconds by which clocks may differ
QUERY: Final = struct.Struct("!HHHHHH")


class Stream:
    """Makes the messages of one answer, in order; unsigned where the question was."""

    def __init__(self, query: dns.message.Message, question: bytes) -> None:
        """`question`: as it goes back, name uncompressed."""
        self.identifier = query.id
        self.question = question
        self.key: dns.tsig.Key | None = query.keyring if query.had_tsig else None
        self._mac: bytes = query.mac or b"" if query.had_tsig else b""
        self._context: Any = None
        if self.key is not None:
            kind, algorithm = (dns.rdataclass.ANY, dns.rdatatype.TSIG), self.key.algorithm
            self._empty: Any = dns.rdtypes.ANY.TSIG.TSIG(
                *kind, algorithm, 0, FUDGE, b"", query.id, dns.rcode.NOERROR, b""
            )  # type: ignore[no-untyped-call]
            self._owner = self.key.name.to_wire() or b""
            self._algorithm = self.key.algorithm.to_wire() or b""

    def message(self, count: int, records: bytes) -> bytes:
        """Give the next message with its length before it, as TCP carries it."""
        body = self.question + records
        wire = QUERY.pack(self.identifier, ANSWERS, 1, count, 0, 0) + body
        if self.key is None:
            return struct.pack("!H", len(wire)) + wire
        signed = self._signed(wire)
        return b"".join(
            (
                struct.pack("!H", len(wire) + len(signed)),
                QUERY.pack(self.identifier, ANSWERS, 1, count, 0, 1),
                wire[HEADER:],
                signed,
            )
        )

    def _signed(self, wire: bytes) -> bytes:
        """Give the TSIG record for a message; each signature covers the one before it."""
        now = int(time.time())
        tsig, self._context = dns.tsig.sign(wire, self.key, self._empty, now, self._mac, self._context, multi=True)  # type: ignore[no-untyped-call]
        mac: bytes = tsig.mac
        data = b"".join(
            (
                self._algorithm,
                struct.pack("!HIHH", now >> 32, now & 0xFFFFFFFF, FUDGE, len(mac)),
                mac,
                struct.pack("!HHH", self.identifier, 0, 0),
            )
        )
        return self._owner + struct.pack("!HHIH", dns.rdatatype.TSIG, dns.rdataclass.ANY, 0, len(data)) + data


def answer(query: dns.message.Message, question: bytes, parts: Iterator[tuple[int, bytes]]) -> Iterator[bytes]:
    """Give the messages of an answer, each with its length before it."""
    stream = Stream(query, question)
    for count, records in parts:
        yield stream.message(count, records)
