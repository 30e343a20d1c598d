"""From evidence to names: which entry is changed, removed or reordered, and which file is wrong."""

from collections.abc import Iterator, Mapping

from dijkwacht.platform.audit import leaf, merkle
from dijkwacht.platform.audit.evidence import Evidence, Hashes, Source, TileEvidence
from dijkwacht.platform.audit.findings import Fault, Finding
from dijkwacht.platform.audit.rows import Row
from dijkwacht.platform.audit.tiles import WIDTH

FILES = {Source.TILE: (Fault.TILE, "the hash tile"), Source.BUNDLE: (Fault.BUNDLE, "the entry bundle")}


def name(evidence: Evidence, truth: Mapping[int, Hashes]) -> list[Finding]:
    """Return the findings on disputed tiles; `truth` holds the leaf hashes that were settled for each."""
    places = {
        found: number * WIDTH + offset
        for number, hashes in truth.items()
        for offset, found in enumerate(hashes)
        if found is not None
    }
    findings: list[Finding] = []
    for number, tile in evidence.disputed.items():
        here = [
            finding for offset in range(len(truth[number])) for finding in _entry(number, offset, tile, truth, places)
        ]
        if not here:
            note = "a file of this tile has bytes too many or too few"
            here = [Finding(Fault.TILE, index=number * WIDTH, note=note)]
        findings += here
    return findings


def _entry(
    number: int, offset: int, tile: TileEvidence, truth: Mapping[int, Hashes], places: Mapping[bytes, int]
) -> Iterator[Finding]:
    index, true = number * WIDTH + offset, truth[number][offset]
    if all(hashes[offset] == true for hashes in tile.hashes.values()) and true is not None:
        return
    row = tile.rows.get(index)
    names = _names(tile, offset, true, row)
    if row is None or row.entry is None:
        what = "the row of its place is gone" if row is None else "the row of the event is gone"
        yield Finding(Fault.REMOVED, index, **names, note=what)
    elif row.hash != true:
        yield _wrong_row(index, row, names, places)
    if row is not None and row.placed != true:
        yield Finding(Fault.PLACE, index, **names, note="the leaf hash of its place is not the one that was signed")
    for source, (fault, what) in FILES.items():
        if tile.hashes[source][offset] != true:
            yield Finding(fault, index, **names, note=f"{what} does not hold what was signed")


def _wrong_row(index: int, row: Row, names: dict[str, str], places: Mapping[bytes, int]) -> Finding:
    other = places.get(row.hash or b"")
    if other is not None:
        return Finding(Fault.REORDERED, index, **names, note=f"the event of entry {other} stands here")
    if names["event"] and names["event"] != row.event:
        return Finding(Fault.REORDERED, index, **names, note=f"the event {row.event} stands here")
    return Finding(Fault.CHANGED, index, **names, note="the row is not what was signed")


def _names(tile: TileEvidence, offset: int, true: bytes | None, row: Row | None) -> dict[str, str]:
    """Return what names the entry: from bytes that hash to the signed leaf, else from what is left of it."""
    stored = tile.entries[offset] if offset < len(tile.entries) else None
    present = row.entry if row else None
    for candidate in (stored, present):
        if candidate is not None and merkle.leaf_hash(candidate) == true:
            found = leaf.described(candidate)
            if found:
                return {"event": found["id"], "at": found["at"], "action": found["action"]}
    rest = leaf.described(present or stored or b"")
    return {
        "event": row.event if row else rest.get("id", ""),
        "at": rest.get("at", ""),
        "action": rest.get("action", ""),
    }
