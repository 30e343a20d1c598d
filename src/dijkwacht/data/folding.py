"""Folds rows of one id into one row: numbers only, a part of all ids at a time, so that memory and cache are spared."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .registry import Rows, Words

NO_TIME: Final = np.iinfo(np.int64).min
PART_ROWS: Final = 1 << 16  # rows that are folded at a time: they stay in the cache

Times = npt.NDArray[np.int64]
Places = npt.NDArray[np.int64]


class Partial(NamedTuple):
    """Folded pairs in the order of their ids, text as codes. `first` and `last` are microseconds or NO_TIME.

    A column of one value may be that value repeated without memory of its own; `last` may be `first` itself.
    """

    high: Words
    low: Words
    asset: Rows
    kind: Rows
    key: Rows
    first: Times
    last: Times
    counts: Words
    severity: npt.NDArray[np.uint8]
    source: Rows
    line: Rows

    @property
    def size(self) -> int:
        """How many rows there are."""
        return int(self.high.size)

    def part(self, number: int, parts: int) -> "Partial":
        """Give the rows whose ids are in one of so many equal parts of all ids."""
        step = -(-(1 << 64) // parts)
        first = np.searchsorted(self.high, np.uint64(number * step))
        if number == parts - 1:
            return self.take(slice(int(first), None))
        return self.take(slice(int(first), int(np.searchsorted(self.high, np.uint64((number + 1) * step)))))

    def take(self, rows: Places | slice) -> "Partial":
        """Give these rows, in this order."""
        columns: Iterator[Any] = (column[rows] for column in self)
        return Partial(*columns)


def in_order(high: Words, low: Words) -> tuple[Places, Places]:
    """Order ids, equal ones in the order they came; give the order and where each id starts in it.

    The first bits of an id and its place are sorted as one word: sorting plain numbers costs a third of sorting
    positions. The few rows that share those bits and not the whole id are put in order after that.
    """
    place = np.uint64(int(high.size - 1).bit_length())
    packed = high >> place << place | np.arange(high.size, dtype=np.uint64)
    packed.sort()
    order = (packed & (np.uint64(1) << place) - np.uint64(1)).astype(np.int64)
    packed >>= place
    new = np.ones(high.size, np.bool_)
    np.not_equal(packed[1:], packed[:-1], out=new[1:])
    again = np.flatnonzero(~new)
    differs = _differs(high, low, order, again)
    if differs.any():
        runs = np.cumsum(new)
        mixed = np.flatnonzero(np.isin(runs, runs[again[differs]]))
        rows = order[mixed]
        order[mixed] = rows[np.lexsort((rows, low[rows], high[rows]))]
        new[again] = _differs(high, low, order, again)
    return order, np.flatnonzero(new)


def _differs(high: Words, low: Words, order: Places, at: Places) -> npt.NDArray[np.bool_]:
    """Whether the ids at these places differ from those before them."""
    rows, before = order[at], order[at - 1]
    differs: npt.NDArray[np.bool_] = (high[rows] != high[before]) | (low[rows] != low[before])
    return differs


def span(first: Times, last: Times, starts: Places) -> tuple[Times, Times]:
    """Give earliest and latest per finding; a missing time, the smallest number, counts only where all miss it."""
    latest = np.maximum.reduceat(last, starts)
    if (first == NO_TIME).any():
        first = np.where(first == NO_TIME, np.iinfo(np.int64).max, first)
    return np.minimum(np.minimum.reduceat(first, starts), latest), latest


def fold(partials: Sequence[Partial]) -> Iterator[Partial]:
    """Fold partials together: one partial for each part of the ids that has any, in the order of ids."""
    number = 1 + sum(partial.size for partial in partials) // PART_ROWS
    for one in range(number):
        parts = [part for part in (partial.part(one, number) for partial in partials) if part.size]
        if parts:
            yield _folded(Partial(*map(np.concatenate, zip(*parts, strict=True)))) if len(parts) > 1 else parts[0]


def _folded(partial: Partial) -> Partial:
    order, starts = in_order(partial.high, partial.low)
    if starts.size == order.size:
        return partial.take(order)
    first, last = span(partial.first[order], partial.last[order], starts)
    return partial.take(order[starts])._replace(  # noqa: SLF001 - a named tuple's own method
        first=first,
        last=last,
        counts=np.add.reduceat(partial.counts[order], starts),
        severity=np.maximum.reduceat(partial.severity[order], starts),
    )
