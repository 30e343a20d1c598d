"""How good a linkage is, when the truth is known."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from dijkwacht.rooms.linkage.errors import UnusableTruth

COLUMNS: Final = ("source", "row", "entity")
Key = tuple[str, int]
Pair = tuple[Key, Key]


@dataclass(frozen=True, slots=True)
class Truth:
    """Which entity each record is, and (when the file says so) what is wrong with it."""

    entity: Mapping[Key, str]
    dirt: Mapping[Key, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Measure:
    """Over pairs of records: `right` of `merged` are one entity; of `true` pairs in the truth, `right` were merged, and
    `asked` of the others are put to a person. `by_dirt`: kind → (true pairs with it, merged, put to a person).
    """

    true: int
    merged: int
    right: int
    asked: int
    review: int
    by_dirt: Mapping[str, tuple[int, int, int]]

    @property
    def precision(self) -> float:
        """Share of merged pairs that are right; 1 when none was merged."""
        return self.right / self.merged if self.merged else 1.0

    @property
    def recall(self) -> float:
        """Share of true pairs that were merged; 1 when there is none."""
        return self.right / self.true if self.true else 1.0


def read_truth(path: Path, sources: Iterable[str], aliases: Mapping[str, str] | None = None) -> Truth:
    """Read a truth file: CSV with `source,row,entity` and perhaps `dirt`. Raises UnusableTruth.

    `source` is as in the clusters, or a name that `aliases` knows, such as the file's; `row` counts data rows from 1.
    """
    known = {name: name for name in sources} | dict(aliases or {})
    known = {PurePath(name).stem: source for name, source in known.items()} | known
    entity: dict[Key, str] = {}
    dirt: dict[Key, frozenset[str]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := set(COLUMNS) - set(reader.fieldnames or ()):
                raise _bad(f"het mist {', '.join(sorted(missing))}", f"it lacks {', '.join(sorted(missing))}")
            for line, row in enumerate(reader, start=2):
                key = _key(row, known, line)
                entity[key] = (row["entity"] or "").strip()
                dirt[key] = frozenset(filter(None, (row.get("dirt") or "").split(";")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _bad(f"geen CSV in UTF-8: {error}", f"it is no CSV in UTF-8: {error}") from None
    return Truth(entity, dirt)


def _key(row: Mapping[str, str | None], known: Mapping[str, str], line: int) -> Key:
    told = (row["source"] or "").strip()
    source = known.get(told)
    number = (row["row"] or "").strip()
    if source is None:
        raise _bad(f"regel {line}: er is geen bron {told[:50]!r}", f"line {line}: there is no source {told[:50]!r}")
    if not number.isdecimal() or not (row["entity"] or "").strip():
        raise _bad(f"regel {line}: row en entity zijn nodig", f"line {line}: row and entity are needed")
    return source, int(number)


def _bad(nl: str, en: str) -> UnusableTruth:
    return UnusableTruth(reason_nl=nl, reason_en=en)


def measure(clusters: Mapping[Key, int], review: Iterable[Pair], truth: Truth) -> Measure:
    """Measure over all pairs of records that the truth knows."""
    entities, merged, right = Counter[str](), Counter[int](), Counter[tuple[int, str]]()
    for key, entity in truth.entity.items():
        entities[entity] += 1
        if key in clusters:
            merged[clusters[key]] += 1
            right[clusters[key], entity] += 1
    asked = {_ordered(*pair) for pair in review}
    good = {pair for pair in asked if truth.entity.get(pair[0], "") == truth.entity.get(pair[1])}
    return Measure(
        true=_pairs(entities.values()),
        merged=_pairs(merged.values()),
        right=_pairs(right.values()),
        asked=len(good),
        review=len(asked),
        by_dirt=_by_dirt(clusters, good, truth),
    )


def _pairs(counts: Iterable[int]) -> int:
    return sum(count * (count - 1) // 2 for count in counts)


def _ordered(one: Key, other: Key) -> Pair:
    return (one, other) if one <= other else (other, one)


def _by_dirt(clusters: Mapping[Key, int], asked: set[Pair], truth: Truth) -> dict[str, tuple[int, int, int]]:
    together = defaultdict(list)
    for key, entity in truth.entity.items():
        together[entity].append(key)
    counts: dict[str, list[int]] = {}
    for keys in together.values():
        for at, one in enumerate(keys):
            for other in keys[at + 1 :]:
                found = clusters.get(one, -1) == clusters.get(other, -2)
                waits = _ordered(one, other) in asked
                for kind in truth.dirt[one] | truth.dirt[other] or {"clean"}:
                    count = counts.setdefault(kind, [0, 0, 0])
                    count[0] += 1
                    count[1] += found
                    count[2] += waits
    return {kind: (count[0], count[1], count[2]) for kind, count in sorted(counts.items())}
