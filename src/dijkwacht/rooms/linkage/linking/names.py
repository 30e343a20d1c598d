"""A name taken apart: legal form, what sets it apart within its group, and the rest as words."""

import re
import tomllib
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

SHORTEST: Final = 6  # letters of a word in which a typing error is looked for
LONGEST: Final = 300  # characters of a name that are looked at
DOTTED: Final = re.compile(r"\b([a-z])\.(?=[a-z]\b)")
WORDS: Final = re.compile(r"[a-z0-9?]+")
APART: Final = ((" v o f ", " vof "), (" b v ", " bv "), (" n v ", " nv "), (" c v ", " cv "), (" u a ", " ua "))
IN_BRACKETS: Final = re.compile(r"\([^)]*\)")
LETTERS: Final = str.maketrans(
    {"\u0131": "i", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "đ": "d"}
)


@dataclass(frozen=True, slots=True)
class Name:
    """`words`: without form and particles, in order. `qualifiers`: such as holding, sorted. `numbers`: digits in it."""

    words: tuple[str, ...] = ()
    form: str = ""
    qualifiers: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The same for names that differ in order of words, capitals, diacritics, form and particles only."""
        return " ".join(sorted(self.words))

    @property
    def text(self) -> str:
        """The words in order."""
        return " ".join(self.words)

    @property
    def base(self) -> str:
        """The key without what sets it apart within its group."""
        known = _qualifiers()[1]
        return " ".join(sorted(word for word in self.words if word not in known)) or self.key


@cache
def table() -> dict[str, Any]:
    """Give the words by which names are taken apart (`tables/names.toml`)."""
    with (Path(__file__).parents[1] / "tables" / "names.toml").open("rb") as source:
        return tomllib.load(source)


Ways = dict[str, list[tuple[tuple[str, ...], str]]]


@cache
def _forms() -> tuple[Ways, Ways]:
    """Ways to write a legal form with their codes, longest first: by the first word, and by the last."""
    listed = [(tuple(way.split()), code) for code, ways in table()["forms"].items() for way in ways]
    rules = table()["form_rules"]
    first, last = defaultdict(list), defaultdict(list)
    for way, code in sorted(listed, key=lambda pair: (-len(pair[0]), pair)):
        if way[0] not in rules["only_last"]:
            first[way[0]].append((way, code))
        if way[0] not in rules["only_first"]:
            last[way[-1]].append((way, code))
    return dict(first), dict(last)


@cache
def _qualifiers() -> tuple[dict[str, str], frozenset[str]]:
    """Words that set companies of one group apart with their normal form, and those normal forms."""
    words: dict[str, str] = table()["qualifiers"]
    return words, frozenset(words.values())


@cache
def _particles() -> frozenset[str]:
    return frozenset(table()["words"]["particles"])


@lru_cache(maxsize=1 << 17)
def qualified(word: str) -> str:
    """Give a word in full, and one that sets apart in its normal form, also when it holds one typing error."""
    words, _ = _qualifiers()
    word = in_full(word)
    if word in words or len(word) < SHORTEST - 1:
        return words.get(word, word)
    return next((words[known] for known in words if len(known) >= SHORTEST and one_slip(word, known)), word)


def in_full(word: str) -> str:
    """Give what an abbreviation stands for, or the word itself."""
    ending = next((short for short in table()["endings"] if word.endswith(short) and word != short), None)
    if ending is not None:
        return word.removesuffix(ending) + str(table()["endings"][ending])
    return str(table()["abbreviations"].get(word, word))


def one_slip(one: str, other: str) -> bool:
    """Tell whether two words are one letter more, less, other or exchanged apart."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), None)
    if at is None:
        return len(one) != len(other)
    if len(one) != len(other):
        longer, shorter = (one, other) if len(one) > len(other) else (other, one)
        return longer[at + 1 :] == shorter[at:]
    return one[at + 1 :] == other[at + 1 :] or (
        one[at + 2 :] == other[at + 2 :] and one[at : at + 2] == other[at : at + 2][::-1]
    )


def fold(text: str) -> str:
    """Give a text in lower-case ASCII; "&" and "+" read as "en"."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST].translate(LETTERS))
    return plain.encode("ascii", "ignore").decode().lower().replace("&", " en ").replace("+", " en ")


def take_apart(text: str) -> Name:
    """Take the name of an organisation apart. Never raises; a name of nothing but form keeps its words."""
    folded = IN_BRACKETS.sub(_branch_in_brackets, DOTTED.sub(r"\1", fold(text)))
    folded = DOTTED.sub(r"\1", folded).replace("'", "")
    tokens = _joined(WORDS.findall(folded))
    form, tokens = _without_forms(tokens)
    tokens = _without_branch(tokens)
    kept = [qualified(one) for one in tokens if one not in _particles()]
    apart = _qualifiers()[1].intersection(kept)
    return Name(
        words=tuple(kept or tokens),
        form=form,
        qualifiers=tuple(sorted(apart)) if set(kept) - apart else (),
        numbers=tuple(sorted(one for one in kept if one.isdigit())),
    )


def form_code(text: str) -> str:
    """Give the code of a legal form that stands in a cell of its own; empty when it is not known."""
    return _without_forms(_joined(WORDS.findall(DOTTED.sub(r"\1", fold(text)))))[0] if text else ""


def _branch_in_brackets(found: re.Match[str]) -> str:
    """Words in brackets name a branch or a place; a legal form in brackets is one."""
    inside = WORDS.findall(found.group())
    return f" {' '.join(inside)} " if inside and not _without_forms(inside)[1] else " "


def _joined(tokens: list[str]) -> list[str]:
    """Join letters that stand alone, as "b v" and "v o f" do."""
    text = f" {' '.join(tokens)} "
    for apart, together in APART:
        text = text.replace(apart, together)
    return text.split()


def _without_forms(tokens: list[str]) -> tuple[str, list[str]]:
    """Take legal forms off both ends; gives the code of the first found and what is left."""
    code, left = "", list(tokens)
    by_first, by_last = _forms()
    while left:
        ending = next((pair for pair in by_last.get(left[-1], ()) if tuple(left[-len(pair[0]) :]) == pair[0]), None)
        if ending is not None:
            left = left[: -len(ending[0])]
        else:
            ending = next((pair for pair in by_first.get(left[0], ()) if tuple(left[: len(pair[0])]) == pair[0]), None)
            if ending is None:
                break
            left = left[len(ending[0]) :]
        code = code or ending[1]
    return code, left


def _without_branch(tokens: list[str]) -> list[str]:
    """Leave out what names a branch: "jansen vestiging oosterdam" becomes "jansen"."""
    words = table()["words"]["branch"]
    at = next((at for at, one in enumerate(tokens) if at and one in words), None)
    return tokens if at is None else tokens[:at]
