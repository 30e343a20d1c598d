"""A table from 32-bit hashes to entries, searched for whole columns at once."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

BUCKETS_PER_ENTRY: Final = 4
GOLDEN: Final = np.uint32(0x9E3779B1)  # an odd multiplier spreads low bits over the high ones, and loses nothing

Hashes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]


class HashTable(NamedTuple):
    """Hashes in ascending order. `bucket[b]` is the first of those whose highest bits are at least b."""

    hashes: Hashes
    bucket: npt.NDArray[np.uint32]

    def find(self, needles: Hashes) -> tuple[Places, Places]:
        """Give (place of the needle, entry) wherever an entry has the same hash; buckets are walked to their end."""
        bits = (self.bucket.size - 1).bit_length() - 1
        bucket = (needles >> np.uint32(32 - bits)).astype(np.int64)
        entry = self.bucket.take(bucket)
        bucket += 1
        end = self.bucket.take(bucket)
        which = np.flatnonzero(entry != end)
        entry, end, wanted = entry[which], end[which], needles[which]
        places, entries = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        while which.size:
            equal = np.flatnonzero(self.hashes.take(entry) == wanted)
            places.append(which[equal])
            entries.append(entry[equal].astype(np.int64))
            entry += np.uint32(1)
            more = np.flatnonzero(entry != end)
            which, entry, end, wanted = which[more], entry[more], end[more], wanted[more]
        return np.concatenate(places), np.concatenate(entries)


def build_table(hashes: Hashes) -> tuple[HashTable, Places]:
    """Build a table; also gives for each of its entries the place it had in `hashes`."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    bits = max(1, (hashes.size * BUCKETS_PER_ENTRY - 1).bit_length())
    starts = np.arange((1 << bits) + 1, dtype=np.uint64) << np.uint64(32 - bits)
    return HashTable(ordered, np.searchsorted(ordered.astype(np.uint64), starts).astype(np.uint32)), order
