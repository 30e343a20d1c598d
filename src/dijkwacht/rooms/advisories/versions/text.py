"""Free text and operators to a region: "All versions < V13 SP2", ">=1.2|<1.5", "V2.0 and earlier"."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, cast

from dijkwacht.rooms.advisories.versions.ordering import compare
from dijkwacht.rooms.advisories.versions.regions import ALL, LOWER, UNREAD, UPPER, Limit, Region, Sign, Span
from dijkwacht.rooms.advisories.versions.words import LONGEST, Kind, Token, tokens


@dataclass(frozen=True, slots=True)
class Atom:
    """A limit or two, and the word that joined it to the one before."""

    limits: tuple[Limit, ...]
    join: str = ""
    doubtful: bool = False  # a hyphen that may be part of a version
    line: bool = False  # the lower one names a line: of what is older nothing is said

    @property
    def lower(self) -> bool:
        return len(self.limits) == 1 and self.limits[0].sign in LOWER

    @property
    def upper(self) -> bool:
        return len(self.limits) == 1 and self.limits[0].sign in UPPER


class UnclearError(Exception):
    """The words do not add up to versions."""


@lru_cache(maxsize=65_536)
def read_text(text: str, *, points_closed: bool = False) -> Region:
    """The versions that a text names. What is not understood as a whole is not understood at all.

    `points_closed`: a list names all that there is (a `vers:` range of a known scheme). Never raises.
    """
    if not text.strip() or len(text) > LONGEST:
        return UNREAD
    try:
        return _region(tokens(text), points_closed=points_closed)
    except UnclearError:
        return UNREAD


def _region(found: list[Token], *, points_closed: bool) -> Region:
    if any(token.kind is Kind.BAD for token in found):
        raise UnclearError
    condition = any(token.kind is Kind.CONDITION for token in found)
    everything = any(token.kind is Kind.ALL for token in found)
    rest = [token for token in found if token.kind not in {Kind.CONDITION, Kind.ALL}]
    if not any(token.kind is not Kind.JOIN for token in rest):
        if not everything:
            raise UnclearError
        return Region((Span((), condition=condition),)) if condition else ALL
    if everything and found[0].kind is not Kind.ALL:
        return ALL if not condition and rest[-1].kind in {Kind.VERSION, Kind.JOIN} else _unclear()
    atoms = _atoms(rest)
    if everything and any(limit.sign == "=" for atom in atoms for limit in atom.limits):
        raise UnclearError  # "all V3": all, or all of V3?
    return Region(
        tuple(
            replace(span, condition=condition or span.condition) for span in _spans(atoms, points_closed=points_closed)
        )
    )


def _unclear() -> Region:
    raise UnclearError


def _atoms(found: list[Token]) -> list[Atom]:
    atoms: list[Atom] = []
    join, place = "", 0
    while place < len(found):
        token = found[place]
        if token.kind is Kind.JOIN:
            join, place = token.value, place + 1
            continue
        atom, place = _atom(found, place, join)
        atoms.append(atom)
        join = ""
    return atoms


def _kind(found: list[Token], place: int) -> Kind | None:
    return found[place].kind if place < len(found) else None


def _atom(found: list[Token], place: int, join: str) -> tuple[Atom, int]:
    token = found[place]
    if token.kind is Kind.SIGN:
        return _signed(found, place, join)
    if token.kind is not Kind.VERSION:
        raise UnclearError
    if _kind(found, place + 1) is Kind.POST:
        sign = _posted(found[place + 1].value, upper=found[place + 1].value == "(ex)" or join == "and")
        return Atom((_limit(sign, token),), join), place + 2
    if _kind(found, place + 1) is Kind.TO:
        if _kind(found, place + 2) is not Kind.VERSION:
            raise UnclearError
        limits = (_limit(">=", token), _limit(found[place + 1].value, found[place + 2]))
        _must_rise(*limits)
        return Atom(limits, join, doubtful=token.value == "hyphen", line=_is_line_of(*limits)), place + 3
    following = _kind(found, place + 1)
    if following is Kind.VERSION:
        raise UnclearError
    if following is Kind.SIGN and _kind(found, place + 2) is Kind.VERSION:  # "2.2.5 <= 2.2.5.1"
        limits = (_limit(">=", token), _limit(found[place + 1].value, found[place + 2]))
        _must_rise(*limits)
        if limits[1].sign in UPPER:
            return Atom(limits, join, doubtful=True), place + 3
        raise UnclearError
    return Atom((_limit("=", token),), join), place + 1


def _signed(found: list[Token], place: int, join: str) -> tuple[Atom, int]:
    """A sign, its version, and what says more of it: "> 1 up to and including 2", "between 2.5 (including) and …"."""
    sign, following = found[place].value, _kind(found, place + 2)
    if _kind(found, place + 1) is not Kind.VERSION:
        raise UnclearError
    low = _limit(sign, found[place + 1])
    if following is Kind.TO and low.sign in LOWER and _kind(found, place + 3) is Kind.VERSION:
        high = _limit(found[place + 2].value, found[place + 3])
        _must_rise(low, high)
        return Atom((low, high), join), place + 4
    if following is Kind.POST:
        marks = {("~>", "(in)"): ">=", ("~>", "(ex)"): ">", ("~<", "(in)"): "<=", ("~<", "(ex)"): "<"}
        if (sign, found[place + 2].value) not in marks:
            raise UnclearError
        return Atom((_limit(marks[sign, found[place + 2].value], found[place + 1]),), join), place + 3
    if sign == "~>" and _kind(found, place + 2) is Kind.JOIN and _kind(found, place + 3) is Kind.VERSION:
        return _between(found, place, join)
    return Atom((low,), join), place + 2


def _between(found: list[Token], place: int, join: str) -> tuple[Atom, int]:
    """ "between 2 and 3": whether 2 and 3 are meant too is not said."""
    low, high = _limit("~>", found[place + 1]), _limit("~<", found[place + 3])
    _must_rise(low, high)
    return Atom((low, high), join), place + 4


def _posted(value: str, *, upper: bool) -> str:
    """ "V2.5 (including) and V2.7 (excluding)" is how a "between" of the source ends up here."""
    if value == "(in)":
        return "<=" if upper else ">="
    if value == "(ex)":
        return "<"
    return value


def _limit(sign: str, token: Token) -> Limit:
    if token.version is None:
        raise UnclearError
    return Limit(cast("Sign", sign), token.version)


def _must_rise(low: Limit, high: Limit) -> None:
    if compare(low.version, high.version).ways != {-1}:
        raise UnclearError


def _is_line_of(low: Limit, high: Limit) -> bool:
    """Whether one names the line of the other, not where it begins: "20.4 versions prior to 20.4R3-S4"."""
    line, member = _parts(low), _parts(high)
    return len(line) < len(member) and member[: len(line)] == line


def _parts(limit: Limit) -> list[str]:
    return [part for group in limit.version.groups for part in (group.word, *group.numbers)]


def _spans(atoms: list[Atom], *, points_closed: bool) -> list[Span]:
    """Limits that follow each other make a span where they can: "vers" and CSAF feeds write ">= 1.2 | < 1.5" so."""
    spans: list[Span] = []
    place = 0
    while place < len(atoms):
        atom, after = atoms[place], atoms[place + 1 : place + 2]
        if after and (span := _pair(atom, after[0], atoms[place + 2 : place + 3])):
            spans.append(span)
            place += 2
            continue
        if atom.line:
            spans.append(Span((Limit("<", atom.limits[0].version),), condition=True))
        point = any(limit.sign == "=" for limit in atom.limits)
        spans.append(Span(atom.limits, closed=not atom.doubtful and (points_closed or not point)))
        place += 1
    return spans


def _pair(atom: Atom, after: Atom, then: list[Atom]) -> Span | None:
    if atom.lower and after.upper:
        low, high = atom.limits[0], after.limits[0]
    elif atom.upper and after.lower and not (then and then[0].upper):
        low, high = after.limits[0], atom.limits[0]
    else:
        return None
    ways = compare(low.version, high.version).ways
    if not ways or len(ways) > 1 or after.join == "or":
        raise UnclearError
    if ways != {-1}:
        return None
    return Span((low, high), closed=atom.lower or after.join in {"and", ""})


NOTHING_SAID: Final = frozenset(("", "n/a", "-", "unspecified", "unknown", "none", "no version", "see references"))
