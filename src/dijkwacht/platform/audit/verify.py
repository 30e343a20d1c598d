"""Verification: all computed again from the rows, against the files, the signature, an earlier checkpoint."""

import time
from typing import TYPE_CHECKING, Any

from dijkwacht.platform.audit import leaf, merkle, naming, outside, rows, signed
from dijkwacht.platform.audit.evidence import Evidence, Hashes, Source, TileEvidence, majority
from dijkwacht.platform.audit.findings import Fault, Finding, Report
from dijkwacht.platform.audit.note import Checkpoint, Verifier
from dijkwacht.platform.audit.tiles import HEIGHT, WIDTH, Tiles, hashes_in, path_of

if TYPE_CHECKING:
    import psycopg


def verify(
    database: "psycopg.Connection[Any]", tiles: Tiles, verifier: Verifier, *, earlier: Checkpoint | None = None
) -> Report:
    """Check the whole log; `earlier` is a checkpoint saved before, whose signature the caller has checked.

    `database` must be in a transaction with the scope of the centre. The log may grow meanwhile.
    """
    began = time.perf_counter()
    database.execute(leaf.SESSION)
    report = Report()
    checkpoint, wrong = signed.newest(database, tiles, verifier)
    report.findings += wrong
    checkpoint = checkpoint or Checkpoint(verifier.name, 0, merkle.EMPTY_ROOT)
    report.size = checkpoint.size
    log = Log(database, tiles, verifier, checkpoint)
    report.findings += log.findings()
    if earlier is not None:
        report.findings += log.against(earlier)
    report.waiting, found = outside.unsigned(database, checkpoint.size)
    report.findings += found
    report.erased, found = outside.personal(database)
    report.findings += found
    report.seconds = round(time.perf_counter() - began, 3)
    return report


class Log:
    """The first `checkpoint.size` entries, as the evidence shows them once the signature has settled disputes."""

    def __init__(
        self, database: "psycopg.Connection[Any]", tiles: Tiles, verifier: Verifier, checkpoint: Checkpoint
    ) -> None:
        self.database, self.tiles, self.verifier, self.checkpoint = database, tiles, verifier, checkpoint
        self.evidence = Evidence(checkpoint.size)
        for number, found in enumerate(rows.by_tile(database, 0, checkpoint.size)):
            self.evidence.add(tiles, number, found)
        self.truth: dict[int, Hashes] = {}
        self.roots = self._settle()

    def _settle(self) -> list[bytes]:
        """Choose, for disputed tiles, the source that gives the signed root; return the roots of all tiles."""
        for source in Source:
            roots = self._try(lambda _, tile, source=source: tile.hashes[source])
            if merkle.root(roots) == self.checkpoint.root:
                return roots
        return self._try(self._by_tile_above)

    def _try(self, choose: Any) -> list[bytes]:
        self.truth = {number: choose(number, tile) for number, tile in self.evidence.disputed.items()}
        return self.evidence.tile_roots(lambda number, _: self.truth[number])

    def _by_tile_above(self, number: int, tile: TileEvidence) -> Hashes:
        """Take the source that agrees with the tile one level up; failing that what most sources say."""
        above, offset = divmod(number, WIDTH)
        full = self.checkpoint.size // WIDTH
        known = hashes_in(self.tiles.read(1, above, min(WIDTH, full - above * WIDTH)) or b"") if number < full else []
        for hashes in (*tile.hashes.values(), majority(tile)):
            if offset < len(known) and None not in hashes and merkle.root([h or b"" for h in hashes]) == known[offset]:
                return hashes
        return majority(tile)

    def root(self, size: int) -> bytes:
        """Return the root of the first `size` entries."""
        full, rest = divmod(size, WIDTH)
        hashes = self.roots[:full]
        if rest:
            agreed = self.evidence.agreed.get(full)
            leaves: Hashes = list(hashes_in(agreed)) if agreed is not None else self.truth[full]
            hashes = [*hashes, merkle.root([found or b"" for found in leaves[:rest]])]
        return merkle.root(hashes)

    def findings(self) -> list[Finding]:
        """Name every entry on which a source is wrong, then every tile above them."""
        found = naming.name(self.evidence, self.truth)
        found += self._upper_tiles()
        if merkle.root(self.roots) != self.checkpoint.root:
            found.append(
                self._beyond(Fault.NOT_SIGNED, self.checkpoint.size, "the entries do not give the signed root")
            )
        return found

    def _beyond(self, fault: Fault, size: int, what: str) -> Finding:
        same = signed.last_true(self.database, self.verifier, self.root, size)
        return Finding(fault, index=same, note=f"{what}; what differs is among entries {same} to {size - 1}")

    def _upper_tiles(self) -> list[Finding]:
        found, level, hashes = [], 1, self.roots[: self.checkpoint.size // WIDTH]
        while hashes:
            for first in range(0, len(hashes), WIDTH):
                expected = hashes[first : first + WIDTH]
                if self.tiles.read(level, first // WIDTH, len(expected)) != b"".join(expected):
                    path = path_of(level, first // WIDTH, len(expected))
                    start, end = first << HEIGHT * level, (first + len(expected)) << HEIGHT * level
                    note = f"{path}, over entries {start} to {end - 1}, is not what the entries give"
                    found.append(Finding(Fault.TILE, index=start, note=note))
            whole = len(hashes) - len(hashes) % WIDTH
            hashes = [merkle.root(hashes[i : i + WIDTH]) for i in range(0, whole, WIDTH)]
            level += 1
        return found

    def against(self, earlier: Checkpoint) -> list[Finding]:
        """Check that the log of `earlier` is the beginning of this one."""
        size = self.checkpoint.size
        if earlier.size > size:
            note = f"entries {size} to {earlier.size - 1} were in the log when the earlier checkpoint was signed"
            return [Finding(Fault.TRUNCATED, index=size, note=note)]
        if self.root(earlier.size) != earlier.root:
            return [self._beyond(Fault.FORKED, earlier.size, "the log does not begin as the earlier checkpoint says")]
        return []
