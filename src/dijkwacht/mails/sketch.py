"""What the text of a mail says, without who it was sent to: a key for equal texts, a sketch for nearly equal ones.

The sketch is a MinHash by one permutation (Li, Owen, Zhang 2012): of all runs of three words, the smallest hash in each
of 32 bins. The share of equal bins estimates how many runs two texts share.
"""

import hashlib
import re
import zlib
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Final

BINS: Final = 32
BITS: Final = 27  # of a hash of 32 that stay when 5 say which bin
MOST_WORDS: Final = 400
LONGEST: Final = 4_000  # characters that are looked at: some 600 words
FEWEST_WORDS: Final = 12  # of a text that is compared at all: fewer are equal by chance
FACTORS: Final = (0x9E3779B1, 0x85EBCA6B, 0xC2B2AE35)  # of the first, second and third word of a run
NOTHING: Final = 0x7FFFFFFF  # in an empty bin
LETTERS: Final = re.compile(r"[^\W\d_]{2,}")
# Each byte of Latin-1 to itself where the pattern takes it for a letter, else to a space.
ONLY_LETTERS: Final = bytes(code if re.fullmatch(r"[^\W\d_]", chr(code)) else 0x20 for code in range(256))
SINGLE: Final = frozenset(map(chr, range(256)))  # a letter by itself is no word
# The euro, quotation marks, dashes, the ellipsis, the bullet, spaces that are narrow or none.
SIGNS: Final = (0x20AC, *range(0x2010, 0x2028), 0x202F, 0x200B, 0xFEFF)
TYPESET: Final = str.maketrans(dict.fromkeys(map(chr, SIGNS), " "))  # in many mails, and no letters
QUOTE: Final = re.compile(r"^[>| \t]+", re.MULTILINE)
HEADER: Final = re.compile(
    r"^[ \t*]*(?:from|to|cc|date|sent|subject|reply-to|van|aan|datum|verzonden|onderwerp|de|à|objet|von|an|betreff)"
    r"[ \t*]*:.*$",
    re.MULTILINE,
)
GREETING: Final = re.compile(
    r"\b(?:beste|geachte|dag|hallo|hoi|hi|hello|dear|dhr|mevr|mw|heer|mevrouw|meneer|mr|mrs|ms)\b[ .,]*"
    r"((?:(?:van|de|der|den|het|ten|ter|heer|mevrouw|/)[ .,]*)*(?:[a-z][\w'-]*[ .,]*){1,3})",
    re.ASCII,
)
GREETED: Final = 1_000  # characters in which a letter greets its reader


def words_of(text: str, names: Collection[str] = ()) -> list[str]:
    """Give the words of the innermost mail in a text: no numbers, addresses or URLs, and nobody's name.

    `names`: words in lower case that are left out, such as the name of whoever sent the mail in.
    """
    plain = text[: 3 * LONGEST].lower()
    if ">" in plain or "|" in plain:
        plain = QUOTE.sub("", plain)
    if ":" in plain and (headers := list(HEADER.finditer(plain))):
        plain = plain[headers[-1].end() :]
    plain = GREETING.sub(" ", plain[:GREETED]) + plain[GREETED:LONGEST]
    if "@" in plain or "://" in plain or "www." in plain:
        pieces = plain.split()
        plain = " ".join(one for one in pieces if one.isalpha() or not ("://" in one or "@" in one or "www." in one))
    left_out = SINGLE.union(names)
    return [word for word in _letters(plain) if word not in left_out][:MOST_WORDS]


def _letters(text: str) -> list[str]:
    """Give the runs of letters, of Latin-1 by a table, which costs a fifth of the pattern; else of two or more."""
    for plain in (text, text.translate(TYPESET)):
        with suppress(UnicodeEncodeError):
            letters = plain.encode("latin-1").translate(ONLY_LETTERS).decode("latin-1")
            return letters.split()
    return LETTERS.findall(text)


def key_of(words: Sequence[str]) -> str:
    """Give a key that is equal for equal words."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def sketch_of(words: Sequence[str]) -> list[int]:
    """Give the sketch of a text: 32 numbers below 2^31, or none for a text of few words."""
    if len(words) < FEWEST_WORDS:
        return []
    import numpy as np

    hashes = np.fromiter(map(_hash, words), np.uint32, len(words))
    one, two, three = (hashes * np.uint32(factor) for factor in FACTORS)
    runs = one[:-2] ^ two[1:-1] ^ three[2:]
    runs[::-1].sort()  # from the largest
    least = np.full(BINS, NOTHING, np.uint32)
    least[runs >> BITS] = runs & (1 << BITS) - 1  # the last of a bin stays: the smallest
    found: list[int] = least.tolist()
    return found


@lru_cache(maxsize=1 << 14)
def _hash(word: str) -> int:
    return zlib.crc32(word.encode())


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """Estimate which share of their runs of words two texts have in common, from 0 to 1."""
    if not one or not other:
        return 0.0
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if a != NOTHING or b != NOTHING]
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else 0.0
