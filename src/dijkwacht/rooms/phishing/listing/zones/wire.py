"""A zone as it goes over the wire: rendered once in pieces, so that a transfer only signs and sends.

Names are kept in buckets. A bucket is rendered when it is asked for after a change, to one message's worth of records;
what did not change is never rendered again. A message holds the question, so that the zone's name stands at offset 12,
and pointers to names within 16 KiB: that is what bounds a piece (RFC 1035, 4.1.4).
"""

import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from dijkwacht.rooms.phishing.listing import rules
from dijkwacht.rooms.phishing.listing.about import Address
from dijkwacht.rooms.phishing.listing.formats.zone import EXPIRE, MINIMUM, REFRESH, RETRY, SERVER, TTL, fits, owners

A, NS, SOA, AAAA, IXFR, AXFR, ANY = 1, 2, 6, 28, 251, 252, 255
IN: Final = 1
HEADER: Final = 12  # bytes
TO_ZONE: Final = b"\xc0\x0c"  # pointer to the name in the question
LARGEST: Final = 15_500  # bytes of records in a message: a pointer reaches 16,383
A_BUCKET: Final = 128  # names that a bucket should hold
FULLEST: Final = 4  # times as many before the names are divided anew
Piece = tuple[int, bytes]  # number of records, and they


def encoded(name: str) -> bytes:
    """Give the labels of a name on the wire, without the root or a pointer at the end."""
    return b"".join(bytes((len(label),)) + label for label in name.encode("ascii").split(b"."))


class Zone:
    """The content of one zone as of a serial. Not safe between threads: whoever shares it holds a lock."""

    def __init__(self, name: str, addresses: Sequence[Address], *, expected: int = 0) -> None:
        """`name`: without the last dot. `expected`: how many names, for the number of buckets."""
        self.name = name
        self.wire = encoded(name) + b"\0"
        self.serial = 0
        self._records = [
            struct.pack("!HHIH", A if one.version == 4 else AAAA, IN, TTL, len(one.packed)) + one.packed  # noqa: PLR2004
            for one in addresses
        ]
        self._start = HEADER + len(self.wire) + 4
        self._times: Counter[str] = Counter()  # a name may come of two entries: of a host and of all below it
        self._buckets: list[set[str]] = [set() for _ in range(max(16, expected // A_BUCKET))]
        self._pieces: list[list[Piece] | None] = [[] for _ in self._buckets]

    def __len__(self) -> int:
        return len(self._times)

    def __contains__(self, owner: str) -> bool:
        return owner in self._times

    def add(self, kind: str, name: str) -> list[str]:
        """Take an entry in; gives the names that are new in the zone."""
        new = []
        for owner in self._owners(kind, name):
            self._times[owner] += 1
            if self._times[owner] == 1:
                self._bucket(owner).add(owner)
                new.append(owner)
        if len(self._times) > FULLEST * A_BUCKET * len(self._buckets):
            self._spread(len(self._times) // A_BUCKET)
        return new

    def remove(self, kind: str, name: str) -> list[str]:
        """Take an entry out; gives the names that are gone from the zone."""
        gone = []
        for owner in self._owners(kind, name):
            self._times[owner] -= 1
            if self._times[owner] <= 0:
                del self._times[owner]
                self._bucket(owner).discard(owner)
                gone.append(owner)
        return gone

    def _owners(self, kind: str, name: str) -> list[str]:
        return [one for one in owners(kind, name) if fits(one, self.name)]

    def _spread(self, number: int) -> None:
        """Divide the names over more buckets."""
        names = [*self._times]
        self._buckets = [set() for _ in range(number)]
        self._pieces = [None] * number
        for owner in names:
            self._bucket(owner).add(owner)

    def _bucket(self, owner: str) -> set[str]:
        number = zlib.crc32(owner.encode()) % len(self._buckets)
        self._pieces[number] = None
        return self._buckets[number]

    def pieces(self) -> list[Piece]:
        """Give every record but SOA and NS, in pieces that fit a message each."""
        found: list[Piece] = []
        for number, known in enumerate(self._pieces):
            if known is None:
                known = self._pieces[number] = self.render(self._buckets[number])  # noqa: PLW2901
            found += known
        return found

    def render(self, names: Iterable[str]) -> list[Piece]:
        """Give the records of these names in pieces that fit a message each, which begins with the question."""
        found: list[Piece] = []
        parts: list[bytes] = []
        at, count = self._start, 0
        for owner in names:
            record = self._rendered(encoded(owner), at)
            if at + len(record) > LARGEST and parts:
                found.append((count, b"".join(parts)))
                parts, count = [], 0
                record = self._rendered(encoded(owner), self._start)
                at = self._start
            parts.append(record)
            at += len(record)
            count += len(self._records)
        return [*found, (count, b"".join(parts))] if parts else found

    def _rendered(self, labels: bytes, at: int) -> bytes:
        """Give the records of one name: the first writes it, the others point at it."""
        pointer = struct.pack("!H", 0xC000 | at)
        first, *others = self._records
        return b"".join([labels, TO_ZONE, first, *(part for one in others for part in (pointer, one))])

    def soa(self, serial: int | None = None) -> bytes:
        """Give the SOA record as of a serial of the log."""
        number = (self.serial if serial is None else serial) % rules.SERIALS
        times = struct.pack("!IIIII", number, REFRESH, RETRY, EXPIRE, MINIMUM)
        data = encoded(SERVER) + b"\0" + encoded("hostmaster") + TO_ZONE + times
        return TO_ZONE + struct.pack("!HHIH", SOA, IN, TTL, len(data)) + data

    def ns(self) -> bytes:
        """Give the NS record: a zone must have one; nobody is sent there."""
        data = encoded(SERVER) + b"\0"
        return TO_ZONE + struct.pack("!HHIH", NS, IN, TTL, len(data)) + data
