"""How much a host looks like the name of a protected brand."""

import re
import unicodedata
from functools import lru_cache
from typing import Final, Literal

from .knowledge import HOSTS, Brand, brands, owner_of, registrable

LONG: Final = 6  # letters: a shorter name is in too many words, and counts only by itself
CYRILLIC: Final = "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b"
OTHER: Final = "\u03b1\u03bf\u03c1\u03bd\u03b9\u0131\u0261"  # Greek, a dotless i, a script g
LOOKALIKES: Final = str.maketrans("0134578" + CYRILLIC + OTHER, "oieastb" + "aeopcyxijshdq" + "aopviig")
PAIRS: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"))
Likeness = Literal["brand-in-host", "brand-like-host"]


def shown(host: str) -> str:
    """Give a host as a reader sees it: U-labels where it has them."""
    return ".".join(_shown(label) for label in host.split("."))


def _shown(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def skeleton(text: str) -> str:
    """Give what a text looks like at a glance: no accents, digits and foreign letters as what they resemble."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return plain.lower().translate(LOOKALIKES)


@lru_cache(maxsize=HOSTS)
def likeness(host: str) -> tuple[Brand, Likeness] | None:
    """Give the brand that a host that is not its own holds or looks like."""
    if owner_of(host) is not None or not registrable(host):
        return None
    seen = shown(host).rstrip(".")
    words, glance = re.split(r"[.-]", seen), re.split(r"[.-]", skeleton(seen))
    for brand in brands():
        if _holds(words, brand.slug):
            return brand, "brand-in-host"
    alike = {variant for word in glance for variant in _variants(word)}
    for brand in brands():
        if _holds(glance, brand.slug) or any(_near(word, brand.slug) for word in alike):
            return brand, "brand-like-host"
    return None


def _holds(words: list[str], name: str) -> bool:
    if len(name) >= LONG:
        return any(name in word for word in words) or name in "".join(words[:-1])
    return name in words[:-1]


def _variants(word: str) -> set[str]:
    return {word, *(word.replace(two, one) for two, one in PAIRS)}


def _near(word: str, name: str) -> bool:
    """Whether a word is a long name with one letter wrong, missing, added or two swapped."""
    if len(name) < LONG or abs(len(word) - len(name)) > 1:
        return False
    if word == name:
        return True
    start = next(
        (at for at, (one, other) in enumerate(zip(word, name, strict=False)) if one != other), min(len(word), len(name))
    )
    rest, wanted = word[start:], name[start:]
    swapped = rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
    return swapped or rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:]


def mixes_scripts(host: str) -> bool:
    """Whether a label of a host has Latin letters beside Cyrillic or Greek ones."""
    for label in shown(host).split("."):
        scripts = {unicodedata.name(one, "").split(" ")[0] for one in label if one.isalpha()}
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK"}:
            return True
    return False
