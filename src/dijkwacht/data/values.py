"""Text as received → typed values, a column at a time. A value that is not understood becomes null."""

import socket
from datetime import datetime
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .texts import quads, text_bytes

IPV4_MAPPED: Final = 0xFFFF_0000_0000  # the low half of ::ffff:0.0.0.0
EPOCH_SECONDS: Final = r"^\d{9,10}(?:\.\d+)?$"
# An observation of another century is a fault of the source; a database or calendar may not even hold its year.
EARLIEST: Final = datetime(1990, 1, 1)  # noqa: DTZ001 - naive UTC, as the column `time`
LATEST: Final = datetime(2100, 1, 1)  # noqa: DTZ001
Words = NDArray[np.uint64]
Mask = NDArray[np.bool_]


def quick_times(text: pl.Expr) -> pl.Expr:
    """Times of the form `YYYY-MM-DD HH:MM:SS` as naive UTC; null for any other."""
    return text.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False, cache=False)


def times(text: pl.Series) -> pl.Series:
    """Times as naive UTC; null for what is none.

    Reads `YYYY-MM-DD HH:MM:SS`, ISO 8601 with a T, fractions or a zone, a date alone, and seconds since 1970.
    """
    known = pl.select(quick_times(pl.lit(text))).to_series()
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


def plausible(time: pl.Series) -> pl.Series:
    """The times with null for those outside EARLIEST to LATEST."""
    return time if time.is_between(EARLIEST, LATEST).all() else time.set(~time.is_between(EARLIEST, LATEST), None)


def addresses(text: pl.Series) -> tuple[Words, Words, Mask]:
    """IP addresses as the high and low 64 bits of an IPv6 address (IPv4 as ::ffff:a.b.c.d), and which are valid.

    Strict: no zone, no leading zero in an IPv4 part, no spaces. Null is not valid.
    """
    places, data = text_bytes(text)
    four, valid = quads(places, data)
    high, low = np.zeros(len(text), np.uint64), four.astype(np.uint64)
    low += np.uint64(IPV4_MAPPED)
    if not valid.all():
        low[~valid] = 0
    if (data == ord(":")).any():
        with_colon = text.str.contains(":", literal=True).fill_null(value=False)
        six = np.flatnonzero(with_colon.to_numpy())
        words, good = _ipv6(text.filter(with_colon))
        high[six], low[six], valid[six] = words[:, 0], words[:, 1], good
    return high, low, valid


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
