"""A column of text as bytes end to end, and what is read from those bytes in one pass."""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .compiled import compiled

Places = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]

DOT, HYPHEN, UNDERSCORE, ZERO, NINE, A, Z = b".-_09az"
LONGEST_LABEL: Final = 63  # bytes (RFC 1035, 2.3.4)
PARTS, LARGEST_PART = 4, 255  # of an IPv4 address


def text_bytes(text: pl.Series) -> tuple[Places, Bytes]:
    """Where each value starts (one more than rows) in the bytes of a column, and those bytes; null counts as empty."""
    filled = text.fill_null("") if text.null_count() else text
    array = filled.rechunk().to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, data = array.buffers()
    places = np.frombuffer(memoryview(offsets or b""), np.int64)[array.offset : array.offset + len(array) + 1]
    return places, np.frombuffer(memoryview(b"" if data is None else data), np.uint8)


@compiled
def quads(places: Places, data: Bytes) -> tuple[NDArray[np.uint32], Mask]:
    """IPv4 addresses as numbers, and which texts are one: four parts of 0 to 255 without a leading zero."""
    rows = len(places) - 1
    numbers, valid = np.zeros(rows, np.uint32), np.zeros(rows, np.bool_)
    for row in range(rows):
        number = part = digits = dots = 0
        for at in range(places[row], places[row + 1]):
            byte = int(data[at])
            if byte == DOT and digits:
                number, part, digits, dots = number << 8 | part, 0, 0, dots + 1
                continue
            part, digits = part * 10 + byte - ZERO, digits + 1
            if byte < ZERO or byte > NINE or part > LARGEST_PART or (part < 10 and digits > 1):  # noqa: PLR2004
                dots = -PARTS
                break
        if dots == PARTS - 1 and digits:
            numbers[row], valid[row] = number << 8 | part, True
    return numbers, valid


@compiled
def plain_names(places: Places, data: Bytes) -> Mask:
    """Which texts are a host name in canonical form already; one that is longer than a label may be is looked at alone.

    Labels of lower-case letters, digits, underscores and hyphens inside, at least two, the last one ending in a letter.
    """
    rows = len(places) - 1
    plain = np.zeros(rows, np.bool_)
    for row in range(rows):
        start, end = places[row], places[row + 1]
        good, labels, before = 0 < end - start <= LONGEST_LABEL, 1, DOT
        for at in range(start, end if good else start):
            byte = int(data[at])
            if byte in (DOT, HYPHEN):
                good = good and before != DOT and (byte == HYPHEN or before != HYPHEN)
                labels += byte == DOT
            else:
                good = good and (A <= byte <= Z or ZERO <= byte <= NINE or byte == UNDERSCORE)
            before = byte
        plain[row] = good and labels > 1 and A <= before <= Z
    return plain
