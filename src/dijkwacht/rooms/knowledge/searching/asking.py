"""What somebody types, as what is looked for: words, synonyms, and what was probably meant. No Django."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from dijkwacht.rooms.knowledge.library import HERE, toml

MOST_WORDS: Final = 8
LONGEST: Final = 200  # characters
WORD: Final = re.compile(r"[\w][\w.-]*")
CLOSE: Final = 80  # of 100, for a synonym that was mistyped
STOP: Final = frozenset(
    [
        "de",
        "het",
        "een",
        "en",
        "of",
        "van",
        "voor",
        "met",
        "op",
        "in",
        "is",
        "zijn",
        "wat",
        "hoe",
        "doe",
        "ik",
        "wij",
        "mijn",
        "onze",
        "te",
        "aan",
        "bij",
        "the",
        "a",
        "an",
        "and",
        "or",
        "of",
        "for",
        "with",
        "on",
        "in",
        "is",
        "are",
        "what",
        "how",
        "do",
        "i",
        "we",
        "my",
        "our",
        "to",
        "at",
        "by",
        "tegen",
        "against",
        "over",
        "about",
    ]
)


@dataclass(slots=True)
class Term:
    """One thing that must be found: the phrases of which any will do. `typed`: as it stood in the question."""

    typed: str
    phrases: list[str]
    known: bool = False  # a synonym of ours: no need to guess what was meant


@dataclass(slots=True)
class Question:
    """`corrected`: by typed word what was probably meant."""

    terms: list[Term]
    corrected: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=1)
def _groups() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(group) for group in toml(HERE / "synonyms.toml")["groups"])


@lru_cache(maxsize=1)
def _by_phrase() -> dict[str, tuple[str, ...]]:
    return {phrase: group for group in _groups() for phrase in group}


@lru_cache(maxsize=1)
def _called() -> dict[str, str]:
    rows = toml(HERE / "frameworks.toml").items()
    return {name: f"framework-{code}" for code, row in rows for name in row["called"]}


def page_called(question: Question) -> str:
    """Return the key of our own document that is called just so ("Cbw", "NIS2"), or the empty text."""
    return _called().get(" ".join(term.typed for term in question.terms), "")


def ask(text: str) -> Question:
    """Read a question: at most MOST_WORDS terms. A phrase of a synonym counts as one term."""
    words = [word.strip(".-") for word in WORD.findall(text[:LONGEST].lower())]
    words = [word for word in words if word][: 2 * MOST_WORDS]
    known, at = _by_phrase(), 0
    terms: list[Term] = []
    while at < len(words) and len(terms) < MOST_WORDS:
        for length in (3, 2, 1):
            phrase = " ".join(words[at : at + length])
            if phrase in known and at + length <= len(words):
                terms.append(Term(phrase, list(known[phrase]), known=True))
                at += length
                break
        else:
            if words[at] not in STOP:
                terms.append(Term(words[at], [words[at]]))
            at += 1
    return Question(terms)


def mistyped(word: str) -> str:
    """Return the phrase of a synonym that a word was probably meant to be, or the empty text."""
    from rapidfuzz import fuzz, process

    if len(word) < 4:  # noqa: PLR2004 - too short to guess
        return ""
    found = process.extractOne(word, _by_phrase().keys(), scorer=fuzz.ratio, score_cutoff=CLOSE)
    return str(found[0]) if found else ""


def correct(question: Question, meant: dict[str, str]) -> None:
    """Add what words were probably meant to be; what was typed is looked for too."""
    known = _by_phrase()
    for term in question.terms:
        if (said := meant.get(term.typed)) and said != term.typed:
            term.phrases += known.get(said, (said,))
            question.corrected[term.typed] = said


def lexemes(phrases: Iterable[str]) -> str:
    """Return phrases as a tsquery of prefixes: any of them, the words of one next to each other."""
    found = []
    for phrase in phrases:
        words = [re.sub(r"[^\w.-]", "", word).strip(".-") for word in re.split(r"[\s]+", phrase)]
        parts = [f"'{word}':*" if len(word) > 2 else f"'{word}'" for word in words if word]  # noqa: PLR2004
        if parts:
            found.append("(" + " <-> ".join(parts) + ")" if len(parts) > 1 else parts[0])
    return "(" + " | ".join(dict.fromkeys(found)) + ")" if found else ""
