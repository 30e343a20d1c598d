"""Folds pairs into findings: one row per asset, kind and key. Exact: equal text is one finding, nothing else is."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from .identity import siphash, text_digests
from .index import Index
from .registry import Rows
from .schema import FINDING

FOLD_AT: Final = 1 << 20  # partial rows held before they are folded again
WORD_BITS: Final = 64
NO_TIME: Final = np.iinfo(np.int64).min

Times = npt.NDArray[np.int64]


class Partial(NamedTuple):
    """Folded pairs with text as numbers. `first` and `last` are microseconds, NO_TIME where there is none."""

    asset: Rows
    kind: Rows
    key: Rows
    first: Times
    last: Times
    counts: npt.NDArray[np.uint64]
    severity: npt.NDArray[np.uint8]
    source: Rows
    line: Rows

    def take(self, places: npt.NDArray[np.int64]) -> "Partial":
        """Give these rows, in this order."""
        return Partial(
            self.asset[places],
            self.kind[places],
            self.key[places],
            self.first[places],
            self.last[places],
            self.counts[places],
            self.severity[places],
            self.source[places],
            self.line[places],
        )


class Dictionary:
    """Text as numbers, the same number for the same text in every batch."""

    def __init__(self) -> None:
        self._type = pl.Categorical(pl.Categories.random())
        self._anchor = pl.Series(dtype=self._type)  # Polars forgets categories that no series uses

    def codes(self, text: pl.Series) -> Rows:
        """Give the number of each text; null is the empty text."""
        codes: Rows = text.fill_null("").cast(self._type).to_physical().to_numpy()
        return codes

    def texts(self, codes: Rows) -> pl.Series:
        """Give the text of each number."""
        return pl.Series(codes, dtype=pl.UInt32).cat.to(self._type).cast(pl.String)


@dataclass(slots=True)
class Grouper:
    """Takes batch after batch and holds the findings so far. Memory follows the number of findings, not of rows."""

    index: Index
    salt: bytes = b""
    kinds: Dictionary = field(default_factory=Dictionary)
    keys: Dictionary = field(default_factory=Dictionary)
    sources: list[str] = field(default_factory=list)
    partials: list[Partial] = field(default_factory=list)
    waiting: int = 0
    fold_at: int = FOLD_AT

    def add(self, frame: pl.DataFrame, pairs: pl.DataFrame, source: str = "") -> None:
        """Fold the pairs of one batch of OBSERVATION. `source` names its file in the findings' evidence."""
        if pairs.is_empty():
            return
        if not self.sources or self.sources[-1] != source:
            self.sources.append(source)
        rows, assets = pairs["row"].to_numpy(), pairs["asset"].to_numpy()
        kinds, keys = self.kinds.codes(frame["kind"]), self.keys.codes(frame["key"])
        order, starts = _order(assets, kinds, keys, rows)
        partial = _fold_rows(frame, rows[order], starts)
        at, row = order[starts], rows[order[starts]]
        source_code = np.full(starts.size, len(self.sources) - 1, np.uint32)
        self._hold(Partial(assets[at], kinds[row], keys[row], *partial, source_code, frame["line"].to_numpy()[row]))

    def _hold(self, partial: Partial) -> None:
        self.partials.append(partial)
        self.waiting += partial.asset.size
        if self.waiting >= self.fold_at:
            folded = self._fold()
            self.fold_at = max(FOLD_AT, 2 * folded.asset.size)

    def _fold(self) -> Partial:
        if len(self.partials) > 1:
            columns = zip(*self.partials, strict=True)
            self.partials = [_fold_partials(Partial(*(np.concatenate(column) for column in columns)))]
        self.waiting = self.partials[0].asset.size if self.partials else 0
        return self.partials[0] if self.partials else _nothing()

    def findings(self) -> pl.DataFrame:
        """Give the findings so far, a frame of FINDING ordered by asset, kind and key."""
        folded = self._fold()
        of, texts = self._texts(folded)
        order = np.argsort(folded.asset.astype(np.uint64) << np.uint64(32) | of.astype(np.uint64))
        folded, of = folded.take(order), of[order]
        assets, words = self.index.digests[folded.asset], text_digests(texts["kind"], texts["key"])[of]
        ids = siphash([assets[:, 0], assets[:, 1], words[:, 0], words[:, 1]], self.salt)
        columns = [
            *ids,
            folded.asset,
            texts["kind"].gather(of),
            texts["key"].gather(of),
            self.index.how[folded.asset],
            _times(folded.first),
            _times(folded.last),
            folded.counts,
            folded.severity,
            pl.Series(self.sources, dtype=pl.String).gather(folded.source),
            folded.line,
        ]
        return pl.DataFrame(dict(zip(FINDING.names(), columns, strict=True)), schema=FINDING)

    def _texts(self, folded: Partial) -> tuple[npt.NDArray[np.int64], pl.DataFrame]:
        """Give the distinct kinds and keys in order of text, and which of them each finding has.

        Text is sorted and hashed once for each distinct pair, not for each finding.
        """
        packed = folded.kind.astype(np.uint64) << np.uint64(32) | folded.key
        distinct, of = np.unique(packed, return_inverse=True)
        kinds = self.kinds.texts((distinct >> np.uint64(32)).astype(np.uint32))
        keys = self.keys.texts(distinct.astype(np.uint32))
        texts = pl.DataFrame({"kind": kinds, "key": keys}).with_row_index("at").sort("kind", "key")
        place = np.empty(distinct.size, np.int64)
        place[texts["at"].to_numpy()] = np.arange(distinct.size)
        return place[of], texts


def _times(times: Times) -> pl.Series:
    """Give microseconds as times; NO_TIME as null."""
    series = pl.Series(times)
    if (times == NO_TIME).any():
        series = series.replace(NO_TIME, None)
    return series.cast(pl.Datetime("us"))


def group(
    frame: pl.DataFrame, pairs: pl.DataFrame, index: Index, salt: bytes = b"", *, source: str = ""
) -> pl.DataFrame:
    """Fold the pairs of one batch of OBSERVATION into FINDING. Different salts give unrelated ids."""
    grouper = Grouper(index, salt)
    grouper.add(frame, pairs, source)
    return grouper.findings()


def merge(*findings: pl.DataFrame) -> pl.DataFrame:
    """Fold findings of several batches or files, made with one index and salt, into one frame of FINDING.

    The sample is that of the first frame that has the finding, so merging in file order gives the same on every run.
    """
    together = pl.concat([pl.DataFrame(schema=FINDING), *findings])
    folded = together.group_by("asset", "kind", "key", maintain_order=True).agg(
        pl.col("id_high", "id_low", "how", "sample_source", "sample_line").first(),
        pl.col("first_seen").min(),
        pl.col("last_seen", "severity").max(),
        pl.col("count").sum(),
    )
    return folded.select(FINDING.names()).cast(FINDING).sort("asset", "kind", "key")


def _order(assets: Rows, kinds: Rows, keys: Rows, rows: Rows) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Order pairs by asset, kind, key and row; give the order and where each finding starts.

    All four are packed in one word where they fit, with the pair's position as the last part: sorting plain numbers
    costs a third of sorting positions.
    """
    kinds, keys = kinds[rows], keys[rows]
    parts = (assets, kinds, keys)
    widths = [int(part.max()).bit_length() for part in parts]
    place = int(assets.size - 1).bit_length()
    if sum(widths) + place > WORD_BITS:
        order = np.lexsort((rows, keys, kinds, assets))
        new = np.ones(order.size, np.bool_)
        new[1:] = np.logical_or.reduce([np.diff(part[order]) != 0 for part in parts])
        return order, np.flatnonzero(new)
    packed = assets.astype(np.uint64)
    for part, width in ((kinds, widths[1]), (keys, widths[2])):
        packed = packed << np.uint64(width) | part
    packed = packed << np.uint64(place) | np.arange(assets.size, dtype=np.uint64)
    packed.sort()
    order = (packed & np.uint64((1 << place) - 1)).astype(np.int64)
    packed >>= np.uint64(place)
    new = np.ones(order.size, np.bool_)
    new[1:] = packed[1:] != packed[:-1]
    return order, np.flatnonzero(new)


def _fold_rows(
    frame: pl.DataFrame, rows: Rows, starts: npt.NDArray[np.int64]
) -> tuple[Times, Times, npt.NDArray[np.uint64], npt.NDArray[np.uint8]]:
    times = frame["time"].cast(pl.Int64).fill_null(NO_TIME).to_numpy()[rows]
    severity = frame["severity"].fill_null(0).to_numpy()[rows]
    counts = np.diff(np.append(starts, rows.size)).astype(np.uint64)
    first, last = _span(times, times, starts)
    return first, last, counts, np.maximum.reduceat(severity, starts)


def _span(first: Times, last: Times, starts: npt.NDArray[np.int64]) -> tuple[Times, Times]:
    """Give earliest and latest per finding; a missing time, the smallest number, counts only where all miss it."""
    latest = np.maximum.reduceat(last, starts)
    if (first == NO_TIME).any():
        first = np.where(first == NO_TIME, np.iinfo(np.int64).max, first)
    return np.minimum(np.minimum.reduceat(first, starts), latest), latest


def _fold_partials(partial: Partial) -> Partial:
    place = np.arange(partial.asset.size, dtype=np.uint32)
    order, starts = _order(partial.asset, partial.kind, partial.key, place)
    first, last = _span(partial.first[order], partial.last[order], starts)
    return partial.take(order[starts])._replace(  # noqa: SLF001 - a named tuple's own method
        first=first,
        last=last,
        counts=np.add.reduceat(partial.counts[order], starts),
        severity=np.maximum.reduceat(partial.severity[order], starts),
    )


def _nothing() -> Partial:
    words = np.empty(0, np.uint32)
    times = np.empty(0, np.int64)
    return Partial(words, words, words, times, times, np.empty(0, np.uint64), np.empty(0, np.uint8), words, words)
