"""Which versions are meant: limits and points, and whether one version is among them. Three-valued."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from dijkwacht.rooms.advisories.versions.answers import Rule
from dijkwacht.rooms.advisories.versions.ordering import Order, compare
from dijkwacht.rooms.advisories.versions.reading import Version

# "~<" and "~>" are limits of which the words do not say whether they are meant too: "up to 4.2", "between 2 and 3".
Sign = Literal["<", "<=", ">", ">=", "=", "!=", "~<", "~>"]
LOWER: Final = frozenset((">", ">=", "~>"))
UPPER: Final = frozenset(("<", "<=", "~<"))
_TESTS: Final[dict[str, frozenset[int]]] = {
    "<": frozenset((-1,)),
    "<=": frozenset((-1, 0)),
    ">": frozenset((1,)),
    ">=": frozenset((0, 1)),
    "=": frozenset((0,)),
    "!=": frozenset((-1, 1)),
}
_UNSURE: Final = {"~<": ("<", "<="), "~>": (">", ">=")}


class Inside(NamedTuple):
    """Whether a version is meant. True, False, or None where readings differ.

    `plain` takes the version exactly as it was given; `possible` also what it may stand for when it is less precise
    than the limits. `why`: of what is not True or False. `past`: beyond the upper limit, all readings agree.
    """

    plain: bool | None
    possible: bool | None
    why: Rule
    past: bool = False


YES: Final = Inside(True, True, Rule.INSIDE)
NOTHING: Final = Inside(None, None, Rule.NOT_UNDERSTOOD)


@dataclass(frozen=True, slots=True)
class Limit:
    sign: Sign
    version: Version

    def holds(self, asked: Version, scheme: str) -> Inside:
        """Whether the asked version keeps to this limit."""
        order = compare(asked, self.version, scheme)
        if not order.ways:
            return Inside(None, None, Rule.OTHER_KIND)
        plain = self._plain(order)
        possible = {True, False} if order.asked_short else plain
        if order.asked_short and self.sign in {"=", "!="}:
            possible = plain | {self.sign == "="}
        why = Rule.TOO_SHORT if len(plain) == 1 else Rule.READINGS_DIFFER
        past = self.sign in UPPER and plain == possible == {False}
        return Inside(_one(plain), _one(possible), why, past)

    def _plain(self, order: Order) -> set[bool]:
        if self.version.wild:
            return self._wild(order)
        if self.sign in _UNSURE:
            return {way in _TESTS[sign] for way in order.ways for sign in _UNSURE[self.sign]} | _if(order.bound_short)
        found = {way in _TESTS[self.sign] for way in order.ways}
        if order.bound_short and self.sign in {"<=", "=", ">", "!="}:  # "<= 4.7" may mean 4.7.3 too
            found.add(self.sign in {"<=", "="})
        return found

    def _wild(self, order: Order) -> set[bool]:
        """ "4.x": all that begin with it are the same to it. Whether "< 4.x" means 4.2 cannot be known."""
        if order.bound_short or order.ways == {0}:
            return {True, False} if self.sign in {"<", ">", "~<", "~>"} else {self.sign != "!="}
        return {way in _TESTS[self.sign.replace("~", "")] for way in order.ways}


def _if(condition: bool) -> set[bool]:
    return {True, False} if condition else set()


def _one(values: set[bool]) -> bool | None:
    return next(iter(values)) if len(values) == 1 else None


@dataclass(frozen=True, slots=True)
class Span:
    """All limits hold together; none at all means every version. A point is a span with the sign "=".

    `closed`: the source means that what is not named is not meant; a list of versions in words never is. `condition`:
    words that narrow it and that no version can answer.
    """

    limits: tuple[Limit, ...]
    closed: bool = True
    condition: bool = False

    def inside(self, asked: Version, scheme: str) -> Inside:
        held = [limit.holds(asked, scheme) for limit in self.limits]
        plain, possible = _all([h.plain for h in held]), _all([h.possible for h in held])
        why = next((h.why for h in held if h.plain is None or h.possible is None), Rule.INSIDE)
        past = any(h.past for h in held)
        if self.condition and plain is not False:
            return Inside(None, None if possible is not False else False, Rule.CONDITION)
        if (plain is False or possible is False) and not self.closed:
            return Inside(None, None, Rule.LISTED_ONLY, past)
        return Inside(plain, possible, why, past)


@dataclass(frozen=True, slots=True)
class Region:
    """Spans of which one suffices. `understood` is False where words were left over that may widen it."""

    spans: tuple[Span, ...]
    understood: bool = True

    def inside(self, asked: Version, scheme: str = "") -> Inside:
        """Whether the asked version is among those meant."""
        if not self.understood or not self.spans:
            return NOTHING
        found = [span.inside(asked, scheme) for span in self.spans]
        plain, possible = _any([f.plain for f in found]), _any([f.possible for f in found])
        doubtful = [f.why for f in found if f.plain is None or f.possible is None]
        why = next((w for w in doubtful if w is not Rule.LISTED_ONLY), doubtful[0] if doubtful else Rule.INSIDE)
        return Inside(plain, possible, why, all(f.past for f in found))

    @property
    def everything(self) -> bool:
        return self.understood and any(not span.limits and not span.condition for span in self.spans)

    @property
    def conditional(self) -> bool:
        return any(span.condition for span in self.spans)


ALL: Final = Region((Span(()),))
UNREAD: Final = Region((), understood=False)


def _all(values: list[bool | None]) -> bool | None:
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def _any(values: list[bool | None]) -> bool | None:
    if any(value is True for value in values):
        return True
    return None if any(value is None for value in values) else False
