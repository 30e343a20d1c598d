"""Folds pairs into findings: one row per asset, kind, key and subject, which is one id.

The subject is the address, or the host where there is no address: two machines in one prefix are two findings.
"""

from dataclasses import dataclass, field
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from .attribution import once_per_organisation
from .folding import NO_TIME, Partial, Times, fold, in_order, span
from .identity import siphash, text_digests
from .index import Index
from .registry import Rows, Words
from .schema import FINDING, TEXT

FOLD_AT: Final = 1 << 22  # rows held before they are folded again

Kind = TypeVar("Kind", bound=np.generic)


@dataclass(slots=True)
class Codes:
    """Text of one column as Polars' own numbers, which stay the same while a series holds them, and its digests."""

    column: str
    texts: list[pl.Series] = field(default_factory=list)  # Polars forgets a text that no series holds
    digests: Words = field(default_factory=lambda: np.empty((0, 2), np.uint64))
    known: npt.NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))

    def of(self, text: pl.Series) -> Rows:
        """Give the code of each text; null is the empty text."""
        if len(text) > 1 and bool((text == text[0]).all()):  # one value, which need not be coded row by row
            return np.broadcast_to(self.of(text[:1])[0], len(text))
        coded = text.fill_null("").cast(TEXT)
        codes: Rows = coded.to_physical().to_numpy()
        self._grow(int(codes.max()) + 1)
        if not self.known[codes].all():
            places = np.unique(codes[~self.known[codes]])
            fresh = pl.Series(places).cat.to(TEXT)
            self.texts.append(fresh)
            self.digests[places] = text_digests(self.column, fresh.cast(pl.String))
            self.known[places] = True
        return codes

    def _grow(self, size: int) -> None:
        if size > self.known.size:
            room = max(size, 2 * self.known.size) - self.known.size
            self.known = np.append(self.known, np.zeros(room, np.bool_))
            self.digests = np.append(self.digests, np.zeros((room, 2), np.uint64), axis=0)


@dataclass(slots=True)
class Grouper:
    """Takes batch after batch and holds the findings so far. Memory follows the number of findings, not of rows."""

    index: Index
    salt: bytes = b""
    kinds: Codes = field(default_factory=lambda: Codes("kind"))
    keys: Codes = field(default_factory=lambda: Codes("key"))
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
        pairs = once_per_organisation(pairs, self.index.organisation)
        partial = self._partial(frame, pairs["row"].to_numpy(), pairs["asset"].to_numpy())
        self.partials.append(partial)
        self.waiting += partial.size
        if self.waiting >= self.fold_at:
            self.partials = list(fold(self.partials))
            self.waiting = sum(partial.size for partial in self.partials)
            self.fold_at = max(self.fold_at, 2 * self.waiting)

    def _partial(self, frame: pl.DataFrame, rows: Rows, assets: Rows) -> Partial:
        kinds, keys = self.kinds.of(frame["kind"]), self.keys.of(_key(frame))
        texts, owners = self.kinds.digests[kinds] ^ self.keys.digests[keys], self.index.digests
        address = [frame[name].fill_null(0).to_numpy()[rows] for name in ("ip_high", "ip_low")]
        words = [owners[assets, 0], owners[assets, 1], texts[rows, 0], texts[rows, 1], *address]
        high, low = siphash(words, self.salt)
        order, starts = in_order(high, low)
        at = order[starts]
        first, last, counts, severity = _fold_rows(frame, rows[order], starts)
        return Partial(
            high[at],
            low[at],
            assets[at],
            _lean(kinds[rows[at]]),
            _lean(keys[rows[at]]),
            first,
            last,
            _lean(counts),
            _lean(severity),
            np.broadcast_to(np.uint32(len(self.sources) - 1), starts.size),
            frame["line"].to_numpy()[rows[at]],
        )

    def findings(self) -> pl.DataFrame:
        """Give the findings so far, a frame of FINDING ordered by id."""
        sources = pl.Series(self.sources, dtype=TEXT)
        return pl.concat([pl.DataFrame(schema=FINDING), *(self._frame(part, sources) for part in fold(self.partials))])

    def _frame(self, folded: Partial, sources: pl.Series) -> pl.DataFrame:
        columns = [
            folded.high,
            folded.low,
            folded.asset,
            *(pl.Series(np.ascontiguousarray(codes)).cat.to(TEXT) for codes in (folded.kind, folded.key)),
            self.index.how[folded.asset],
            _times(folded.first),
            _times(folded.last),
            np.ascontiguousarray(folded.counts),
            np.ascontiguousarray(folded.severity),
            sources.gather(pl.Series(np.ascontiguousarray(folded.source))),
            folded.line,
        ]
        return pl.DataFrame(dict(zip(FINDING.names(), columns, strict=True)), schema=FINDING)


def _lean(column: npt.NDArray[Kind]) -> npt.NDArray[Kind]:
    """Give the column; where it has one value only, without memory for each row."""
    return np.broadcast_to(column[0], column.shape) if (column == column[0]).all() else column


def _key(frame: pl.DataFrame) -> pl.Series:
    """What tells findings of one kind on one asset apart, besides the address: the host stands in where that lacks."""
    if not frame["ip_low"].null_count():
        return frame["key"]
    host = pl.when(pl.col("ip_low").is_null()).then("host")
    return frame.select(
        pl.concat_str(host, pl.col("key").replace("", None), separator=" ", ignore_nulls=True)
    ).to_series()


def _times(times: Times) -> pl.Series:
    """Give microseconds as times; NO_TIME as null."""
    series = pl.Series(times)
    if (times == NO_TIME).any():
        series = series.replace(NO_TIME, None)
    return series.cast(pl.Datetime("us"))


def _fold_rows(
    frame: pl.DataFrame, rows: Rows, starts: npt.NDArray[np.int64]
) -> tuple[Times, Times, Words, npt.NDArray[np.uint8]]:
    times = frame["time"].cast(pl.Int64).fill_null(NO_TIME).to_numpy()[rows]
    severity = frame["severity"].fill_null(0).to_numpy()[rows]
    if starts.size == rows.size:
        return times, times, np.ones(rows.size, np.uint64), severity
    counts = np.diff(np.append(starts, rows.size)).astype(np.uint64)
    first, last = span(times, times, starts)
    return first, last, counts, np.maximum.reduceat(severity, starts)


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
    folded = together.group_by("id_high", "id_low", maintain_order=True).agg(
        pl.col("asset", "kind", "key", "how", "sample_source", "sample_line").first(),
        pl.col("first_seen").min(),
        pl.col("last_seen", "severity").max(),
        pl.col("count").sum(),
    )
    return folded.select(FINDING.names()).cast(FINDING).sort("id_high", "id_low")
