"""The id of a finding: SipHash-1-3 with 128 bits of output (Aumasson, Bernstein: "SipHash: a fast short-input PRF").

A keyed hash of 128 bits for the asset, 128 for kind and key (the exclusive or of their digests) and 128 for the
address. It is the same on every machine that has the salt, and nobody without the salt can predict or steer it. With
50 million findings the odds that any two share an id are 50e6² / 2¹²⁹, about 4e-24.
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


def text_digests(column: str, texts: pl.Series) -> Words:
    """Give the BLAKE2b hash (128 bits, two words a row) of texts; another one for the same text of another column."""
    person = column.encode()
    digests = b"".join(blake2b(text.encode(), digest_size=16, person=person).digest() for text in texts.to_list())
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
    spare = np.empty_like(length)
    for word in [*words, length]:
        state[3] ^= word
        _round(state, spare)
        state[0] ^= word
    state[2] ^= np.uint64(0xEE)
    first = _squeeze(state, spare)
    state[1] ^= np.uint64(0xDD)
    return first, _squeeze(state, spare)


def _squeeze(state: list[Words], spare: Words) -> Words:
    for _ in range(3):
        _round(state, spare)
    output: Words = state[0] ^ state[1] ^ state[2] ^ state[3]
    return output


def _turn(word: Words, bits: int, spare: Words) -> None:
    """Rotate in place; `spare` is overwritten."""
    np.right_shift(word, np.uint64(64 - bits), out=spare)
    np.left_shift(word, np.uint64(bits), out=word)
    word |= spare


def _round(v: list[Words], spare: Words) -> None:
    for one, other, bits in ((0, 1, 13), (2, 3, 16), (2, 1, 17), (0, 3, 21)):
        v[one] += v[other]
        _turn(v[other], bits, spare)
        v[other] ^= v[one]
        if other == 1:
            _turn(v[one], 32, spare)
