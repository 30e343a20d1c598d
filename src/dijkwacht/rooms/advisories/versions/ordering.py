"""Which of two versions comes first, in every way that they can plausibly be read."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import Final

from dijkwacht.rooms.advisories.versions.reading import AFTER, BEFORE, REVISION, Group, Version
from dijkwacht.rooms.advisories.versions.schemes import EPOCHED, SCHEMES, SEMANTIC, lacks_epoch, numbers_after_release

_AFTER: Final = frozenset(AFTER.values())
EITHER: Final = frozenset((-1, 1))
BY_NUMBER: Final = frozenset(("intdot", "semver"))  # where 1.10 comes after 1.9 and nothing else is meant
YEARS: Final = range(1990, 2100)
COUNT: Final = 1_000  # from here on a first number counts builds or days, or is a year with its month: "1809"
_HALF_YEAR: Final = re.compile(r"\b[0-9]{2}h[12]\b")  # the names of Windows: "21H2"
PHASES: Final = {"alpha": 1, "beta": 2, "rc": 3, "cr": 3}  # of which everybody has the same order
_USUAL: Final = _AFTER | set(BEFORE) | {"hw"}


@dataclass(frozen=True, slots=True)
class Order:
    """How `asked` stands to `bound`, one of -1, 0, 1 for each reading; empty when they are of different kinds.

    `asked_short`: the bound goes on where the asked one ends ("15" against "15.2"), so what was asked may stand for a
    later one. `bound_short`: the reverse ("4.7.3" against "4.7"), so the bound may mean all that begin like it.
    """

    ways: frozenset[int]
    asked_short: bool = False
    bound_short: bool = False


NONE: Final = Order(frozenset())


@lru_cache(maxsize=262_144)
def compare(asked: Version, bound: Version, scheme: str = "") -> Order:
    """Compare by the scheme where both follow it, else in every plausible way. Total: never raises."""
    if asked.text == bound.text:
        return Order(frozenset((0,)))
    known = SCHEMES[scheme](asked.text, bound.text) if scheme in SCHEMES else None
    if known is not None:
        return _by_scheme(asked, bound, scheme, known)
    return _by_reading(asked, bound, scheme)


def _by_scheme(asked: Version, bound: Version, scheme: str, known: int) -> Order:
    """What the scheme says, unless a text only looks as if it followed it."""
    if scheme in EPOCHED and lacks_epoch(bound.text) != lacks_epoch(asked.text):
        # Who leaves the epoch out is less precise; a limit without one may be meant within any.
        return Order(frozenset((known,)), asked_short=True) if lacks_epoch(asked.text) else NONE
    if scheme in SEMANTIC and (numbers_after_release(asked.text) or numbers_after_release(bound.text)):
        other = _by_reading(asked, bound, scheme)  # "2.4.6-p3" is a patch of 2.4.6, which SemVer takes for one before
        return Order(other.ways | {known}, other.asked_short, other.bound_short) if other.ways else NONE
    return Order(frozenset((known,)))


def _by_reading(asked: Version, bound: Version, scheme: str) -> Order:
    if asked.date or bound.date:
        return _dates(asked.date, bound.date)
    if len(asked.series) == len(bound.series) == 1 and not asked.groups and not bound.groups:  # revisions A, B, C
        return Order(frozenset(((asked.series > bound.series) - (asked.series < bound.series),)))
    if not _comparable(asked, bound):
        return NONE
    return _groups(asked.groups, bound.groups, by_number=scheme in BY_NUMBER)


def _comparable(asked: Version, bound: Version) -> bool:
    if asked.commit or bound.commit or asked.ambiguous or bound.ambiguous:
        return False
    if (":" in asked.text) != (":" in bound.text):  # an epoch on one side only
        return False
    if bool(_HALF_YEAR.search(asked.text)) != bool(_HALF_YEAR.search(bound.text)):
        return False
    same = asked.series == bound.series and bool(asked.groups) == bool(bound.groups)
    return same and _alike(asked.groups, bound.groups)


def _alike(asked: tuple[Group, ...], bound: tuple[Group, ...]) -> bool:
    """Whether both can be of one numbering: not a build number, a year or a distribution's own beside a version.

    A product that goes from 9 to 2020 in its names, or a "5.4.0-ubuntu3" beside "< 5.3", is for a person.
    """
    if len(asked) == 1 == len(asked[0].numbers) and any(
        asked[0].numbers[0] in group.numbers[place == 0 :] for place, group in enumerate(bound)
    ):
        return False  # "96" beside "5.7.4 (96)" is its build
    theirs = {group.word for group in bound}
    if REVISION not in theirs and _like_a_range(asked):
        return False
    strange = (group.word for group in asked if len(group.word) > 1 and group.word not in _USUAL)
    return all(word in theirs for word in strange) and _scale(asked) == _scale(bound)


def _like_a_range(groups: tuple[Group, ...]) -> bool:
    """ "1.2-1.4": two versions that look alike and rise; "5.4-2.1" is a package."""
    if len(groups) < 2 or groups[1].word != REVISION or len(groups[1].numbers) != len(groups[0].numbers):  # noqa: PLR2004
        return False
    low, high = ([int(number) for number in group.numbers] for group in groups[:2])
    return len(low) > 1 and low <= high


def _scale(groups: tuple[Group, ...]) -> str:
    if not groups or not groups[0].numbers:
        return ""
    first = int(groups[0].numbers[0])
    return "year" if first in YEARS else "count" if first >= COUNT else "number"


def _dates(asked: tuple[int, ...], bound: tuple[int, ...]) -> Order:
    if not asked or not bound:
        return NONE
    length = min(len(asked), len(bound))
    if asked[:length] == bound[:length]:
        return Order(frozenset((0,)), len(asked) < len(bound), len(asked) > len(bound))
    return Order(frozenset((-1 if asked < bound else 1,)))


def _groups(asked: tuple[Group, ...], bound: tuple[Group, ...], *, by_number: bool) -> Order:
    ways: set[int] = set()
    for left, right in zip_longest(asked, bound):
        if left is None or right is None:
            return _one_ends(ways, left, right)
        if left.word != right.word:
            return Order(frozenset(ways) | _words(left, right))
        if left.word == "hw" and left.numbers != right.numbers:
            return Order(frozenset(ways) | EITHER)  # another piece of hardware, with a numbering of its own
        order = _numbers(left.numbers, right.numbers, by_number=by_number or bool(left.word))
        ways |= order.ways - {0}
        if 0 not in order.ways:
            more = EITHER if order.asked_short or order.bound_short else frozenset[int]()
            last = left is asked[-1] and right is bound[-1]
            if last or not more:
                return Order(frozenset(ways), order.asked_short, order.bound_short)
            return Order(frozenset(ways) | more)  # "15.1" against "15 SP1": which of the two is later?
    return Order(frozenset(ways) | {0})


def _one_ends(ways: set[int], left: Group | None, right: Group | None) -> Order:
    """The one goes on where the other ends; what follows says whether that is later or earlier."""
    more = left or right or Group("", ())
    word = more.word
    sign = 1 if left else -1
    if word in BEFORE:
        return Order(frozenset(ways | {-sign}), right is not None, left is not None)
    known = word in _AFTER and (len(word) > 1 or more.numbers)  # "1.2p4" is a patch, "1.2p" may be a letter like any
    later = frozenset((sign,)) if known or word in ("", REVISION) else EITHER
    return Order(frozenset(ways) | later, right is not None, left is not None)


def _words(one: Group, other: Group) -> frozenset[int]:
    """Which of two words comes first: "Update 1" and "R2", or a preview and a beta, are not for us to say."""
    left, right = one.word, other.word
    if left in PHASES and right in PHASES:
        return frozenset((-1 if PHASES[left] < PHASES[right] else 1,))
    if left in BEFORE and right in _AFTER:
        return frozenset((-1,))
    if left in _AFTER and right in BEFORE:
        return frozenset((1,))
    letters = len(left) == len(right) == 1 and left.isalpha() and right.isalpha()
    if letters and not one.numbers and not other.numbers:  # 1.2a, 1.2b
        return frozenset((-1 if left < right else 1,))
    return EITHER


def _numbers(asked: tuple[str, ...], bound: tuple[str, ...], *, by_number: bool) -> Order:
    """Component by component; and as a decimal fraction where that is how it may be meant (3.15 against 3.2)."""
    short = _shorter(asked, bound)
    numeric = _first(asked, bound, fraction=False)
    if by_number or not _fraction_plausible(asked, bound):
        return Order(frozenset((numeric,)), *short)
    return Order(frozenset((numeric, _first(asked, bound, fraction=True))), *short)


def _first(asked: tuple[str, ...], bound: tuple[str, ...], *, fraction: bool) -> int:
    for place, (left, right) in enumerate(zip_longest(asked, bound, fillvalue="0")):
        if fraction and place:
            width = max(len(left), len(right))
            one, other = int(left.ljust(width, "0")), int(right.ljust(width, "0"))
        else:
            one, other = int(left), int(right)
        if one != other:
            return -1 if one < other else 1
    return 0


def _fraction_plausible(asked: tuple[str, ...], bound: tuple[str, ...]) -> bool:
    """Two numbers with one point, of different lengths after it; or a zero that leads on one side only."""
    place = next((n for n, (a, b) in enumerate(zip(asked, bound, strict=False)) if int(a) != int(b)), 0)
    if not place or len(asked[place]) == len(bound[place]) or int(asked[0]) in YEARS:
        return False
    zero = asked[place].startswith("0") or bound[place].startswith("0")
    return zero or (place == 1 and len(asked) == len(bound) == 2)  # noqa: PLR2004


def _shorter(asked: tuple[str, ...], bound: tuple[str, ...]) -> tuple[bool, bool]:
    length = min(len(asked), len(bound))
    if any(int(a) != int(b) for a, b in zip(asked[:length], bound[:length], strict=True)):
        return False, False
    more = [int(number) for number in (*asked[length:], *bound[length:])]
    if not any(more):
        return False, False
    return len(asked) < len(bound), len(bound) < len(asked)
