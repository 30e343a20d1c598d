"""A column of text as bytes end to end, and what is read from those bytes in one pass."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .compiled import compiled

Places = NDArray[np.int64]
Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]


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
            byte = np.int64(data[at])
            if byte == 46 and digits:  # the dot
                number, part, digits, dots = number << 8 | part, 0, 0, dots + 1
                continue
            part, digits = part * 10 + byte - 48, digits + 1
            if byte < 48 or byte > 57 or part > 255 or (digits > 1 and part < 10):  # noqa: PLR2004 - ASCII digits
                dots = -4
                break
        if dots == 3 and digits:  # noqa: PLR2004
            numbers[row], valid[row] = number << 8 | part, True
    return numbers, valid


@compiled
def plain_names(places: Places, data: Bytes) -> Mask:
    """Which texts are a host name in canonical form already, of at most 63 bytes; a longer one is looked at alone.

    Labels of lower-case letters, digits, underscores and hyphens inside, at least two, the last one ending in a letter.
    """
    rows = len(places) - 1
    plain = np.zeros(rows, np.bool_)
    for row in range(rows):
        start, end = places[row], places[row + 1]
        good, labels, before = 0 < end - start <= 63, 1, 46  # noqa: PLR2004 - before a name stands a dot, so to speak
        for at in range(start, end if good else start):
            byte = data[at]
            if byte == 46 or byte == 45:  # noqa: PLR1714, PLR2004 - a dot or hyphen
                good = good and before != 46 and (byte == 45 or before != 45)  # noqa: PLR2004
                labels += byte == 46  # noqa: PLR2004
            else:
                good = good and (97 <= byte <= 122 or 48 <= byte <= 57 or byte == 95)  # noqa: PLR2004 - a-z, 0-9, _
            before = np.int64(byte)
        plain[row] = good and labels > 1 and 97 <= before <= 122  # noqa: PLR2004
    return plain
