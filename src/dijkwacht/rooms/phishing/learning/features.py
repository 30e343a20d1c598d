"""URLs to numbers: hashed n-grams of characters, of the host and of what follows it apart. Vectorised over all."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

BITS: Final = 18
DIMENSIONS: Final = 1 << BITS
SIZES: Final = (2, 3, 4, 5)  # characters of a piece
LONGEST: Final = 200  # characters of a URL that are read
_PRIME: Final = np.uint64(1_099_511_628_211)  # FNV's
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
HOST, REST = 1, 2

Indices = NDArray[np.int32]
Bounds = NDArray[np.int64]


def text_of(url: str) -> tuple[bytes, int]:
    """Give what of a canonical URL is read, without scheme and first www., and where its host ends in that."""
    rest = url.partition("://")[2].removeprefix("www.")
    host, slash, tail = rest.partition("/")
    kept = f"^{host}$".encode()
    return (kept + (f"/{tail}" if slash and tail else "").encode(errors="replace"))[:LONGEST], min(len(kept), LONGEST)


def features(urls: Sequence[str]) -> tuple[Indices, Bounds]:
    """Give the numbers of all pieces of these URLs one after the other, and where those of each begin and end.

    Returns indices (int32, below DIMENSIONS) and bounds (int64, one more than there are URLs).
    """
    texts = [text_of(url) for url in urls]
    joined = np.frombuffer(b"".join(text for text, _ in texts), dtype=np.uint8).astype(np.uint64)
    lengths = np.array([len(text) for text, _ in texts], dtype=np.int64)
    starts = np.concatenate(([0], np.cumsum(lengths)))
    owner = np.repeat(np.arange(len(texts)), lengths)
    ends = starts[1:][owner]
    host_ends = (starts[:-1] + np.array([end for _, end in texts], dtype=np.int64))[owner]
    at = np.arange(len(joined))
    part = np.where(at < host_ends, HOST, REST).astype(np.uint64)
    limit = np.where(at < host_ends, host_ends, ends)  # a piece of the host stays within it
    pieces, owners = [], []
    for size in SIZES:
        value = np.full(len(joined), size, dtype=np.uint64) * _MIX + part
        for step in range(size):
            shifted = np.concatenate((joined[step:], np.zeros(min(step, len(joined)), dtype=np.uint64)))
            value = (value ^ shifted) * _PRIME
        whole = at + size <= limit
        mixed = (value ^ (value >> np.uint64(29))) * _MIX
        pieces.append((mixed[whole] >> np.uint64(64 - BITS)).astype(np.int32))
        owners.append(owner[whole])
    order = np.argsort(np.concatenate(owners), kind="stable")
    counts = np.bincount(np.concatenate(owners), minlength=len(texts))
    return np.concatenate(pieces)[order], np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
