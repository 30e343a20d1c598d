"""The id of a finding: SipHash-1-3 with 128 bits of output (Aumasson, Bernstein: "SipHash: a fast short-input PRF").

A keyed hash of two digests of 128 bits: that of the asset and that of the kind and key. It is the same on every
machine that has the salt, and nobody without the salt can predict or steer it. With 50 million findings the odds
that any two share an id are 50e6² / 2¹²⁹, about 4e-24.
"""

from hashlib import blake2b
from typing import Final

import numpy as np
import polars as pl

from .registry import Words

BLOCK: Final = 1 << 13  # the four state words of a block stay in the first-level cache


def salt_words(salt: bytes) -> tuple[int, int]:
    """Give the two key words of a salt of any length."""
    digest = blake2b(salt, digest_size=16).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")


def text_digests(kinds: pl.Series, keys: pl.Series) -> Words:
    """Give the BLAKE2b hash (128 bits, two words a row) of each kind and key."""
    pairs = zip(kinds.to_list(), keys.to_list(), strict=True)
    digests = b"".join(blake2b(f"{len(kind)}:{kind}{key}".encode(), digest_size=16).digest() for kind, key in pairs)
    return np.frombuffer(digests, "<u8").reshape(-1, 2).astype(np.uint64)


def siphash(words: list[Words], salt: bytes) -> tuple[Words, Words]:
    """Hash rows of 64-bit words, given column by column; gives the two words of each row's hash."""
    size = words[0].size
    first, second = np.empty(size, np.uint64), np.empty(size, np.uint64)
    for low in range(0, size, BLOCK):
        block = slice(low, low + BLOCK)
        first[block], second[block] = _hash_block([word[block] for word in words], *salt_words(salt))
    return first, second


def _hash_block(words: list[Words], key_first: int, key_second: int) -> tuple[Words, Words]:
    constants = (0x736F6D6570736575, 0x646F72616E646F6D ^ 0xEE, 0x6C7967656E657261, 0x7465646279746573)
    keys = (key_first, key_second, key_first, key_second)
    state = [np.full(words[0].size, c ^ k, np.uint64) for c, k in zip(constants, keys, strict=True)]
    length = np.full(words[0].size, (8 * len(words)) << 56, np.uint64)
    for word in [*words, length]:
        state[3] ^= word
        _round(state)
        state[0] ^= word
    state[2] ^= np.uint64(0xEE)
    first = _squeeze(state)
    state[1] ^= np.uint64(0xDD)
    return first, _squeeze(state)


def _squeeze(state: list[Words]) -> Words:
    for _ in range(3):
        _round(state)
    output: Words = state[0] ^ state[1] ^ state[2] ^ state[3]
    return output


def _turn(word: Words, bits: int) -> Words:
    turned: Words = (word << np.uint64(bits)) | (word >> np.uint64(64 - bits))
    return turned


def _round(v: list[Words]) -> None:
    v[0] += v[1]
    v[2] += v[3]
    v[1] = _turn(v[1], 13) ^ v[0]
    v[3] = _turn(v[3], 16) ^ v[2]
    v[0] = _turn(v[0], 32)
    v[2] += v[1]
    v[0] += v[3]
    v[1] = _turn(v[1], 17) ^ v[2]
    v[3] = _turn(v[3], 21) ^ v[0]
    v[2] = _turn(v[2], 32)
