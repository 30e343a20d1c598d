"""Signs sought in long texts. One letter is found a hundred times faster than two, so of a sign its rarest is sought.

Where that letter turns out not to be rare, the search goes on as the library does it: no text makes it slow.
"""

from typing import Final, TypeVar

TRIES: Final = 64
NEAR: Final = 1_000  # letters within which the library is as fast
Text = TypeVar("Text", str, bytes)


def place_of(text: Text, sign: Text, start: int = 0, end: int | None = None, *, rare: tuple[int, ...] = (0,)) -> int:
    """Give where a sign stands first, or -1, as `find` does. `rare`: which of its letters may be rare."""
    stop = len(text) if end is None else min(end, len(text))
    near = start + NEAR
    if (found := text.find(sign, start, min(near, stop))) >= 0 or near >= stop:
        return found
    start, last = near - len(sign) + 1, stop - len(sign)
    for which in rare:
        letter, at = sign[which : which + 1], start + which
        for _ in range(TRIES):
            found = text.find(letter, at, stop)
            if found < 0 or found - which > last:
                return -1
            if text.startswith(sign, found - which):
                return found - which
            at = found + 1
    return text.find(sign, start, stop)


def count_to(text: bytes, sign: bytes, most: int) -> int:
    """Count how often a sign stands in a text, and no further than one more than `most`."""
    count, at = 0, text.find(sign)
    while at >= 0 and count <= most:
        count += 1
        at = text.find(sign, at + len(sign))
    return count
