"""Prefixes flattened into disjoint intervals: one sorted search answers which prefixes own an address."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .compiled import compiled
from .hashing import Groups, Places
from .registry import Prefixes, Rows, Words

NOBODY: Final = -1
MAPPED_WORD: Final = np.uint64(0xFFFF)  # the low word of ::ffff:a.b.c.d, shifted right by 32
MOST_BUCKET_BITS: Final = 22


class Owners(NamedTuple):
    """Groups of assets: group g owns assets[start[g]:start[g + 1]], in ascending order."""

    start: Rows
    assets: Rows

    def fan_out(self, rows: Rows, groups: Groups) -> tuple[Rows, Rows]:
        """Give one (row, asset) for each asset of the group of each row. Nearly every group has one owner."""
        first = self.start[groups]
        more = self.start[groups + 1] - first - np.uint32(1)
        several = np.flatnonzero(more)
        if several.size == 0:
            return rows, self.assets[first]
        extra = more[several]
        begin = np.cumsum(extra, dtype=np.int64) - extra
        within = np.arange(int(extra.sum())) - np.repeat(begin, extra) + 1
        others = self.assets[np.repeat(first[several].astype(np.int64), extra) + within]
        return np.concatenate([rows, np.repeat(rows[several], extra)]), np.concatenate([self.assets[first], others])


def group_owners(group_of: npt.NDArray[np.int64], assets: Rows, groups: int) -> Owners:
    """Collect the assets of each group; `group_of` gives the group number of each asset."""
    order = np.lexsort((assets, group_of))
    start = np.zeros(groups + 1, np.uint32)
    np.cumsum(np.bincount(group_of, minlength=groups), out=start[1:])
    return Owners(start, assets[order])


@dataclass(frozen=True, slots=True)
class Intervals:
    """Disjoint intervals of 128-bit addresses. Interval i runs from its start to the next one's start.

    `group` is the number of the owners of the longest prefix there, NOBODY where no prefix covers it. The IPv4
    intervals stand apart as 32-bit numbers, and `v4_bucket[b]` is the number of starts whose highest bits are below b.
    `high_first[j]` is the first interval whose high word is `high[j]`.
    """

    v4: npt.NDArray[np.uint32]
    v4_bucket: Rows
    v4_group: Groups
    high: Words
    high_first: npt.NDArray[np.int64]
    low: Words
    v6_group: Groups
    owners: Owners

    def find(self, high: Words, low: Words) -> Groups:
        """Give the group of each address (two words each, IPv4 as ::ffff:a.b.c.d), NOBODY where there is none."""
        is_v4 = (low >> np.uint64(32) == MAPPED_WORD) & (high == 0)
        if is_v4.all():
            return self.find_v4(low.astype(np.uint32))
        found = np.empty(high.size, np.int32)
        four, six = np.flatnonzero(is_v4), np.flatnonzero(~is_v4)
        found[four] = self.find_v4(low[four].astype(np.uint32))
        found[six] = self.find_v6(high[six], low[six])
        return found

    def find_v4(self, address: npt.NDArray[np.uint32]) -> Groups:
        """Give the group of each IPv4 address: its highest bits give a few intervals to halve."""
        if self.v4.size == 0:
            return np.full(address.size, NOBODY, np.int32)
        bits = (self.v4_bucket.size - 1).bit_length() - 1
        return _groups_v4(address, self.v4, self.v4_bucket, self.v4_group, bits)

    def find_v6(self, high: Words, low: Words) -> Groups:
        """Give the group of each IPv6 address: search the high words, then the low ones where a high word is split.

        Sorted needles keep the search in the cache: a fifth of the cost.
        """
        if self.low.size == 0:
            return np.full(high.size, NOBODY, np.int32)
        order = np.argsort(high)
        high, low = high[order], low[order]
        at = np.searchsorted(self.high, high, "right") - 1
        last = self.high_first[at + 1] - 1
        split = np.flatnonzero(self.high[at] == high)
        last[split] = _last_not_above(self.low, low[split], self.high_first[at[split]] - 1, last[split])
        found = np.empty(high.size, np.int32)
        found[order] = self.v6_group[last]
        return found


@compiled
def _groups_v4(
    address: npt.NDArray[np.uint32], starts: npt.NDArray[np.uint32], bucket: Rows, group: Groups, bits: int
) -> Groups:
    """The group of the last start that is not above each address; the first start is 0."""
    found = np.empty(len(address), np.int32)
    for row in range(len(address)):
        wanted = np.int64(address[row])
        place = wanted >> (32 - bits)
        low, high = np.int64(bucket[place]) - 1, np.int64(bucket[place + 1]) - 1
        while low < high:
            middle = (low + high + 1) >> 1
            if starts[middle] <= wanted:
                low = middle
            else:
                high = middle - 1
        found[row] = group[low]
    return found


@compiled
def _last_not_above(values: Words, needles: Words, first: Places, last: Places) -> Places:
    """Give for each needle the last place in first + 1 .. last whose value is not above it, or `first`."""
    found = np.empty(len(needles), np.int64)
    for row in range(len(needles)):
        low, high = first[row], last[row]
        while low < high:
            middle = (low + high + 1) >> 1
            if values[middle] <= needles[row]:
                low = middle
            else:
                high = middle - 1
        found[row] = low
    return found


def build_intervals(prefixes: Prefixes) -> Intervals:
    """Flatten prefixes, nested and shared ones too. An IPv6 prefix shorter than /96 does not cover IPv4."""
    is_v4 = (prefixes.high == 0) & (prefixes.low >> np.uint64(32) == MAPPED_WORD) & (prefixes.length >= 96)  # noqa: PLR2004 - ::ffff:0:0/96
    distinct = np.stack([prefixes.high, prefixes.low, prefixes.length.astype(np.uint64)], axis=1)
    keys, group_of = np.unique(distinct, axis=0, return_inverse=True)
    owners = group_owners(group_of.reshape(-1).astype(np.int64), prefixes.rows, len(keys))
    four = np.zeros(len(keys), np.bool_)
    four[group_of.reshape(-1)] = is_v4
    numbers = np.arange(len(keys), dtype=np.int32)
    _, v4_low, v4_group = _flatten(keys[four], numbers[four], MAPPED_WORD << np.uint64(32))
    high, low, v6_group = _flatten(keys[~four], numbers[~four], np.uint64(0))
    inside = v4_low >> np.uint64(32) == MAPPED_WORD  # what follows the last IPv4 address can never be asked for
    v4 = v4_low[inside].astype(np.uint32)
    distinct_high, high_first = np.unique(high, return_index=True)
    return Intervals(
        v4,
        _buckets(v4),
        v4_group[inside],
        distinct_high,
        np.append(high_first, high.size).astype(np.int64),
        low,
        v6_group,
        owners,
    )


def _buckets(v4: npt.NDArray[np.uint32]) -> Rows:
    """Count the starts below each value of the highest bits: about two buckets a start, 4 million at most."""
    bits = min(max((2 * v4.size).bit_length(), 8), MOST_BUCKET_BITS)
    bounds = np.arange((1 << bits) + 1, dtype=np.uint64) << np.uint64(32 - bits)
    return np.searchsorted(v4.astype(np.uint64), bounds).astype(np.uint32)


def _flatten(keys: Words, numbers: Groups, base: np.uint64) -> tuple[Words, Words, Groups]:
    """Cut the address space at every start and end; paint from the shortest prefix to the longest.

    Prefixes of one length are disjoint, so each length paints an interval at most once.
    Gives the starts (high, low) and groups; the first interval starts at `base`.
    """
    if len(keys) == 0:
        return np.empty(0, np.uint64), np.empty(0, np.uint64), np.empty(0, np.int32)
    high, low, length = keys.T
    end_high, end_low, endless = _ends(high, low, length)
    all_high = np.concatenate([np.zeros(1, np.uint64), high, end_high])
    all_low = np.concatenate([np.array([base], np.uint64), low, end_low])
    order = np.lexsort((all_low, all_high))
    new = np.ones(order.size, np.bool_)
    new[1:] = (np.diff(all_high[order]) != 0) | (np.diff(all_low[order]) != 0)
    rank = np.empty(order.size, np.int64)
    rank[order] = np.cumsum(new) - 1
    start, end = rank[1 : len(keys) + 1], rank[len(keys) + 1 :]
    cuts = order[new]
    end[endless] = cuts.size
    painted = np.full(cuts.size, NOBODY, np.int32)
    for bits in np.unique(length):
        layer = np.flatnonzero(length == bits)
        spans = end[layer] - start[layer]
        offset = np.repeat(start[layer] - (np.cumsum(spans) - spans), spans)
        painted[offset + np.arange(int(spans.sum()))] = np.repeat(numbers[layer], spans)
    return all_high[cuts], all_low[cuts], painted


def _ends(high: Words, low: Words, length: Words) -> tuple[Words, Words, npt.NDArray[np.bool_]]:
    """Give the first address after each prefix, and which prefixes have none because they end the address space."""
    one, half = np.uint64(1), np.uint64(64)
    deep = length > half
    end_high = high + (one << np.where(deep, 0, half - length).astype(np.uint64))
    end_low = low + (one << np.where(deep, np.uint64(128) - length, 0).astype(np.uint64))
    end_high = np.where(deep, high + (end_low < low), end_high)
    end_low = np.where(deep, end_low, low)
    endless = end_high < high
    return np.where(endless, high, end_high), np.where(endless, low, end_low), endless
