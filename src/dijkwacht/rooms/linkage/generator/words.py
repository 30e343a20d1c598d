"""The word lists, and what can be composed of them."""

import tomllib
from functools import cache
from pathlib import Path
from random import Random


@cache
def words(kind: str) -> tuple[str, ...]:
    """Give a list of `words.toml`; a hyphen between lower-case parts stands for a space in the name."""
    with Path(__file__).with_name("words.toml").open("rb") as source:
        listed: dict[str, str] = tomllib.load(source)
    return tuple(word.replace("-", " ") for word in listed[kind].split())


def pick(random: Random, kind: str) -> str:
    """Give one word of a list."""
    listed = words(kind)
    return listed[int(random.random() * len(listed))]


def place(random: Random) -> str:
    """Give an invented town."""
    return pick(random, "place_heads") + pick(random, "place_tails")


def coined(random: Random) -> str:
    """Give a coined company name, such as "Zilverstroom"."""
    return pick(random, "heads") + pick(random, "tails")


def capital(text: str) -> str:
    """Give a text with its first letter as a capital: "de Vries" becomes "De Vries"."""
    return text[:1].upper() + text[1:]
