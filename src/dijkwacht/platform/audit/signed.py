"""Which checkpoint a verification holds the log against: the newest we signed, from the file and the database."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dijkwacht.platform.audit.findings import Fault, Finding
from dijkwacht.platform.audit.note import Checkpoint, NoteError, Verifier
from dijkwacht.platform.audit.tiles import Tiles

if TYPE_CHECKING:
    import psycopg


def newest(
    database: "psycopg.Connection[Any]", tiles: Tiles, verifier: Verifier
) -> tuple[Checkpoint | None, list[Finding]]:
    """Return the newest checkpoint that carries our signature, and what is wrong with the places they stand in.

    The file may be one step behind the database: the sequencer writes it last, and may have been killed before it did.
    """
    published = tiles.checkpoint()  # read first, so that the database cannot be behind it
    remembered = [
        note for (note,) in database.execute("select note from audit_checkpoint order by size desc limit 2").fetchall()
    ]
    found: list[Finding] = []
    ours = [_open(verifier, note, "in the database", found) for note in remembered]
    if published is None:
        if len(remembered) > 1:
            found.append(Finding(Fault.CHECKPOINT, note="the published checkpoint is gone"))
    else:
        ours.append(_open(verifier, published, "that is published", found))
        if published not in remembered and not found:
            found.append(Finding(Fault.CHECKPOINT, note="the published checkpoint is not the one in the database"))
    valid = [checkpoint for checkpoint in ours if checkpoint]
    return max(valid, key=lambda checkpoint: checkpoint.size, default=None), found


def _open(verifier: Verifier, note: str, where: str, found: list[Finding]) -> Checkpoint | None:
    try:
        return verifier.open(note)
    except NoteError as error:
        found.append(Finding(Fault.CHECKPOINT, note=f"the checkpoint {where}: {error}"))
        return None


def last_true(database: "psycopg.Connection[Any]", verifier: Verifier, roots: Callable[[int], bytes], size: int) -> int:
    """Return the size of the newest remembered checkpoint up to `size` whose root the log still gives, 0 for none.

    `roots` gives the root of the log's first n entries. Once a beginning differs every longer one does, so we halve.
    """
    rows = database.execute("select size, note from audit_checkpoint where size <= %s order by size", [size]).fetchall()
    low, high = 0, len(rows)
    while low < high:
        middle = (low + high) // 2
        try:
            same = verifier.open(rows[middle][1]).root == roots(rows[middle][0])
        except NoteError:
            same = False
        low, high = (middle + 1, high) if same else (low, middle)
    return int(rows[low - 1][0]) if low else 0
