"""Link any number of registers: read, normalise, score, cluster."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from dijkwacht.rooms.linkage.errors import UnusableMapping
from dijkwacht.rooms.linkage.linking.against import with_against
from dijkwacht.rooms.linkage.linking.clusters import Clusters, Known, cluster, rows
from dijkwacht.rooms.linkage.linking.mapping import MappingFile
from dijkwacht.rooms.linkage.linking.measuring import Measure, Pair, Truth, measure
from dijkwacht.rooms.linkage.linking.normal import normal_frame
from dijkwacht.rooms.linkage.linking.reading import Register, read_register
from dijkwacht.rooms.linkage.linking.scoring import score
from dijkwacht.rooms.linkage.linking.weights import weights


@dataclass(frozen=True, slots=True)
class Linked:
    """The answer: `frame` as `normal_frame` gives it, the clusters of its records, and the pairs for review."""

    registers: Sequence[Register]
    frame: pl.DataFrame
    clusters: Clusters
    review: pl.DataFrame

    def rows(self) -> list[tuple[str, int, int, float]]:
        """Give source, row, cluster and probability of each record."""
        return list(rows(self.frame, self.clusters))

    def review_pairs(self) -> list[Pair]:
        """Give the pairs for review as (source, row) of both."""
        keys = list(self.frame.select("source", "row").iter_rows())
        return [(keys[one], keys[other]) for one, other in self.review.select("unique_id_l", "unique_id_r").iter_rows()]

    def measured(self, truth: Truth) -> Measure:
        """Measure the answer against the truth."""
        clusters = {(source, row): number for source, row, number, _ in self.rows()}
        return measure(clusters, self.review_pairs(), truth)


def read_registers(files: Sequence[Path], mapping: MappingFile) -> list[Register]:
    """Read registers by their layouts. Raises UnusableMapping for two with one source, UnusableRegister."""
    layouts = [mapping.layout(path.name) for path in files]
    named = [layout.source for layout in layouts]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        listed = ", ".join(twice)
        raise UnusableMapping(
            reason_nl=f"meer dan één bestand heet {listed}; geef elk een eigen source",
            reason_en=f"more than one file is called {listed}; give each a source of its own",
        )
    return [read_register(path, layout) for path, layout in zip(files, layouts, strict=True)]


def link(registers: Sequence[Register]) -> Linked:
    """Link registers with the weights that are shipped. The same registers give the same answer."""
    return link_frame(registers, normal_frame(registers))


def link_frame(registers: Sequence[Register], frame: pl.DataFrame, known: Known | None = None) -> Linked:
    """Link records that are in normal form already, of which something may be known."""
    table = weights()
    pairs = with_against(score(frame, table, least=table.review))
    clusters, review = cluster(frame, pairs, table, known)
    return Linked(registers, frame, clusters, review)
