"""Codes as people read them: one way to look a word up, for every table of words."""

from collections.abc import Callable, Mapping
from typing import Any


def in_words(words: Mapping[str, Any]) -> Callable[[Any], str]:
    """Return a function from a code to its word; a code without a word stays as it is.

    A word may be lazy: it is turned into text when it is asked for, in the language of that moment.
    """

    def word(code: Any) -> str:
        return str(words.get(str(code), code))

    return word
