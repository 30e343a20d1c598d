"""A pair of names for the eye: which words both have, and how they met."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from dijkwacht.rooms.advisories.catalogue.naming import product_words
from dijkwacht.rooms.advisories.matching.evidence import How


class Word(NamedTuple):
    """A word of a name, as written, and whether the other name has it too."""

    text: str
    shared: bool


def difference(ours: str, theirs: str) -> tuple[list[Word], list[Word]]:
    """Both names in words, each with whether the other has it in any spelling."""
    one, other = _split(ours), _split(theirs)
    known, known_too = (set(product_words("", " ".join(words))) for words in (other, one))
    return (
        [Word(word, bool(set(product_words("", word)) & known)) for word in one],
        [Word(word, bool(set(product_words("", word)) & known_too)) for word in other],
    )


def _split(name: str) -> list[str]:
    return name.replace("_", " ").split()


def how_in_words(how: str) -> str:
    """Say how two names met, in the language of the request."""
    return {
        How.PRODUCT: _("The products are called the same; one of the two names no vendor."),
        How.SPELLING: _("The names differ in a few letters."),
        How.PART: _("The one name is a part of the other."),
        How.OTHER_VENDOR: _("The products are called the same, but by different vendors."),
    }.get(How(how) if how in set(How) else How.PART, _("The names are alike."))
