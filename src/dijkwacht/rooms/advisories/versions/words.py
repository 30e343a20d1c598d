"""The words of versions: text to tokens.

One pass from left to right; no expression here takes more than linear time, whatever the text.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from dijkwacht.rooms.advisories.versions.reading import AFTER, BEFORE, Version, read_version

LONGEST: Final = 2_000  # characters; what is longer is an essay, and is unknown


class Kind(Enum):
    SIGN = auto()  # stands before a version
    POST = auto()  # stands after one: "and earlier"
    VERSION = auto()
    JOIN = auto()  # "|", ",", "and"
    TO = auto()  # between two versions
    ALL = auto()
    CONDITION = auto()
    BAD = auto()


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    value: str = ""
    version: Version | None = None


# Dashes, quotes and signs that word processors put in place of those on the keyboard.
_CHARACTERS: Final = str.maketrans({
    "\u2264": "<=", "\u2265": ">=", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2011": "-", "\u201c": '"',
    "\u201d": '"', "\u2019": "'", "_": " ", "\u00a0": " ", "\u00ae": "", "\u2122": "",
})  # fmt: skip
_LEX: Final = re.compile(
    r"<=|=<|>=|=>|!=|<|>|==|=|\||;|,|\(|\)|[^\s<>=!|;,()]{1,200}(?:\([a-z0-9.]{1,20}\)[a-z0-9.]{0,20}){0,3}|\S"
)
_MONTH: Final = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_MONTH_FIRST: Final = re.compile(rf"\b{_MONTH}[ /]{{1,3}}([0-9]{{1,2}})(?:st|nd|rd|th)?[ ,/]{{1,3}}([0-9]{{4}})\b")
_DAY_FIRST: Final = re.compile(rf"\b([0-9]{{1,2}})[ -]{_MONTH}[ -]([0-9]{{4}})\b")
_MONTH_ONLY: Final = re.compile(rf"\b{_MONTH}[ /]([0-9]{{4}})\b")
_SIGNS: Final = {"<": "<", "<=": "<=", "=<": "<=", ">": ">", ">=": ">=", "=>": ">=", "=": "=", "==": "=", "!=": "!="}
_JOINS: Final = frozenset(("|", ",", ";", "and", "or", "&", "but", "und", "en"))
_NOISE: Final = frozenset(
    (
        "version", "versions", "ver", "vers", "version(s)", "release", "releases", "firmware", "software",
        "fw", "sw", "bios", "the", "v", "build(s)", "of", "is", "are",
    )
)  # fmt: skip
_BEFORE: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (("up", "to", "and", "including"), "<="), (("up", "to", "but", "not", "including"), "<"),
    (("up", "to", "including"), "<="),
    (("but", "not", "including"), "<"), (("but", "excluding"), "<"), (("prior", "to"), "<"), (("previous", "to"), "<"),
    (("earlier", "than"), "<"), (("older", "than"), "<"), (("lower", "than"), "<"), (("less", "than"), "<"),
    (("later", "than"), ">"), (("newer", "than"), ">"), (("higher", "than"), ">"), (("greater", "than"), ">"),
    (("starting", "from"), ">="), (("starting", "with"), ">="), (("beginning", "with"), ">="), (("up", "to"), "~<"),
    (("before",), "<"), (("below",), "<"), (("through",), "<="), (("thru",), "<="), (("until",), "~<"),
    (("till",), "~<"),
    (("from",), ">="), (("since",), ">="), (("after",), ">"), (("above",), ">"), (("between",), "~>"), (("to",), "~<"),
    (("-",), "<="),
)  # fmt: skip
_EARLIER: Final = frozenset(
    (
        "prior", "earlier", "below", "older", "lower", "previous", "before", "under", "preceding", "less",
    )
)  # fmt: skip
_LATER: Final = frozenset(
    (
        "later", "newer", "above", "higher", "greater", "onwards", "onward", "upwards", "beyond", "after",
        "up",
    )
)  # fmt: skip
_CONDITIONS: Final = frozenset(
    (
        "with", "only", "if", "when", "where", "using", "running", "on", "in", "having", "without", "except",
        "excluding", "for", "unless", "via", "while", "during", "based",
    )
)  # fmt: skip
_MARKS: Final = {
    **dict.fromkeys(("including", "inclusive", "included"), "(in)"),
    **dict.fromkeys(("excluding", "exclusive", "excluded"), "(ex)"),
}
_REMARKS: Final = ("end-of-life", "end of life", "eol", "formerly", "all editions")
_ALL: Final = frozenset(("all", "*", "any", "every", "alle"))
_QUALIFIED: Final = re.compile(r"([a-z]{1,12})\.?([0-9]{1,9}[a-z]?)?\Z")
_VERSION_LIKE: Final = re.compile(r"v?\.?[0-9]|[a-z]{1,20}[0-9]{1,20}\.[0-9]")
_HYPHENED: Final = re.compile(r"v?([0-9]{1,9}(?:\.[0-9]{1,9}){1,6})-v?([0-9]{1,9}(?:\.[0-9]{1,9}){1,6})\Z")
_NUMBERED: Final = re.compile(r"v([0-9]{1,9})-v([0-9]{1,9})\Z")
_LETTERED: Final = re.compile(r"(?!v[0-9])[a-z]{1,8}[0-9][a-z0-9]{0,12}\Z")


def tokens(text: str) -> list[Token]:
    """Everything in the text, in order. What is not known is a token of its own kind; nothing is dropped in silence."""
    words = [word.strip('."') or word for word in _LEX.findall(_normal(text))]
    found: list[Token] = []
    place = 0
    while place < len(words):
        token, place = _next(words, place, found)
        found.extend(token)
    return found


def _normal(text: str) -> str:
    text = text.translate(_CHARACTERS).lower()
    text = _MONTH_FIRST.sub(r"\1/\2/\3", text)
    text = _DAY_FIRST.sub(r"\2/\1/\3", text)
    return _MONTH_ONLY.sub(r"\1/\2", text)


def _next(words: list[str], place: int, before: list[Token]) -> tuple[list[Token], int]:
    word = words[place]
    after_version = bool(before) and before[-1].kind is Kind.VERSION
    if word == "(":
        return _bracket(words, place, before)
    if after_version and (post := _post(words, place)):
        return [Token(Kind.POST, post[0])], post[1]
    if word == "-" and words[place + 1 : place + 2] == ["|"]:
        return [], place + 1
    for phrase, sign in _BEFORE:
        if tuple(words[place : place + len(phrase)]) == phrase:
            return _phrase(phrase, sign, place, after_version=after_version)
    if word in _CONDITIONS:
        return [_condition(words[place:])], len(words)
    single = _single(word)
    return (single, place + 1) if single is not None else _version(words, place, before)


def _single(word: str) -> list[Token] | None:
    """What one word says by itself; nothing, for one that only introduces a version; None, for one that may be one."""
    if word in _SIGNS:
        return [Token(Kind.SIGN, _SIGNS[word])]
    if word in _JOINS:
        return [Token(Kind.JOIN, word)]
    if word in _ALL:
        return [Token(Kind.ALL)]
    return [] if word in _NOISE else None


def _phrase(phrase: tuple[str, ...], sign: str, place: int, *, after_version: bool) -> tuple[list[Token], int]:
    place += len(phrase)
    if phrase in {("to",), ("-",)}:
        return [Token(Kind.TO if after_version else Kind.BAD, sign)], place
    return [Token(Kind.TO if after_version and sign in {"<", "<=", "~<"} else Kind.SIGN, sign)], place


def _post(words: list[str], place: int) -> tuple[str, int] | None:
    """ "and earlier", "or any prior versions", "and up". Not "prior to", which stands before a version."""
    while place < len(words) and words[place] in {"and", "or", "&", "all", "any", "other", *_NOISE} - {"v"}:
        place += 1
    if place >= len(words) or words[place] not in _EARLIER | _LATER:
        return None
    if words[place + 1 : place + 2] in (["to"], ["than"]) or (words[place + 1 : place + 2] or [""])[0][:1].isdigit():
        return None
    return ("<=" if words[place] in _EARLIER else ">="), place + 1


def _bracket(words: list[str], place: int, before: list[Token]) -> tuple[list[Token], int]:
    if ")" not in words[place:]:
        return [Token(Kind.BAD)], len(words)
    end = words.index(")", place)
    return _within(words[place + 1 : end], before), end + 1


def _within(inner: list[str], before: list[Token]) -> list[Token]:
    """Words in brackets: a mark, a remark, a part of the version before, a version, or a condition."""
    text = " ".join(inner)
    last = before[-1].kind if before else None
    if last is Kind.VERSION and text in _MARKS:
        return [Token(Kind.POST, _MARKS[text])]
    if text.startswith(_REMARKS):
        return []
    if last is Kind.SIGN and len(inner) == 1:  # "<= (R4.10)"
        return _version(inner, 0, before)[0]
    if last is Kind.VERSION and (version := _joined(before[-1], inner)):
        before[-1] = version
        return []
    return [Token(Kind.CONDITION) if text.startswith(("excluding", "except")) else _condition(inner)]


def _joined(before: Token, inner: list[str]) -> Token | None:
    """ "5.0 (build 12)" is one version."""
    if len(inner) == 1 and inner[0].isdigit():
        inner = ["build", *inner]
    if before.version is None or len(inner) not in (1, 2) or not _qualifies("".join(inner)):
        return None
    return Token(Kind.VERSION, version=read_version(f"{before.version.text} {' '.join(inner)}"))


def _condition(words: list[str]) -> Token:
    """Words that narrow; unless a version or a sign among them may say something of its own."""
    rest = [word for word in words if not word.startswith("cve-")]
    risky = any(word in _SIGNS or _VERSION_LIKE.match(word) for word in rest)
    return Token(Kind.BAD if risky else Kind.CONDITION)


def _qualifies(word: str) -> bool:
    found = _QUALIFIED.match(word)
    return found is not None and found[2] is not None and (found[1] in AFTER or found[1] in BEFORE)


def _version(words: list[str], place: int, before: list[Token]) -> tuple[list[Token], int]:
    word, place = words[place], place + 1
    if hyphened := _HYPHENED.match(word) or _NUMBERED.match(word):
        return _range(hyphened[1], hyphened[2], word), place
    if word.startswith("-") and word[1:2].isdigit():
        return [Token(Kind.TO, "<="), *_version([word[1:]], 0, before)[0]], place
    post = [Token(Kind.POST, ">=")] if word.endswith("+") else []
    parts = [word.rstrip("+*") if post or word.endswith("+*") else word]
    begun = _begins(parts[0], words[place : place + 5], before)
    if not begun:
        return [Token(Kind.BAD)], place
    parts, place = [*parts, *words[place : place + begun - 1]], place + begun - 1
    while place < len(words):
        taken = _more(words, place, parts)
        if not taken:
            break
        parts, place = [*parts, *words[place : place + taken]], place + taken
    version = read_version(" ".join(parts))
    if version is None or ("/" in word and not version.date):
        return [Token(Kind.BAD)], place
    return [Token(Kind.VERSION, version=version), *post], place


def _begins(word: str, following: list[str], before: list[Token]) -> int:
    """How many words a version begins with: one, two in "rev. 8.3"; 0 where none begins."""
    if any(c.isdigit() for c in word):
        return 1
    if word in AFTER and following and following[0][:1].isdigit():
        return 2
    signed = bool(before) and before[-1].kind is Kind.SIGN
    if signed and (named := _named([word, *following])):
        return named
    return int(word.isalpha() and len(word) <= (2 if signed else 1))  # "<= LF": a revision in letters


def _named(words: list[str]) -> int:
    """How many words a version with its product in front of it takes: "< HiOS 07.0.02"."""
    for place, word in enumerate(words[:5]):
        if _VERSION_LIKE.match(word):
            return place + 1 if place else 0
        if not word.isalpha() or word in _CONDITIONS or word in _JOINS:
            return 0
    return 0


def _more(words: list[str], place: int, parts: list[str]) -> int:
    """How many of the next words belong to the version that began: "SP2", "build 12", "V05.20" after a series."""
    word, after = words[place], words[place + 1 : place + 2]
    if _qualifies(word):
        return 1
    if word in {"service", "feature"} and after == ["pack"]:
        return 3 if words[place + 2 : place + 3] and words[place + 2][:1].isdigit() else 0
    if (word in AFTER or word in BEFORE) and after and after[0][:1].isdigit():
        return 2
    if _LETTERED.match(word) and parts[0][-1:].isalnum():  # "R520.1 TCU5"
        return 1
    lettered = parts[0][:1].isalpha() and "." not in parts[0] and len(parts) == 1 and parts[0][:1] != "v"
    return 1 if lettered and re.match(r"v[0-9]", word) else 0


def _range(low: str, high: str, word: str) -> list[Token]:
    """ "12.1.1-12.1.3" is a range if both look alike, else one version with a suffix."""
    one, other = read_version(low), read_version(high)
    if one and other and low.count(".") == high.count("."):
        return [Token(Kind.VERSION, "hyphen", one), Token(Kind.TO, "<="), Token(Kind.VERSION, "hyphen", other)]
    return [Token(Kind.VERSION, version=read_version(word))]
