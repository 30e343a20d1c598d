"""What may be told of a group: small ones not, none by subtraction, and counts with noise that cannot be averaged away.

The noise is two-sided geometric (Ghosh, Roughgarden, Sundararajan 2009) with EPSILON, drawn from a key of ours, the
month and the name of the cell: the same question has the same answer for the month. No Django.
"""

import hmac
import math
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

FEWEST: Final = 10  # organisations in a cell
MARGIN: Final = 5  # above it, in the noised count, so that no cell appears the moment that the tenth comes
EPSILON: Final = 0.5  # of one count: what one organisation changes shifts the odds of any answer by at most e^0.5
STEP: Final = 5  # figures are told in steps of five
EDGE: Final = 10  # per cent: shares below or above it are told as "at most 10" and "at least 90"
REST: Final = "rest"
ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Key:
    """Whence the noise comes: our secret, and the month."""

    secret: bytes
    month: str

    def noise(self, cell: str) -> int:
        """Return the noise of one count: 0 most often, as far as it goes either way with e^-EPSILON per step."""
        digest = hmac.new(self.secret, f"{self.month}|{cell}".encode(), sha256).digest()
        uniform = (int.from_bytes(digest[:7], "big") + 0.5) / 2**56
        alpha = math.exp(-EPSILON)
        flipped = uniform if uniform < 0.5 else 1 - uniform  # noqa: PLR2004 - the middle
        size = int(math.log(flipped * (1 + alpha)) / math.log(alpha)) if flipped * (1 + alpha) < 1 else 0
        return -size if uniform < 0.5 else size  # noqa: PLR2004


def grouped(sizes: Mapping[str, int]) -> dict[str, str]:
    """Return for each sector the group it is told in: itself, or the rest; empty where neither is large enough.

    A rest of fewer than FEWEST could be found by subtracting from all: then the smallest that stood alone joins.
    """
    alone = sorted((size, name) for name, size in sizes.items() if size >= FEWEST)
    small = [name for name, size in sizes.items() if 0 < size < FEWEST]
    rest = sum(sizes[name] for name in small)
    while 0 < rest < FEWEST and alone:
        size, name = alone.pop(0)
        small.append(name)
        rest += size
    told = {name: name for _, name in alone}
    return told | dict.fromkeys(small, REST if rest >= FEWEST else "")


def rounded(count: int) -> int:
    """Return a noised count in steps of five, never below nothing."""
    return max(0, STEP * round(count / STEP))


def size(count: int, cell: str, key: Key) -> int | None:
    """Return about how many organisations a group has, or None when that is not told."""
    noised = count + key.noise(f"{cell}|n")
    if count < FEWEST or noised < FEWEST + MARGIN:
        return None
    return rounded(noised)


def share(part: int, count: int, cell: str, key: Key) -> int:
    """Return what part of a group answered so, in per cent, in steps of five, from EDGE to 100 less EDGE."""
    noised = part + key.noise(f"{cell}|part")
    percent = 100 * min(max(noised, 0), count) / count
    return min(max(STEP * round(percent / STEP), EDGE), 100 - EDGE)


def level(part: int, cell: str, key: Key) -> int:
    """Return how often something happens in a group: 0 not told, 1 several organisations, 2 many."""
    noised = part + key.noise(f"{cell}|level")
    if part < FEWEST or noised < FEWEST + MARGIN:
        return 0
    return 2 if noised >= 4 * FEWEST else 1
