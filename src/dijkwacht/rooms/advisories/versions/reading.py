"""A version as people write it, taken apart: groups of numbers, each after the word that leads it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

LONGEST: Final = 160  # characters; a version that is longer is none
_PART: Final = re.compile(r"[0-9]+|[a-z]+|[*?]|(?<=[0-9])(?:[-+ ~^]+| \()(?=[0-9])")
_HASH: Final = re.compile(r"[0-9a-f]{12,64}\Z")  # the kernel shortens a commit to twelve
_LETTER: Final = re.compile(r"(?:rev(?:ision)?\.? ?)?([a-z])\Z")
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_MONTH: Final = {name[:cut]: number for number, name in enumerate(_MONTHS, 1) for cut in (3, 9)} | {"sept": 9}
# Words that only say that a version follows. "Update 3" and "Rev 3" are counts of their own, not version 3.
LEADING: Final = frozenset(
    (
        "v", "ver", "vers", "version", "versions", "release", "rel", "firmware", "fw", "software", "sw", "bios",
    )
)  # fmt: skip
# What a range or a list is written with. A tilde or caret within, of Debian and RPM, and "+build" belong to a version.
_SEVERAL: Final = re.compile(
    r"[<>=|,;/&%\n]|\.\.|(?<![0-9a-z])[\^~]|[\^~](?![0-9a-z])|\+\s*\Z"
    r"|[0-9*x]\s+(?:-\s*)?v?[0-9]+\.[0-9]|[0-9*x]\s+-\s|\A(?:v[0-9]+|[0-9.v]+[.]x)-v?[0-9]"
)
REVISION: Final = "-"  # the word of a number after a hyphen or a space: "5.4-1" may be 5.4.1, or a package of 5.4
# What comes after the version without it, in one spelling each.
AFTER: Final = {
    "sp": "sp", "servicepack": "sp", "p": "p", "pl": "p", "patch": "p", "patchlevel": "p", "update": "u",
    "upd": "u", "u": "u", "hf": "hf", "hotfix": "hf", "hotfixrev": "hf", "build": "build", "bld": "build",
    "fix": "fix", "sr": "sr", "mp": "mp", "cu": "cu", "fp": "fp", "featurepack": "fp", "qu": "qu",
    "rev": "rev", "revision": "rev", "post": "post", "r": "r", "rel": "rel", "release": "rel",
}  # fmt: skip
REVISIONS: Final = frozenset(("r", "rev", "revision"))
# What comes before it.
BEFORE: Final = {
    "alpha": 1, "beta": 2, "pre": 3, "preview": 3, "milestone": 3, "rc": 4, "cr": 4, "dev": 0, "snapshot": 0,
    "nightly": 0,
}  # fmt: skip
WILD: Final = frozenset(("x", "*", "?"))


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers after a word: ("sp", ("2",)) of "SP2". Digits are kept as written, for "08" may be .08."""

    word: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """`series`: letters that lead it, such as "CPCI" in "CPCI85 V05.20"; `wild`: it ends in ".x".

    `date`: year, month and day, or year and month.
    """

    text: str
    series: str
    groups: tuple[Group, ...]
    wild: bool = False
    date: tuple[int, ...] = ()
    ambiguous: bool = False  # digits that may be a day in two orders
    commit: bool = False


@lru_cache(maxsize=65_536)
def read_version(text: str) -> Version | None:
    """Take a version apart; None when there is nothing to compare by. Never raises.

    >>> read_version("V13 SP2").groups
    (Group(word='', numbers=('13',)), Group(word='sp', numbers=('2',)))
    """
    lowered = " ".join(text.lower().replace("_", " ").split())
    if not lowered or len(lowered) > LONGEST or not lowered.isascii():
        return None
    if day := _date(lowered):
        return Version(lowered, "", (), date=day)
    lowered = lowered.replace("service pack", "sp").replace("feature pack", "fp")
    if _HASH.match(lowered) and not lowered.isdigit() and not lowered.isalpha():
        return Version(lowered, "", (), commit=True)
    if letter := _LETTER.match(lowered):
        return Version(lowered, letter[1], ())
    parts = _PART.findall(lowered)
    series, parts = _series(parts)
    wild = False
    while parts and parts[-1] in WILD:
        wild, parts = True, parts[:-1]
    if any(part in ("*", "?") for part in parts) or not (parts or series):
        return None
    groups = _groups(parts)
    return Version(lowered, series, groups, wild, ambiguous=_like_a_day(lowered)) if groups or series else None


def names_several(text: str) -> bool:
    """Whether a text that should be one version is a range or a list: ">=4.17.0", "1.4/2.1", "1.2+", "^4.17.0".

    >>> [names_several(text) for text in ("< 3", "1.2-3~bpo1", "1.2.3+build")]
    [True, False, False]
    """
    return _SEVERAL.search(text.strip().lower()) is not None


def _series(parts: list[str]) -> tuple[str, list[str]]:
    """Letters that lead, without those that only say "version"."""
    series = []
    if parts[:1] and parts[0] in REVISIONS and all(part.isdigit() for part in parts[1:4]) and len(parts) >= 4:  # noqa: PLR2004
        parts = parts[1:]  # "R1.02.00" is written without its letter by turns
    while parts and parts[0].isalpha() and parts[0] not in WILD:
        if parts[0] not in LEADING:
            series.append(parts[0])
        parts = parts[1:]
    if series and parts[1:2] and parts[1] == "v" and parts[2:]:  # "CPCI85 V05.20": the number belongs to the name
        series.append(parts[0])
        parts = parts[2:]
    return " ".join(series), parts


def _groups(parts: list[str]) -> tuple[Group, ...]:
    groups: list[Group] = []
    word, numbers = "", list[str]()
    for part in parts:
        if part.isdigit():
            numbers.append(part)
            continue
        if word or numbers:
            groups.append(Group(word, tuple(numbers)))
        word, numbers = _word(part), []
    if word or numbers:
        groups.append(Group(word, tuple(numbers)))
    return tuple(groups)


def _word(part: str) -> str:
    if part.isalpha():
        return AFTER.get(part, part)
    return "~" if "~" in part or "^" in part else REVISION


def _date(text: str) -> tuple[int, ...]:
    """A day or a month with its name: "march 13, 2019", "april/20/2023", "20 jan 2017", "august 2018"."""
    words = re.findall(r"[a-z]+|[0-9]+", text)
    if len(words) not in (2, 3) or sum(word in _MONTH for word in words) != 1:
        return ()
    month = next(_MONTH[word] for word in words if word in _MONTH)
    numbers = [word for word in words if word.isdigit()]
    years = [int(number) for number in numbers if len(number) == 4]  # noqa: PLR2004
    days = [int(number) for number in numbers if len(number) < 3 and 0 < int(number) < 32]  # noqa: PLR2004
    if len(years) != 1 or len(numbers) != len(words) - 1 or len(days) != len(numbers) - 1:
        return ()
    return (years[0], month, *days)


def _like_a_day(text: str) -> bool:
    found = re.fullmatch(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]((?:19|20)[0-9]{2})", text)
    return found is not None and int(found[1]) < 32 and int(found[2]) < 32  # noqa: PLR2004
