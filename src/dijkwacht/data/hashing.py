"""A table from 32-bit hashes to entries, searched for whole columns at once."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .compiled import compiled

BUCKETS_PER_ENTRY: Final = 4
GOLDEN: Final = np.uint32(0x9E3779B1)  # an odd multiplier spreads low bits over the high ones, and loses nothing

Hashes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
Groups = npt.NDArray[np.int32]


class HashTable(NamedTuple):
    """Hashes in ascending order. `bucket[b]` is the first of those whose highest bits are at least b."""

    hashes: Hashes
    bucket: npt.NDArray[np.uint32]

    @property
    def bits(self) -> int:
        """How many of the highest bits of a hash choose its bucket."""
        return (self.bucket.size - 1).bit_length() - 1

    def find(self, needles: Hashes) -> Groups:
        """Give the entry that has the hash of each needle, -1 where none has; hashes of entries are distinct."""
        return _entries(needles, self.hashes, self.bucket, self.bits)


@compiled
def _entries(needles: Hashes, hashes: Hashes, bucket: Hashes, bits: int) -> Groups:
    found = np.full(len(needles), -1, np.int32)
    for row in range(len(needles)):
        needle = np.int64(needles[row])
        place = needle >> (32 - bits)
        for entry in range(bucket[place], bucket[place + 1]):
            if hashes[entry] == needle:
                found[row] = entry
    return found


def build_table(hashes: Hashes) -> tuple[HashTable, Places]:
    """Build a table; also gives for each of its entries the place it had in `hashes`."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    bits = max(1, (hashes.size * BUCKETS_PER_ENTRY - 1).bit_length())
    starts = np.arange((1 << bits) + 1, dtype=np.uint64) << np.uint64(32 - bits)
    return HashTable(ordered, np.searchsorted(ordered.astype(np.uint64), starts).astype(np.uint32)), order
