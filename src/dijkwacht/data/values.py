"""Text as received → typed values, a column at a time. A value that is not understood becomes null."""

import socket
from itertools import pairwise
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

IPV4_MAPPED: Final = 0xFFFF_0000_0000  # the low half of ::ffff:0.0.0.0
EPOCH_SECONDS: Final = r"^\d{9,10}(?:\.\d+)?$"
Words = NDArray[np.uint64]
Mask = NDArray[np.bool_]


def times(text: pl.Series) -> pl.Series:
    """Times as naive UTC; null for what is none.

    Reads `YYYY-MM-DD HH:MM:SS`, ISO 8601 with a T, fractions or a zone, a date alone, and seconds since 1970.
    """
    known = text.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False, cache=False)
    if known.null_count() == text.null_count():
        return known
    unknown = known.is_null()
    return known.scatter(np.flatnonzero(unknown.to_numpy()), _other_times(text.filter(unknown).str.strip_chars()))


def _other_times(text: pl.Series) -> pl.Series:
    one = text.str.replace(r"^(\d{4}-\d\d-\d\d) (\d)", "${1}T${2}").str.replace(r"Z$", "+00:00")
    zoned = one.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%:z", time_unit="us", time_zone="UTC", strict=False)
    plain = one.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
    date = text.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
    seconds = text.set(~text.str.contains(EPOCH_SECONDS).fill_null(value=False), None).cast(pl.Float64, strict=False)
    epoch = (seconds * 1_000_000).round().cast(pl.Int64).cast(pl.Datetime("us"))
    return pl.select(pl.coalesce(zoned.dt.replace_time_zone(None), plain, date, epoch)).to_series()


def addresses(text: pl.Series) -> tuple[Words, Words, Mask]:
    """IP addresses as the high and low 64 bits of an IPv6 address (IPv4 as ::ffff:a.b.c.d), and which are valid.

    Strict: no zone, no leading zero in an IPv4 part, no spaces. Null is not valid.
    """
    count = len(text)
    high, low, valid = np.zeros(count, np.uint64), np.zeros(count, np.uint64), np.zeros(count, bool)
    with_colon = text.str.contains(":", literal=True).fill_null(value=False).to_numpy()
    if not with_colon.any():
        four, valid = _ipv4(text)
        return high, np.where(valid, four | np.uint64(IPV4_MAPPED), np.uint64(0)), valid
    six = np.flatnonzero(with_colon)
    words, good = _ipv6(text.filter(pl.Series(with_colon)))
    high[six], low[six], valid[six] = words[:, 0], words[:, 1], good
    if len(six) < count:
        rest = np.flatnonzero(~with_colon)
        four, good = _ipv4(text.filter(pl.Series(~with_colon)))
        low[rest], valid[rest] = np.where(good, four | np.uint64(IPV4_MAPPED), np.uint64(0)), good
    return high, low, valid


def _ipv4(text: pl.Series) -> tuple[Words, Mask]:
    """Dotted quads by arithmetic on their bytes. What does not have three dots is looked at apart."""
    offsets, data = text_bytes(text)
    dots = np.flatnonzero(data == ord("."))
    starts, ends = offsets[:-1], offsets[1:]
    if len(dots) != 3 * len(text) or not ((dots[0::3] >= starts) & (dots[2::3] < ends)).all():
        shaped = (text.str.count_matches(".", literal=True) == 3).fill_null(value=False).to_numpy()  # noqa: PLR2004
        out, valid = np.zeros(len(text), np.uint64), np.zeros(len(text), bool)
        if shaped.any():
            out[shaped], valid[shaped] = _ipv4(text.filter(pl.Series(shaped)))
        return out, valid
    bounds = (starts, dots[0::3] + 1, dots[1::3] + 1, dots[2::3] + 1, ends + 1)
    digits = data - np.uint8(ord("0"))
    digits[dots] = 0
    valid = np.ones(len(text), bool)
    if digits.size and digits.max() > 9:  # noqa: PLR2004
        strange = np.flatnonzero(digits > 9)  # noqa: PLR2004
        valid[np.searchsorted(ends, strange, side="right")] = False
    out = np.zeros(len(text), np.uint32)
    for first, after in pairwise(bounds):
        part, good = _octet(digits, first, after - 1)
        out = (out << np.uint32(8)) | part
        valid &= good
    return out.astype(np.uint64), valid


def _octet(digits: NDArray[np.uint8], first: NDArray[Any], end: NDArray[Any]) -> tuple[NDArray[np.uint32], Mask]:
    """The number in digits[first:end] of each row, and whether it is one to three digits, at most 255, no leading 0."""
    length = (end - first).astype(np.uint8)
    last = np.minimum(end, len(digits)) - 1
    value = digits[last].astype(np.uint32)
    value += np.where(length > 1, digits[last - 1], 0) * np.uint32(10)
    value += np.where(length > 2, digits[last - 2], 0) * np.uint32(100)  # noqa: PLR2004
    leading = (length > 1) & (digits[np.minimum(first, last)] == 0)
    return value, (length >= 1) & (length <= 3) & (value <= 255) & ~leading  # noqa: PLR2004


def _ipv6(text: pl.Series) -> tuple[Words, Mask]:
    """Each distinct address once through the C library, which is strict."""
    values = text.to_list()
    try:
        packed = b"".join([socket.inet_pton(socket.AF_INET6, value) for value in values])
        good = np.ones(len(values), bool)
    except (OSError, ValueError):
        parts = [_pton(value) for value in values]
        good = np.array([part is not None for part in parts])
        packed = b"".join(part or bytes(16) for part in parts)
    return np.frombuffer(packed, ">u8").astype(np.uint64).reshape(-1, 2), good


def _pton(value: str) -> bytes | None:
    try:
        return socket.inet_pton(socket.AF_INET6, value)
    except (OSError, ValueError):
        return None


def text_bytes(text: pl.Series) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Offsets (one more than rows) and bytes of a column of text; null counts as empty."""
    array = text.fill_null("").rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, data = array.buffers()
    spans = np.frombuffer(memoryview(offsets or b""), np.int64)[array.offset : array.offset + len(array) + 1]
    whole = np.frombuffer(memoryview(data), np.uint8) if data is not None else np.zeros(0, np.uint8)
    return spans - spans[0], whole[spans[0] : spans[-1]]
