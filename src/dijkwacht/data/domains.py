"""Which registered domain a host falls under: a rolling hash of every suffix at a label boundary, then verified."""

from dataclasses import dataclass
from typing import Final, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from .intervals import Groups, Owners, group_owners
from .registry import Rows, Words

CHUNK_BYTES: Final = 1 << 17  # powers, bytes and sums of one chunk of hosts stay in the second-level cache
DOT: Final = ord(".")
MIX: Final = np.uint64(0x9E3779B97F4A7C15)
BUCKETS_PER_DOMAIN: Final = 4

Offsets = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Domains:
    """Registered domains in order of their hash. `bucket[b]` is the first of those whose hash starts with b."""

    multiplier: int
    names: pl.Series
    lengths: Rows
    hashes: Words
    bucket: Rows
    owners: Owners

    def find(self, hosts: pl.Series) -> tuple[Rows, Groups]:
        """Give for each host under a registered domain its position and the number of the longest such domain.

        Hosts are lower-case A-labels without nulls. A hash that agrees is verified against the name itself.
        """
        if self.names.is_empty() or hosts.is_empty():
            return np.empty(0, np.uint32), np.empty(0, np.int32)
        data, offsets = text_bytes(hosts)
        found = [self._find_chunk(data, offsets, low, high) for low, high in _chunks(offsets)]
        at = np.concatenate([chunk[0] for chunk in found])
        host = np.concatenate([chunk[1] for chunk in found])
        domain = np.concatenate([chunk[2] for chunk in found])
        verified = self._verify(hosts, host, domain) & (offsets[host + 1] - at == self.lengths[domain])
        host, domain, at = host[verified], domain[verified], at[verified]
        order = np.argsort(at, kind="stable")  # an earlier start in the same host is a longer domain
        host, domain = host[order], domain[order]
        first = np.ones(host.size, np.bool_)
        first[1:] = host[1:] != host[:-1]
        return host[first].astype(np.uint32), domain[first].astype(np.int32)

    def _find_chunk(
        self, data: npt.NDArray[np.uint8], offsets: Offsets, low: int, high: int
    ) -> tuple[Offsets, Offsets, Offsets]:
        """Give (start, host, domain) of each suffix of hosts[low:high] whose hash is that of a registered domain."""
        begin, end = offsets[low], offsets[high]
        text = data[begin:end]
        dots = np.flatnonzero(text == DOT) + 1
        inside = np.searchsorted(offsets[low : high + 1] - begin, dots, "right") - 1
        starts = np.concatenate([offsets[low:high] - begin, dots])
        host = np.concatenate([np.arange(high - low), inside])
        hashes = _suffix_hashes(text, starts, (offsets[low + 1 : high + 1] - begin)[host], self.multiplier)
        which, domain = self._look_up(hashes)
        return starts[which] + begin, host[which] + low, domain

    def _look_up(self, hashes: Words) -> tuple[Offsets, Offsets]:
        """Give (position in hashes, domain) wherever a registered hash equals; a bucket is walked to its end."""
        bucket = hashes >> _shift(self.bucket)
        at, end = self.bucket[bucket], self.bucket[bucket + np.uint64(1)]
        which = np.flatnonzero(at < end)
        at, end = at[which], end[which]
        equal_which, equal_domain = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        while which.size:
            equal = self.hashes[at] == hashes[which]
            equal_which.append(which[equal])
            equal_domain.append(at[equal].astype(np.int64))
            at = at + np.uint32(1)
            more = at < end
            which, at, end = which[more], at[more], end[more]
        return np.concatenate(equal_which), np.concatenate(equal_domain)

    def _verify(self, hosts: pl.Series, host: Offsets, domain: Offsets) -> npt.NDArray[np.bool_]:
        """Compare the text: the host must be the name or end in it after a dot."""
        pairs = pl.DataFrame({"host": hosts.gather(host), "domain": self.names.gather(domain)})
        dotted = pl.concat_str(pl.lit("."), "domain")
        same = (pl.col("host") == pl.col("domain")) | pl.col("host").str.ends_with(dotted)
        return cast("npt.NDArray[np.bool_]", pairs.select(same).to_series().to_numpy())


def text_bytes(text: pl.Series) -> tuple[npt.NDArray[np.uint8], Offsets]:
    """Give the bytes of a column without nulls, end to end, and where each value starts (one more than rows)."""
    arrow = text.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, data = (memoryview(b"" if buffer is None else buffer) for buffer in arrow.buffers())
    positions = np.frombuffer(offsets, np.int64)[arrow.offset : arrow.offset + len(arrow) + 1]
    return np.frombuffer(data, np.uint8), positions


def _chunks(offsets: Offsets) -> list[tuple[int, int]]:
    """Cut hosts in runs of about CHUNK_BYTES, one host at least."""
    cuts, low = [], 0
    while low < offsets.size - 1:
        high = int(np.searchsorted(offsets, offsets[low] + CHUNK_BYTES, "right")) - 1
        cuts.append((low, max(high, low + 1)))
        low = cuts[-1][1]
    return cuts


_POWERS: dict[int, tuple[Words, Words]] = {}


def _powers(multiplier: int, size: int) -> tuple[Words, Words]:
    """Give the powers 0 up to `size` of the multiplier and of its inverse modulo 2^64."""
    known = _POWERS.get(multiplier)
    if known is None or known[0].size <= size:
        length = max(size, CHUNK_BYTES) + 1
        inverse = pow(multiplier, -1, 1 << 64)
        up, down = np.full(length, multiplier, np.uint64), np.full(length, inverse, np.uint64)
        up[0] = down[0] = 1
        known = _POWERS[multiplier] = (np.cumprod(up), np.cumprod(down))
    return known


def _suffix_hashes(text: npt.NDArray[np.uint8], starts: Offsets, ends: Offsets, multiplier: int) -> Words:
    """Hash text[start:end] for all starts: differences of one running sum, brought back to power zero, then mixed."""
    up, down = _powers(multiplier, text.size)
    sums = np.zeros(text.size + 1, np.uint64)
    np.cumsum(np.multiply(text, up[: text.size]), out=sums[1:])
    hashes = (sums[ends] - sums[starts]) * down[starts]
    hashes ^= hashes >> np.uint64(32)
    hashes *= MIX
    return cast("Words", hashes)


def _shift(bucket: Rows) -> np.uint64:
    return np.uint64(64 - (bucket.size - 1).bit_length() + 1)


def build_domains(rows: Rows, names: pl.Series, multiplier: int) -> Domains:
    """Build the table of domains; `rows` are their assets, `multiplier` is odd and made of the registry's contents.

    An outsider who could predict the hash could make hosts that all fall in one bucket.
    """
    distinct = names.unique(maintain_order=True)
    data, offsets = text_bytes(distinct)
    hashes = np.empty(distinct.len(), np.uint64)
    for low, high in _chunks(offsets):
        bounds = offsets[low : high + 1] - offsets[low]
        text = data[offsets[low] : offsets[high]]
        hashes[low:high] = _suffix_hashes(text, bounds[:-1], bounds[1:], multiplier)
    order = np.argsort(hashes, kind="stable")
    ordered = distinct.gather(order)
    bits = max(1, (distinct.len() * BUCKETS_PER_DOMAIN - 1).bit_length())
    starts = np.arange((1 << bits) + 1, dtype=np.uint64)
    bucket = np.searchsorted(hashes[order] >> np.uint64(64 - bits), starts, "left").astype(np.uint32)
    number = pl.DataFrame({"name": ordered}).with_row_index("number")
    group_of = pl.DataFrame({"name": names}).join(number, on="name", how="left", maintain_order="left")["number"]
    owners = group_owners(group_of.cast(pl.Int64).to_numpy(), rows, distinct.len())
    lengths = ordered.str.len_bytes().to_numpy()
    return Domains(multiplier, ordered, lengths, hashes[order], bucket, owners)
