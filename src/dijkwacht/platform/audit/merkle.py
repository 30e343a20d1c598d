"""The Merkle tree of RFC 6962, section 2.1, over SHA-256. Pure: hashes in, hashes out."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()

# Gives MTH(D[start:end]) for 0 <= start < end <= size of the tree.
RangeHash = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 over 0x00 and the entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256 over 0x01 and the two hashes below it."""
    return sha256(b"\x01" + left + right).digest()


def root(hashes: Sequence[bytes]) -> bytes:
    """Return the Merkle Tree Hash over `hashes`, which are leaves or roots of complete subtrees of one height.

    Level by level, an odd one at the end moves up unchanged: the same tree as the recursive definition of the RFC.
    """
    if not hashes:
        return EMPTY_ROOT
    level = list(hashes)
    while len(level) > 1:
        above = [sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        if len(level) % 2:
            above.append(level[-1])
        level = above
    return level[0]


def split(count: int) -> int:
    """Return the largest power of two smaller than `count` (which is at least 2): where a tree divides."""
    return 1 << (count - 1).bit_length() - 1


def inclusion_path(index: int, size: int, range_hash: RangeHash) -> list[bytes]:
    """Return the audit path of leaf `index` in a tree of `size` leaves, from the leaf's sibling up (section 2.1.1).

    Raises IndexError when the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(f"a tree of {size} leaves has no leaf {index}")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(range_hash(middle, end))
            end = middle
        else:
            path.append(range_hash(start, middle))
            start = middle
    return path[::-1]


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that `path` gives for `leaf` at `index` of `size`. Raises ValueError for a wrong length."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    found, position, last = leaf, index, size - 1
    for sibling in path:
        if last == 0:
            raise ValueError("the proof is too long")
        if position % 2 or position == last:
            found = node_hash(sibling, found)
            while position % 2 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ValueError("the proof is too short")
    return found


def consistency_path(old: int, size: int, range_hash: RangeHash) -> list[bytes]:
    """Return the proof that the tree of `old` leaves is the beginning of the tree of `size` (section 2.1.2).

    Raises IndexError unless 0 < old <= size.
    """
    if not 0 < old <= size:
        raise IndexError(f"a tree of {size} leaves has no beginning of {old}")
    path, start, end, complete = [], 0, size, True
    while end - start > 0 and old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(range_hash(middle, end))
            end = middle
        else:
            path.append(range_hash(start, middle))
            start, complete = middle, False
    if not complete:
        path.append(range_hash(start, end))
    return path[::-1]


def is_consistent(old: int, old_root: bytes, size: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """True when `path` proves that the tree of `old` leaves is the beginning of that of `size` (RFC 9162, 2.1.4.2)."""
    if old == size:
        return not path and old_root == new_root
    if not 0 < old < size or not path:
        return False
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    position, last = old - 1, size - 1
    while position % 2:
        position, last = position >> 1, last >> 1
    before = after = hashes[0]
    for found in hashes[1:]:
        if last == 0:
            return False
        if position % 2 or position == last:
            before, after = node_hash(found, before), node_hash(found, after)
            while position % 2 == 0 and position:
                position, last = position >> 1, last >> 1
        else:
            after = node_hash(after, found)
        position, last = position >> 1, last >> 1
    return before == old_root and after == new_root and last == 0
