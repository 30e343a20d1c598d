"""Find a type of entity by plain words: "bakery", "loodgieter", "webshop"; and say honestly when nothing fits."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Final

from dijkwacht.law.applicability.rulebook import Rulebook
from dijkwacht.law.tables import Row

SHORT: Final = 4  # letters: a shorter word must be there as it is
ALIKE: Final = 0.84  # how much a misspelt word must look like the right one
STEM: Final = 6  # letters that two forms of one word share at least: ziekenhuis, ziekenhuizen
MOST_OF_IT: Final = 0.7
LONGEST: Final = 100  # characters of a question that are looked at
NOISE: Final = frozenset(
    [
        "de",
        "het",
        "een",
        "en",
        "of",
        "voor",
        "van",
        "met",
        "in",
        "op",
        "the",
        "a",
        "an",
        "and",
        "or",
        "for",
        "with",
        "on",
    ]
)


@dataclass(frozen=True)
class Found:
    """What words led to: types of entity, and notes on what the law does not name."""

    types: tuple[Row, ...]
    notes: tuple[Row, ...]

    @property
    def nothing(self) -> bool:
        """Tell whether nothing in the tables comes near."""
        return not self.types and not self.notes


def words_of(text: str) -> list[str]:
    """Split into plain lower-case words without accents or signs."""
    plain = unicodedata.normalize("NFKD", text.casefold()[:LONGEST])
    plain = "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return [word for word in plain.split() if word not in NOISE]


def search(book: Rulebook, question: str, on: date, *, most: int = 12) -> Found:
    """Find types of entity and notes by words in Dutch or English, the best first."""
    asked = words_of(question)
    if not asked:
        return Found((), ())
    types = _best(book.types.as_of(on), asked, ("name_nl", "name_en"), most)
    notes = _best(book.everyday.as_of(on), asked, (), most=3)
    codes = dict.fromkeys([*(row["code"] for row in types), *(code for note in notes for code in note["nearest"])])
    found = (book.entity_type(code, on) for code in codes)
    return Found(tuple(row for row in found if row is not None), tuple(notes))


def _best(rows: Iterable[Row], asked: list[str], names: tuple[str, ...], most: int) -> list[Row]:
    scored = [(_score(row, asked, names), number, row) for number, row in enumerate(rows)]
    found = sorted((entry for entry in scored if entry[0] > 0), key=lambda entry: (-entry[0], entry[1]))
    top = found[0][0] if found else 0.0
    return [row for score, _, row in found if score >= top / 2][:most]


def _score(row: Row, asked: list[str], names: tuple[str, ...]) -> float:
    """Score a row: every word asked must be like a word of one of its phrases; a whole phrase counts most."""
    phrases = [words_of(phrase) for phrase in (*row["words_nl"], *row["words_en"], *(row[name] for name in names))]
    return max((_phrase(phrase, asked) for phrase in phrases if phrase), default=0.0)


def _phrase(phrase: list[str], asked: list[str]) -> float:
    scores = [max(_alike(word, known) for known in phrase) for word in asked]
    return 0.0 if min(scores) == 0 else sum(scores) / len(scores) + min(len(asked) / len(phrase), 1)


def _alike(asked: str, known: str) -> float:
    if asked == known:
        return 1.0
    if min(len(asked), len(known)) < SHORT:
        return 0.0
    if known.startswith(asked) or asked.startswith(known):
        return 0.8
    if asked in known or known in asked:
        return 0.6
    shared = next((place for place, (one, other) in enumerate(zip(asked, known, strict=False)) if one != other), 0)
    if shared >= STEM and shared / max(len(asked), len(known)) >= MOST_OF_IT:
        return 0.5
    return 0.5 if SequenceMatcher(None, asked, known).ratio() >= ALIKE else 0.0
