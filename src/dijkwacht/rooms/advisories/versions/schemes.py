"""The orders that package worlds define. Each gives -1, 0 or 1, or None where a text does not follow the scheme.

Semantic Versioning 2.0.0 §11; PEP 440; Maven "Version Order Specification"; rpm `rpmvercmp`; Debian policy 5.6.12;
RubyGems `Gem::Version`. Only the facts of these pages are used.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import zip_longest
from typing import Any, Final

from dijkwacht.rooms.advisories.versions.reading import AFTER

Key = tuple[Any, ...]
_SEMVER: Final = re.compile(r"v?([0-9]+)\.([0-9]+)\.([0-9]+)(?:-([0-9a-z.-]+))?(?:\+[0-9a-z.-]+)?\Z")
_PEP440: Final = re.compile(
    r"v?(?:([0-9]+)!)?([0-9]+(?:\.[0-9]+)*)"
    r"(?:[._-]?(a|alpha|b|beta|c|rc|pre|preview)[._-]?([0-9]*))?"
    r"(?:(?:[._-]?(?:post|rev|r)[._-]?([0-9]*))|-([0-9]+))?"
    r"(?:[._-]?dev[._-]?([0-9]*))?(?:\+[0-9a-z._-]+)?\Z"
)
_PHASE: Final = {"a": 0, "alpha": 0, "b": 1, "beta": 1, "c": 2, "rc": 2, "pre": 2, "preview": 2}
_RPM_PART: Final = re.compile(r"[0-9]+|[a-z]+|~|\^")
_DEB: Final = re.compile(r"(?:([0-9]+):)?([0-9][0-9a-z.+~-]*)\Z")
_GEM: Final = re.compile(r"[0-9]+(?:\.[0-9a-z]+)*(?:-[0-9a-z.-]+)?\Z")
_MAVEN_WORDS: Final = {
    "alpha": -5, "a": -5, "beta": -4, "b": -4, "milestone": -3, "m": -3, "rc": -2, "cr": -2, "snapshot": -1,
    "": 0, "ga": 0, "final": 0, "release": 0, "sp": 1,
}  # fmt: skip


def _sign(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


@lru_cache(maxsize=16_384)
def _semver_key(text: str) -> Key | None:
    found = _SEMVER.match(text)
    if found is None:
        return None
    numbers = (int(found[1]), int(found[2]), int(found[3]))
    if found[4] is None:
        return (*numbers, (1,))
    return (*numbers, (0, tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in found[4].split("."))))


@lru_cache(maxsize=16_384)
def _pep440_key(text: str) -> Key | None:
    found = _PEP440.match(text)
    if found is None:
        return None
    release = [int(number) for number in found[2].split(".")]
    while len(release) > 1 and release[-1] == 0:
        release.pop()
    post_text = found[5] if found[5] is not None else found[6]
    dev = float("inf") if found[7] is None else int(found[7] or 0)
    post = -1 if post_text is None else int(post_text or 0)
    if found[3] is not None:
        phase: tuple[int, int] = (_PHASE[found[3]], int(found[4] or 0))
    else:
        phase = (-1, 0) if post_text is None and found[7] is not None else (9, 0)
    return (int(found[1] or 0), tuple(release), phase, post, dev)


def _by(key: Callable[[str], Key | None]) -> Callable[[str, str], int | None]:
    def compare(left: str, right: str) -> int | None:
        one, other = key(left), key(right)
        return None if one is None or other is None else _sign(one, other)

    return compare


def _evr(text: str) -> tuple[int, str, str] | None:
    epoch, _, rest = text.rpartition(":")
    if epoch and not epoch.isdigit():
        return None
    version, _, release = rest.partition("-")
    return (int(epoch or 0), version, release) if version and version[0].isalnum() else None


def _rpm(left: str, right: str) -> int | None:
    one, other = _evr(left), _evr(right)
    if one is None or other is None:
        return None
    if one[0] != other[0]:
        return _sign(one[0], other[0])
    order = _rpmvercmp(one[1], other[1])
    if order or bool(one[2]) == bool(other[2]):
        return order or _rpmvercmp(one[2], other[2])
    return None  # one of them does not say which release it is


def _rpmvercmp(left: str, right: str) -> int:
    for a, b in zip_longest(_RPM_PART.findall(left), _RPM_PART.findall(right)):
        if a == b:
            continue
        for special, sign in (("~", -1), ("^", 1)):
            if special in (a, b):
                return _special(a, b, special, sign)
        if a is None or b is None:
            return -1 if a is None else 1
        if a.isdigit() != b.isdigit():
            return 1 if a.isdigit() else -1
        order = _sign(int(a), int(b)) if a.isdigit() else _sign(a, b)
        if order:
            return order
    return 0


def _special(a: str | None, b: str | None, special: str, sign: int) -> int:
    """A tilde sorts before everything, the end included; a caret after the end and before all else."""
    if special == "~" or b is None or a is None:
        return sign if a == special else -sign
    return -1 if a == special else 1


def _deb(left: str, right: str) -> int | None:
    one, other = _DEB.match(left), _DEB.match(right)
    if one is None or other is None:
        return None
    order = _sign(int(one[1] or 0), int(other[1] or 0))
    (up_a, _, rev_a), (up_b, _, rev_b) = one[2].rpartition("-"), other[2].rpartition("-")
    up_a, rev_a = (up_a, rev_a) if up_a else (one[2], "")
    up_b, rev_b = (up_b, rev_b) if up_b else (other[2], "")
    order = order or _deb_part(up_a, up_b)
    if order or bool(rev_a) == bool(rev_b):
        return order or _deb_part(rev_a, rev_b)
    return None


def _deb_part(left: str, right: str) -> int:
    split = re.compile(r"([^0-9]*)([0-9]*)")
    pairs = zip_longest(split.findall(left), split.findall(right), fillvalue=("", ""))
    for (word_a, number_a), (word_b, number_b) in pairs:
        order = _sign(_deb_word(word_a), _deb_word(word_b)) or _sign(int(number_a or 0), int(number_b or 0))
        if order:
            return order
    return 0


def _deb_word(word: str) -> tuple[int, ...]:
    """Tilde before the end, the end before letters, letters before the rest."""
    return (*(-1 if c == "~" else ord(c) if c.isalpha() else ord(c) + 256 for c in word), 0)


@lru_cache(maxsize=16_384)
def _gem_key(text: str) -> tuple[int | str, ...] | None:
    if _GEM.match(text) is None:
        return None
    parts = [int(p) if p.isdigit() else p for p in re.findall(r"[0-9]+|[a-z]+", text.replace("-", ".pre."))]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def _gem(left: str, right: str) -> int | None:
    one, other = _gem_key(left), _gem_key(right)
    if one is None or other is None:
        return None
    for a, b in zip_longest(one, other, fillvalue=0):
        if a == b:
            continue
        if isinstance(a, str) != isinstance(b, str):
            return -1 if isinstance(a, str) else 1
        return _sign(a, b)
    return 0


@lru_cache(maxsize=16_384)
def _maven_key(text: str) -> tuple[tuple[int, int, str], ...] | None:
    """Numbers after qualifiers after nothing; known qualifiers in their order, others by name after them."""
    if not text[:1].isdigit() or not text.isascii():
        return None
    key: list[tuple[int, int, str]] = []
    if re.search(r"[abm](?![0-9a-z])", text):
        return None  # "1.2a": alpha only when a number follows
    for part in re.findall(r"[0-9]+|[a-z]+", text):
        if part.isdigit():
            key.append((1, int(part), "") if int(part) else (0, 0, ""))
            continue
        while key and key[-1] == (0, 0, ""):
            key.pop()
        place = _MAVEN_WORDS.get(part, 2)
        key.append((0, place, part if place > 0 else ""))
    while key and key[-1] == (0, 0, ""):
        key.pop()
    return tuple(key)


def _maven(left: str, right: str) -> int | None:
    one, other = _maven_key(left), _maven_key(right)
    if one is None or other is None:
        return None
    for a, b in zip_longest(one, other, fillvalue=(0, 0, "")):
        if a != b:
            return _sign(a, b)
    return 0


def lacks_epoch(text: str) -> bool:
    """Whether an RPM or Debian version stands without an epoch, or with that of zero written as nothing."""
    epoch = text.rpartition(":")[0]
    return not epoch.strip("0")


@lru_cache(maxsize=16_384)
def numbers_after_release(text: str) -> bool:
    """Whether what SemVer takes for a pre-release may come after the release: "1.2.3-sp1", "1.2.3-4" of a package.

    >>> [numbers_after_release(text) for text in ("2.4.6-p3", "1.2.3-4.el8", "1.2.3-rc.1", "1.2.3")]
    [True, True, False, False]
    """
    found = _SEMVER.match(text)
    begin = re.match(r"[a-z]+|[0-9]", found[4]) if found and found[4] else None
    return begin is not None and (begin[0] in AFTER or begin[0].isdigit())


_SEMVER_WORLDS: Final = ("semver", "npm", "golang", "cargo", "hex", "github", "swift", "pub")
_RPM_WORLDS: Final = ("rpm", "arch", "alpm", "openeuler")
_DEB_WORLDS: Final = ("deb", "debian", "ubuntu", "dpkg")
SEMANTIC: Final = frozenset(_SEMVER_WORLDS)
EPOCHED: Final = frozenset((*_RPM_WORLDS, *_DEB_WORLDS))
_semver: Final = _by(_semver_key)
_pypi: Final = _by(_pep440_key)
SCHEMES: Final[dict[str, Callable[[str, str], int | None]]] = {
    **dict.fromkeys(_SEMVER_WORLDS, _semver),
    **dict.fromkeys(("pypi", "python", "pep440"), _pypi),
    **dict.fromkeys(_RPM_WORLDS, _rpm),
    **dict.fromkeys(_DEB_WORLDS, _deb),
    "gem": _gem,
    "maven": _maven,
}
