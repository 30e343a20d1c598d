"""Four witnesses to every entry: its row, its place in the database, its hash tile, its entry bundle.

An intruder must change all four and the signature. Where they differ, the signed root tells which of them is right.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from dijkwacht.platform.audit import merkle
from dijkwacht.platform.audit.rows import Row
from dijkwacht.platform.audit.tiles import WIDTH, Tiles, bundle, hashes_in, unbundle


class Source(StrEnum):
    TILE = "tile"
    BUNDLE = "bundle"
    PLACE = "place"
    ROW = "row"


Hashes = list[bytes | None]  # leaf hashes of one tile, None where the source has none
GONE: Final = b"\x00" * merkle.HASH_BYTES


@dataclass(slots=True)
class TileEvidence:
    """What the four sources say about one tile's entries, kept only where they differ."""

    hashes: dict[Source, Hashes]
    rows: Mapping[int, Row]
    entries: list[bytes]  # from the bundle


@dataclass
class Evidence:
    """Everything known about the first `size` entries."""

    size: int
    agreed: dict[int, bytes] = field(default_factory=dict)  # tile number -> its leaf hashes, all sources alike
    disputed: dict[int, TileEvidence] = field(default_factory=dict)

    def add(self, tiles: Tiles, number: int, rows: Mapping[int, Row]) -> None:
        """Take in one tile."""
        start = number * WIDTH
        width = min(WIDTH, self.size - start)
        tile, bundled = tiles.read(0, number, width), tiles.read("entries", number, width)
        entries = [row.entry for row in rows.values() if row.entry is not None]
        placed = b"".join(row.placed for row in rows.values())
        computed = b"".join(merkle.leaf_hash(entry) for entry in entries)
        whole = len(entries) == len(rows) == width
        if whole and tile == placed == computed and bundled == bundle(entries):
            self.agreed[number] = computed
            return
        places = [rows.get(i) for i in range(start, start + width)]
        # A bundle's bytes beyond its last entry matter too: they go unnamed only if everything else agrees.
        stored = unbundle(bundled or b"")
        self.disputed[number] = TileEvidence(
            hashes={
                Source.TILE: _fit(hashes_in(tile or b""), width),
                Source.BUNDLE: _fit([merkle.leaf_hash(entry) for entry in stored], width),
                Source.PLACE: [row.placed if row else None for row in places],
                Source.ROW: [row.hash if row else None for row in places],
            },
            rows=rows,
            entries=stored,
        )

    def tile_roots(self, choose: Callable[[int, TileEvidence], Hashes]) -> list[bytes]:
        """Return the root of each tile, from what `choose` takes for the disputed ones."""
        roots = []
        for number in range(-(-self.size // WIDTH)):
            if number in self.agreed:
                hashes: Hashes = list(hashes_in(self.agreed[number]))
            else:
                hashes = choose(number, self.disputed[number])
            roots.append(merkle.root([found or GONE for found in hashes]))
        return roots


def _fit(hashes: list[bytes], width: int) -> Hashes:
    return [*hashes[:width], *[None] * (width - len(hashes))]


def majority(evidence: TileEvidence) -> Hashes:
    """Return, for each entry, the hash that most sources hold; the files win a tie, being harder to reach by SQL."""
    chosen: Hashes = []
    for candidates in zip(*evidence.hashes.values(), strict=True):
        known = [found for found in candidates if found]
        chosen.append(max(known, key=known.count) if known else None)
    return chosen
