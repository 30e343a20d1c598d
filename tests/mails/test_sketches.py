"""The sketch of a text: what is stored of campaigns stays comparable, however it is computed."""

import zlib

from hypothesis import given
from hypothesis import strategies as st

from dijkwacht.mails.sketch import likeness, sketch_of, words_of

WORDS = st.text("abcdeé", min_size=1, max_size=4)


def plainly(words: list[str]) -> list[int]:
    least = dict.fromkeys(range(32), 0x7FFFFFFF)
    hashes = [zlib.crc32(word.encode()) for word in words]
    for one, two, three in zip(hashes, hashes[1:], hashes[2:], strict=False):
        run = ((one * 0x9E3779B1) ^ (two * 0x85EBCA6B) ^ (three * 0xC2B2AE35)) & 0xFFFFFFFF
        least[run >> 27] = min(least[run >> 27], run & 0x7FFFFFF)
    return [least[place] for place in range(32)]


@given(st.lists(WORDS, min_size=12, max_size=60))
def test_a_sketch_is_the_least_hash_of_each_bin(words):
    assert sketch_of(words) == plainly(words)
    assert likeness(sketch_of(words), plainly(words)) == 1


def test_few_words_have_no_sketch():
    assert sketch_of(["een"] * 11) == []


def test_words_are_letters_only_without_names_greetings_and_addresses():
    text = "> Van: Jan\n> Aan: Piet\n> Beste Jan de Vries,\n> Uw pakket-2 (nr. 12a) wacht; betaal €3 via www.x.nl"
    text += " of mail a@b.nl! Groet, Café"
    assert words_of(text, {"groet"}) == ["uw", "pakket", "nr", "wacht", "betaal", "via", "of", "mail", "café"]
