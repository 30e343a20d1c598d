"""How sure a share is."""

from math import sqrt
from typing import Final

Z: Final = 1.959964  # of the normal distribution, for 95 %


def wilson(hits: int, whole: int) -> tuple[float, float]:
    """Give the 95 % interval of a share (Wilson, 1927); of nothing it is everything."""
    if not whole:
        return 0.0, 1.0
    share, weight = hits / whole, Z * Z / whole
    middle = (share + weight / 2) / (1 + weight)
    half = Z * sqrt(share * (1 - share) / whole + weight / whole / 4) / (1 + weight)
    return max(middle - half, 0.0), min(middle + half, 1.0)
