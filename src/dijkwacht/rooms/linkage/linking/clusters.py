"""Clusters of records that are one organisation, and the pairs that a person should look at.

Pairs are joined from the strongest down. Two clusters become one only when no two of their records contradict each
other: so a chain of likely pairs never ties two companies with numbers of their own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from dijkwacht.rooms.linkage.linking.weights import Weights

SETTLED: Final = 2  # strong reasons against a pair, from which on nobody needs to look at it
ALIKE: Final = ("kvk", "rsin")  # columns in which two records of a cluster may not contradict


@dataclass(slots=True)
class Clusters:
    """`root`: record → the lowest record of its cluster. `probability`: of the strongest pair that holds it there."""

    root: list[int]
    probability: list[float]
    members: dict[int, list[int]] = field(default_factory=dict)

    def find(self, record: int) -> int:
        """Give the root of a record."""
        while self.root[record] != record:
            self.root[record] = self.root[self.root[record]]
            record = self.root[record]
        return record

    def of(self, root: int) -> list[int]:
        """Give the records of a root."""
        return self.members.get(root, [root])

    def join(self, one: int, other: int) -> None:
        """Make two clusters one, under the lower root."""
        low, high = min(one, other), max(one, other)
        self.members[low] = self.of(low) + self.of(high)
        self.members.pop(high, None)
        self.root[high] = low


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before: records that are one organisation, pairs (lower record first) that a person answered (they
    are not asked again) or told apart, and per record the organisation that it is part of (two of these never join
    without a person).
    """

    together: Sequence[tuple[int, int]] = ()
    answered: Collection[tuple[int, int]] = ()
    apart: Collection[tuple[int, int]] = ()
    owner: Mapping[int, str] = field(default_factory=dict)


def cluster(
    frame: pl.DataFrame, pairs: pl.DataFrame, weights: Weights, known: Known | None = None
) -> tuple[Clusters, pl.DataFrame]:
    """Cluster records by the pairs; gives the clusters and the pairs for review.

    `pairs`: as `score` and `with_against` give them. A pair is joined when its probability reaches `automatic`, nothing
    is against it and the clusters do not contradict; else it is for review from `review` on, with `against` saying why.
    """
    clusters = Clusters(list(range(frame.height)), [1.0] * frame.height)
    sure = (pl.col("match_probability") >= weights.automatic) & pl.col("against").is_null()
    told = pairs.filter(sure).sort(["match_weight", "unique_id_l", "unique_id_r"], descending=[True, False, False])
    known = known or Known()
    judge = _Judge(frame, pairs, known)
    for one, other in known.together:
        if clusters.find(one) != clusters.find(other):
            clusters.join(clusters.find(one), clusters.find(other))
    chained = []
    for left, right, probability in told.select("unique_id_l", "unique_id_r", "match_probability").iter_rows():
        one, other = clusters.find(left), clusters.find(right)
        if one != other:
            if judge.contradict(clusters.of(one), clusters.of(other)):
                chained.append((left, right))
                continue
            clusters.join(one, other)
        for record in (left, right):
            first = clusters.probability[record] == 1.0 and record not in judge.held
            clusters.probability[record] = probability if first else max(clusters.probability[record], probability)
            judge.held.add(record)
    return clusters, _review(pairs, clusters, chained, weights, known.answered)


def _review(
    pairs: pl.DataFrame,
    clusters: Clusters,
    chained: Iterable[tuple[int, int]],
    weights: Weights,
    answered: Collection[tuple[int, int]],
) -> pl.DataFrame:
    """Give the pairs between the thresholds, or with something against them, whose records did not end up together."""
    marks = pl.DataFrame(list(chained), schema={"unique_id_l": pl.Int64, "unique_id_r": pl.Int64}, orient="row")
    marks = marks.with_columns(chain=pl.lit("chain"))
    asked = pairs.filter((pl.col("match_probability") >= weights.review) & (pl.col("reasons") < SETTLED))
    open_ = [
        clusters.find(left) != clusters.find(right) and (left, right) not in answered
        for left, right in asked.select("unique_id_l", "unique_id_r").iter_rows()
    ]
    asked = asked.filter(pl.Series(open_, dtype=pl.Boolean)).join(marks, on=["unique_id_l", "unique_id_r"], how="left")
    asked = asked.with_columns(against=pl.coalesce("against", "chain")).drop("chain")
    return asked.sort(["match_weight", "unique_id_l", "unique_id_r"], descending=[True, False, False])


class _Judge:
    """Knows which records contradict each other."""

    def __init__(self, frame: pl.DataFrame, pairs: pl.DataFrame, known: Known) -> None:
        self.owner = known.owner
        self.values = {column: frame[column].to_list() for column in ALIKE}
        self.held: set[int] = set()
        self.apart: dict[int, set[int]] = defaultdict(set)
        for left, right in (
            pairs.filter(pl.col("against").is_not_null()).select("unique_id_l", "unique_id_r").iter_rows()
        ):
            self.apart[left].add(right)
        for left, right in known.apart:
            self.apart[left].add(right)

    def contradict(self, one: list[int], other: list[int]) -> bool:
        return any(self._contradict(left, right) for left in one for right in other)

    def _contradict(self, one: int, other: int) -> bool:
        left, right = min(one, other), max(one, other)
        if right in self.apart.get(left, ()):
            return True
        if _differ("owner", self.owner.get(left), self.owner.get(right)):
            return True
        return any(_differ(column, values[left], values[right]) for column, values in self.values.items())


def _differ(column: str, one: str | None, other: str | None) -> bool:
    if one is None or other is None or one == other:
        return False
    return column != "kvk" or not near(one, other)


def near(one: str, other: str) -> bool:
    """Tell whether two KvK numbers are one digit (not the last), or one exchange of neighbours, apart."""
    if one[:-1] == other[:-1]:  # companies founded on one day: see scoring
        return False
    wrong = [at for at, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
    if len(wrong) == 1:
        return True
    exchanged = len(wrong) == 2 and wrong[1] == wrong[0] + 1  # noqa: PLR2004 - a pair
    return exchanged and one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]


def rows(frame: pl.DataFrame, clusters: Clusters) -> Iterator[tuple[str, int, int, float]]:
    """Give source, row, cluster (numbered from 1 in order of appearance) and probability of each record."""
    numbers: dict[int, int] = {}
    for record, (source, row) in enumerate(frame.select("source", "row").iter_rows()):
        number = numbers.setdefault(clusters.find(record), len(numbers) + 1)
        yield source, row, number, clusters.probability[record]
