"""The id of a finding: SipHash-1-3 with 128 bits of output (Aumasson, Bernstein: "SipHash: a fast short-input PRF").

A keyed hash of 128 bits for the asset, 128 for kind and key (the exclusive or of their digests) and 128 for the
address. It is the same on every machine that has the salt, and nobody without the salt can predict or steer it. With
50 million findings the odds that any two share an id are 50e6² / 2¹²⁹, about 4e-24.
"""

from hashlib import blake2b

import numpy as np
import polars as pl

from .compiled import compiled
from .registry import Words


def salt_words(salt: bytes) -> tuple[int, int]:
    """Give the two key words of a salt of any length."""
    digest = blake2b(salt, digest_size=16).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")


def text_digests(column: str, texts: pl.Series) -> Words:
    """Give the BLAKE2b hash (128 bits, two words a row) of texts; another one for the same text of another column."""
    person = column.encode()
    digests = b"".join(blake2b(text.encode(), digest_size=16, person=person).digest() for text in texts.to_list())
    return np.frombuffer(digests, "<u8").reshape(-1, 2).astype(np.uint64)


def siphash(words: list[Words], salt: bytes) -> tuple[Words, Words]:
    """Hash rows of 64-bit words, given column by column; gives the two words of each row's hash."""
    first, second = salt_words(salt)
    return _siphash(tuple(np.ascontiguousarray(word) for word in words), np.uint64(first), np.uint64(second))


@compiled
def _siphash(words: tuple[Words, ...], key_first: np.uint64, key_second: np.uint64) -> tuple[Words, Words]:
    """One round for each word and for the length, three before each of the two words of output."""
    rows, steps = len(words[0]), len(words) + 1
    first, second = np.empty(rows, np.uint64), np.empty(rows, np.uint64)
    for row in range(rows):
        a, b = key_first ^ np.uint64(0x736F6D6570736575), key_second ^ np.uint64(0x646F72616E646F6D ^ 0xEE)
        c, d = key_first ^ np.uint64(0x6C7967656E657261), key_second ^ np.uint64(0x7465646279746573)
        word = np.uint64(0)
        for step in range(steps + 6):
            if step < steps:
                word = words[step][row] if step < steps - 1 else np.uint64(8 * (steps - 1)) << np.uint64(56)
                d ^= word
            elif step == steps:
                c ^= np.uint64(0xEE)
            elif step == steps + 3:
                first[row] = a ^ b ^ c ^ d
                b ^= np.uint64(0xDD)
            a += b
            b = (b << np.uint64(13) | b >> np.uint64(51)) ^ a
            a = a << np.uint64(32) | a >> np.uint64(32)
            c += d
            d = (d << np.uint64(16) | d >> np.uint64(48)) ^ c
            c += b
            b = (b << np.uint64(17) | b >> np.uint64(47)) ^ c
            c = c << np.uint64(32) | c >> np.uint64(32)
            a += d
            d = (d << np.uint64(21) | d >> np.uint64(43)) ^ a
            if step < steps:
                a ^= word
        second[row] = a ^ b ^ c ^ d
    return first, second
