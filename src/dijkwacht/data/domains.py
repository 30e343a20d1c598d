"""Which registered domain a host falls under: a rolling hash of every suffix at a label boundary, then verified."""

from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from .hashing import GOLDEN, Hashes, HashTable, Places, build_table
from .intervals import Groups, Owners, group_owners
from .registry import Rows

CHUNK_BYTES: Final = 1 << 17  # powers, bytes and sums of one chunk of hosts stay in the second-level cache
DOT: Final = ord(".")
MODULUS: Final = 1 << 32

Text = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Domains:
    """Registered domains in order of their hash, with their lengths in bytes."""

    multiplier: int
    names: pl.Series
    lengths: Rows
    table: HashTable
    owners: Owners

    def find(self, hosts: pl.Series) -> tuple[Rows, Groups]:
        """Give for each host under a registered domain its position and the number of the longest such domain.

        Hosts are lower-case A-labels without nulls. A hash that agrees is verified against the name itself.
        """
        if self.names.is_empty() or hosts.is_empty():
            return np.empty(0, np.uint32), np.empty(0, np.int32)
        data, offsets = text_bytes(hosts)
        found = [self._find_chunk(data, offsets, low, high) for low, high in _chunks(offsets)]
        host, domain = (np.concatenate(part) for part in zip(*found, strict=True))
        verified = np.flatnonzero(self._verify(hosts, host, domain))
        host, domain = host[verified], domain[verified]
        order = np.lexsort((-self.lengths[domain].astype(np.int64), host))
        host, domain = host[order], domain[order]
        first = np.ones(host.size, np.bool_)
        first[1:] = host[1:] != host[:-1]
        return host[first].astype(np.uint32), domain[first].astype(np.int32)

    def _find_chunk(self, data: Text, offsets: Places, low: int, high: int) -> tuple[Places, Places]:
        """Give (host, domain) of each suffix of hosts[low:high] that has the hash and length of a registered domain."""
        begin = offsets[low]
        text, bounds = data[begin : offsets[high]], offsets[low : high + 1] - begin
        dots = np.flatnonzero(text == DOT)
        cuts = np.searchsorted(dots, bounds)
        inside = np.diff(cuts)
        dotted = np.flatnonzero(inside)
        dots = np.delete(dots, cuts[1:][dotted] - 1)  # the last label alone is a public suffix: it is never registered
        inside[dotted] -= 1
        host = np.concatenate([np.arange(high - low), np.repeat(np.arange(high - low), inside)])
        starts = np.concatenate([bounds[:-1], dots + 1])
        ends = bounds[1:].take(host)
        which, domain = self.table.find(_suffix_hashes(text, starts, ends, self.multiplier))
        fits = np.flatnonzero(ends[which] - starts[which] == self.lengths[domain])
        return host[which[fits]] + low, domain[fits]

    def _verify(self, hosts: pl.Series, host: Places, domain: Places) -> npt.NDArray[np.bool_]:
        """Compare the text: the host must be the name or end in it after a dot."""
        pairs = pl.DataFrame({"host": hosts.gather(host), "domain": self.names.gather(domain)})
        dotted = pl.concat_str(pl.lit("."), "domain")
        same = (pl.col("host") == pl.col("domain")) | pl.col("host").str.ends_with(dotted)
        return cast("npt.NDArray[np.bool_]", pairs.select(same).to_series().to_numpy())


def text_bytes(text: pl.Series) -> tuple[Text, Places]:
    """Give the bytes of a column without nulls, end to end, and where each value starts (one more than rows)."""
    arrow = text.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, data = (memoryview(b"" if buffer is None else buffer) for buffer in arrow.buffers())
    positions = np.frombuffer(offsets, np.int64)[arrow.offset : arrow.offset + len(arrow) + 1]
    return np.frombuffer(data, np.uint8), positions


def _chunks(offsets: Places) -> list[tuple[int, int]]:
    """Cut hosts in runs of about CHUNK_BYTES, one host at least."""
    cuts, low = [], 0
    while low < offsets.size - 1:
        high = int(np.searchsorted(offsets, offsets[low] + CHUNK_BYTES, "right")) - 1
        cuts.append((low, max(high, low + 1)))
        low = cuts[-1][1]
    return cuts


_POWERS: dict[int, tuple[Hashes, Hashes]] = {}


def _powers(multiplier: int, size: int) -> tuple[Hashes, Hashes]:
    """Give the powers 0 up to `size` of the multiplier and of its inverse."""
    known = _POWERS.get(multiplier)
    if known is None or known[0].size <= size:
        length = max(size, CHUNK_BYTES) + 1
        up, down = np.full(length, multiplier, np.uint32), np.full(length, pow(multiplier, -1, MODULUS), np.uint32)
        up[0] = down[0] = 1
        known = _POWERS[multiplier] = (np.cumprod(up, dtype=np.uint32), np.cumprod(down, dtype=np.uint32))
    return known


def _suffix_hashes(text: Text, starts: Places, ends: Places, multiplier: int) -> Hashes:
    """Hash text[start:end] for all starts: differences of one running sum, brought back to power zero, then mixed."""
    up, down = _powers(multiplier, text.size)
    sums = np.zeros(text.size + 1, np.uint32)
    np.cumsum(np.multiply(text, up[: text.size]), dtype=np.uint32, out=sums[1:])
    hashes = sums.take(ends)
    hashes -= sums.take(starts)
    hashes *= down.take(starts)
    hashes ^= hashes >> np.uint32(15)
    hashes *= GOLDEN
    return hashes


def build_domains(rows: Rows, names: pl.Series, multiplier: int) -> Domains:
    """Build the table of domains; `rows` are their assets, `multiplier` is odd and made of the registry's contents.

    An outsider who could predict the hash could make hosts that all fall in one bucket.
    """
    multiplier %= MODULUS
    distinct = names.unique(maintain_order=True)
    data, offsets = text_bytes(distinct)
    hashes = np.empty(distinct.len(), np.uint32)
    for low, high in _chunks(offsets):
        bounds = offsets[low : high + 1] - offsets[low]
        text = data[offsets[low] : offsets[high]]
        hashes[low:high] = _suffix_hashes(text, bounds[:-1], bounds[1:], multiplier)
    table, order = build_table(hashes)
    ordered = distinct.gather(order)
    number = pl.DataFrame({"name": ordered}).with_row_index("number")
    group_of = pl.DataFrame({"name": names}).join(number, on="name", how="left", maintain_order="left")["number"]
    owners = group_owners(group_of.cast(pl.Int64).to_numpy(), rows, distinct.len())
    return Domains(multiplier, ordered, ordered.str.len_bytes().to_numpy(), table, owners)
