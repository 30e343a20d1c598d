"""Which registered domain a host falls under: the hash of every suffix at a label boundary, then the text itself."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from .compiled import compiled
from .hashing import GOLDEN, Groups, Hashes, HashTable, build_table
from .intervals import NOBODY, Owners, group_owners
from .registry import Rows
from .texts import Bytes, Places, text_bytes

LOW_HALF: Final = 0xFFFF_FFFF
DOT: Final = ord(".")
FILTER_BITS: Final = 3  # on top of those of the buckets: one bit in 16 to 32 is set

Candidates = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Domains:
    """Registered domains in the order of their hash: their bytes end to end, and where each starts (one more).

    `seen` has a bit for each value of the highest bits of a hash: whether any domain has it.
    """

    multiplier: int
    places: Places
    text: Bytes
    table: HashTable
    seen: Bytes
    owners: Owners

    @property
    def empty(self) -> bool:
        """Whether no domain is registered."""
        return self.places.size <= 1

    def find(self, hosts: pl.Series) -> tuple[Rows, Groups]:
        """Give for each host under a registered domain its position and the number of the longest such domain.

        Hosts are lower-case A-labels.
        """
        if self.empty or hosts.is_empty():
            return np.empty(0, np.uint32), np.empty(0, np.int32)
        (places, data), table = text_bytes(hosts), self.table
        bits = (8 * self.seen.size).bit_length() - 1
        candidates = _candidates(places, data, self.seen, bits, np.uint64(self.multiplier))
        found = _longest(candidates, places, data, *table, table.bits, self.places, self.text)
        known = np.flatnonzero(found != NOBODY)
        return known.astype(np.uint32), found[known]


@compiled
def _candidates(hosts: Places, data: Bytes, seen: Bytes, bits: int, multiplier: np.uint64) -> Candidates:
    """The suffixes of hosts whose hash may be that of a name: (row, start, hash), the longest of a row last.

    A host is read from its end, so that one running hash is that of every suffix. Nearly all suffixes end here, at one
    bit each that lies in the cache.
    """
    room, low_half, shift = len(hosts), np.uint64(LOW_HALF), 32 - bits
    for at in range(hosts[0], hosts[-1]):
        room += data[at] == DOT
    found, count = np.empty((room, 3), np.int64), 0
    for row in range(len(hosts) - 1):
        start, value = hosts[row], np.uint64(0)
        for at in range(hosts[row + 1] - 1, start - 1, -1):
            value = value * multiplier + np.uint64(data[at])
            if at > start and data[at - 1] != DOT:
                continue
            mixed = value & low_half
            mixed = (mixed ^ mixed >> np.uint64(15)) * np.uint64(GOLDEN) & low_half
            place = np.int64(mixed) >> shift
            found[count, 0], found[count, 1], found[count, 2] = row, at, mixed
            count += seen[place >> 3] >> (place & 7) & 1
    return found[:count]


@compiled
def _longest(
    candidates: Candidates,
    hosts: Places,
    data: Bytes,
    hashes: Hashes,
    bucket: Rows,
    bits: int,
    names: Places,
    text: Bytes,
) -> Groups:
    """The number of the longest name that each host is or ends in after a dot, -1 where there is none."""
    found = np.full(len(hosts) - 1, -1, np.int32)
    for number in range(len(candidates)):
        row, at, mixed = candidates[number]
        size = hosts[row + 1] - at
        place = mixed >> (32 - bits)
        for entry in range(bucket[place], bucket[place + 1]):
            name = names[entry]
            if hashes[entry] == mixed and names[entry + 1] - name == size:
                same = True
                for step in range(size):
                    same = same and data[at + step] == text[name + step]
                if same:
                    found[row] = entry
    return found


@compiled
def _hashes(names: Places, data: Bytes, multiplier: np.uint64) -> Hashes:
    """The hash of each name, as `_longest` makes it."""
    made = np.empty(len(names) - 1, np.uint32)
    for row in range(len(made)):
        value = np.uint64(0)
        for at in range(names[row + 1] - 1, names[row] - 1, -1):
            value = value * multiplier + np.uint64(data[at])
        mixed = value & np.uint64(LOW_HALF)
        made[row] = (mixed ^ mixed >> np.uint64(15)) * np.uint64(GOLDEN) & np.uint64(LOW_HALF)
    return made


def build_domains(rows: Rows, names: pl.Series, multiplier: int) -> Domains:
    """Build the table of domains; `rows` are their assets, `multiplier` is odd and made of the registry's contents.

    An outsider who could predict the hash could make hosts that all fall in one bucket.
    """
    multiplier &= LOW_HALF
    distinct = names.unique(maintain_order=True)
    table, order = build_table(_hashes(*text_bytes(distinct), np.uint64(multiplier)))
    ordered = distinct.gather(order)
    number = pl.DataFrame({"name": ordered}).with_row_index("number")
    group_of = pl.DataFrame({"name": names}).join(number, on="name", how="left", maintain_order="left")["number"]
    owners = group_owners(group_of.cast(pl.Int64).to_numpy(), rows, distinct.len())
    places, text = text_bytes(ordered)
    return Domains(multiplier, places.copy(), text.copy(), table, _seen(table), owners)


def _seen(table: HashTable) -> Bytes:
    bits = min(FILTER_BITS + table.bits, 32)
    marks = np.zeros(1 << bits, np.bool_)
    marks[table.hashes >> np.uint32(32 - bits)] = True
    return np.packbits(marks, bitorder="little")
