"""What a name is known by, and which names of sources an organisation's name may mean. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from dijkwacht.rooms.advisories.catalogue.naming import (
    cpe_key,
    model_key,
    models_in,
    product_words,
    purl_key,
    vendor_key,
)
from dijkwacht.rooms.advisories.matching.evidence import CONFIDENCE, SURE, How

MOST_UNSURE: Final = 20  # guesses for one name; an analyst sees the best
COMMON: Final = 3_000  # a word that so many products share tells nothing
DISTINCT: Final = 4  # letters of a single word that may stand for a product
CLOSE: Final = 92.0  # of 100: two spellings this near are shown to an analyst


@dataclass(frozen=True, slots=True)
class Subject:
    """A product as somebody calls it: what is written, and what it is found by."""

    vendor: str
    product: str
    maker: str  # the vendor in one spelling, "" for none
    words: tuple[str, ...]
    keys: tuple[tuple[How, str], ...]  # identifiers, the best first
    within: frozenset[str] = frozenset()  # model numbers of `keys` that only stand in its name, which may be standards
    called: frozenset[str] = frozenset()  # products that it is, as an analyst said
    linked: frozenset[str] = frozenset()  # products that it is, as a source said
    not_called: frozenset[str] = frozenset()  # products that an analyst said it is not

    @property
    def name(self) -> str:
        return f"{self.vendor} {self.product}".strip()


class Met(NamedTuple):
    """A name of a source (its place), how it was met, and the confidence in it, 0 to 1."""

    subject: int
    how: How
    confidence: float


def subject_of(
    vendor: str,
    product: str,
    cpe: str = "",
    purl: str = "",
    models: Iterable[str] = (),
    makers: frozenset[str] = frozenset(),
) -> Subject:
    """Read a name. `makers`: vendors known; without a vendor, one that the product begins with counts as its vendor."""
    maker = vendor_key(vendor)
    words = product_words(vendor, product)
    if not maker and makers:
        maker, words = _maker_in(words, makers)
    keys: list[tuple[How, str]] = []
    if key := purl_key(purl):
        keys.append((How.PURL, "p " + key))
    if key := cpe_key(cpe):
        keys.append((How.CPE, "c " + key))
    if words:
        keys.append((How.NAME, f"n {maker}|{' '.join(words)}"))
    own = [f"m {number}" for number in dict.fromkeys(map(model_key, models)) if number]
    within = [key for key in (f"m {number}" for number in models_in(product)) if key not in own]
    keys.extend((How.MODEL, key) for key in (*own, *within))
    return Subject(vendor, product, maker, words, tuple(keys), frozenset(within))


def _maker_in(words: tuple[str, ...], makers: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    for length in (3, 2, 1):
        if len(words) > length and " ".join(words[:length]) in makers:
            return " ".join(words[:length]), words[length:]
    return "", words


@dataclass(slots=True)
class Names:
    """The names of sources, to be found by any of what they are known by."""

    subjects: list[Subject]
    by_key: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_words: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))  # sorted words, without vendor
    by_word: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    by_product: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_maker: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    makers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, subjects: list[Subject]) -> "Names":
        names = cls(subjects)
        for place, subject in enumerate(subjects):
            for _, key in subject.keys:
                names.by_key[key].append(place)
            for product in subject.called | subject.linked:
                names.by_product[product].append(place)
            if subject.words:
                names.by_words[" ".join(sorted(set(subject.words)))].append(place)
                names.by_maker[subject.maker].append(place)
            for word in set(subject.words):
                names.by_word[subject.maker, word].append(place)
        names.makers = frozenset(subject.maker for subject in subjects if subject.maker)
        return names

    def meet(self, ours: Subject) -> list[Met]:
        """Every name of a source that ours may mean, each once, in the best way it was met."""
        best: dict[int, tuple[How, float]] = {}
        for how, place in self._certain(ours):
            _better(best, place, how, CONFIDENCE[how])
        for place in self._numbered(ours):
            _better(best, place, How.MODEL, CONFIDENCE[How.PRODUCT])
        for how, place, confidence in self._guessed(ours, near=not any(c >= SURE for _, c in best.values())):
            _better(best, place, how, confidence)
        found = [Met(place, how, c) for place, (how, c) in best.items() if not self._vetoed(ours, place)]
        unsure = sorted((one for one in found if one.confidence < SURE), key=lambda one: (-one.confidence, one.subject))
        return [one for one in found if one.confidence >= SURE] + unsure[:MOST_UNSURE]

    def _vetoed(self, ours: Subject, place: int) -> bool:
        theirs = self.subjects[place]
        theirs_all, ours_all = theirs.called | theirs.linked, ours.called | ours.linked
        return bool(ours.not_called & theirs_all or theirs.not_called & ours_all)

    def _certain(self, ours: Subject) -> Iterable[tuple[How, int]]:
        for product in ours.called | ours.linked:
            for place in self.by_product.get(product, ()):
                both = ours.called & self.subjects[place].called
                yield How.ALIAS if product in both else How.LINKED, place
        for how, key in ours.keys:
            for place in self.by_key.get(key, ()):
                theirs = self.subjects[place]
                if how is How.MODEL and (key in theirs.within or not _may_be_one(ours, theirs, key)):
                    continue
                yield (How.PRODUCT if how is How.NAME and not ours.maker and not _telling(ours.words) else how), place
        if ours.words:
            for place in self.by_words.get(" ".join(sorted(set(ours.words))), ()):
                theirs = self.subjects[place]
                if ours.maker == theirs.maker and ours.maker:
                    yield How.WORDS, place
                elif not (ours.maker and theirs.maker):
                    yield How.PRODUCT, place

    def _numbered(self, ours: Subject) -> Iterable[int]:
        """Names that hold the same number as ours: an order number, or a standard such as "802.11a/b/g/n"."""
        for how, key in ours.keys:
            for place in self.by_key.get(key, ()) if how is How.MODEL else ():
                theirs = self.subjects[place]
                if key in theirs.within and _may_be_one(ours, theirs, key):
                    yield place

    def _guessed(self, ours: Subject, *, near: bool) -> Iterable[tuple[How, int, float]]:
        """Parts of names, other vendors, near spellings: for an analyst to judge."""
        if not ours.words:
            return
        yield from self._parts(ours)
        if _telling(ours.words):
            for place in self.by_words.get(" ".join(sorted(set(ours.words))), ()):
                kin = set(self.subjects[place].maker.split()) & set(ours.maker.split())
                yield How.OTHER_VENDOR, place, CONFIDENCE[How.OTHER_VENDOR] + (0.2 if kin else 0.0)
        if near:
            yield from self._spelled(ours)

    def _parts(self, ours: Subject) -> Iterable[tuple[How, int, float]]:
        mine = set(ours.words)
        shared: dict[int, int] = defaultdict(int)
        for word in mine:
            places = self.by_word.get((ours.maker, word), ())
            for place in places if len(places) <= COMMON else ():
                shared[place] += 1
        for place, count in shared.items():
            theirs = set(self.subjects[place].words)
            smaller = mine if len(mine) <= len(theirs) else theirs
            if count == len(smaller) and _telling(tuple(smaller)):
                yield How.PART, place, round(0.3 + 0.5 * len(smaller) / max(len(mine), len(theirs)), 2)

    def _spelled(self, ours: Subject) -> Iterable[tuple[How, int, float]]:
        from rapidfuzz import fuzz, process

        places = self.by_maker.get(ours.maker, []) if ours.maker else []
        if not places or len(places) > COMMON:
            return
        mine = " ".join(ours.words)
        names = [" ".join(self.subjects[place].words) for place in places]
        for name, score, at in process.extract(mine, names, scorer=fuzz.ratio, score_cutoff=CLOSE, limit=MOST_UNSURE):
            if _digits(name) == _digits(mine):  # "S7-1200" is not a misspelt "S7-1500"
                yield How.SPELLING, places[at], round(CONFIDENCE[How.SPELLING] * score / 100, 2)


def _digits(name: str) -> list[str]:
    return sorted(word for word in name.split() if any(c.isdigit() for c in word))


def _telling(words: tuple[str, ...]) -> bool:
    """Whether the words say enough to mean one product: "gateway" does not."""
    return len(words) > 1 or any(len(word) > DISTINCT and any(c.isdigit() for c in word) for word in words)


def _may_be_one(ours: Subject, theirs: Subject, key: str) -> bool:
    """Whether one number may mean one product: of one vendor, or where it is all that is written of either."""
    if ours.maker and theirs.maker:
        return ours.maker == theirs.maker
    return any("".join(one.words) == key[2:] for one in (ours, theirs) if not one.maker)


def _better(best: dict[int, tuple[How, float]], place: int, how: How, confidence: float) -> None:
    if place not in best or best[place][1] < confidence:
        best[place] = (how, confidence)
