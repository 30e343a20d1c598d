"""Offline proofs that an event is in the log: C2SP tlog-proof (https://c2sp.org/tlog-proof), one text file.

The entry itself travels as the `extra` data, so that the holder needs nothing else but the log's verifier key.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from dijkwacht.platform.audit import leaf, merkle
from dijkwacht.platform.audit.note import Checkpoint, NoteError, Verifier, encode
from dijkwacht.platform.audit.tiles import WIDTH, MissingTile, Tiles, unbundle

if TYPE_CHECKING:
    import psycopg

FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
MAX_PROOF_BYTES: Final = 262_144


class ProofError(Exception):
    """There is no proof, or it does not hold."""


@dataclass(frozen=True, slots=True)
class Proven:
    """An entry and the checkpoint that covers it."""

    index: int
    entry: bytes
    checkpoint: Checkpoint


def prove(database: "psycopg.Connection[Any]", tiles: Tiles, verifier: Verifier, event: UUID) -> str:
    """Return the proof for `event` under the published checkpoint.

    Raises ProofError when the log does not know the event, has not signed it yet, or is damaged there.
    """
    found = database.execute("select index from audit_leaf where event_id = %s", [event]).fetchone()
    note = tiles.checkpoint()
    if found is None or note is None:
        raise ProofError(f"The log has no entry for event {event}.")
    try:
        size, index = verifier.open(note).size, int(found[0])
        number, offset = divmod(index, WIDTH)
        content = tiles.read("entries", number, min(WIDTH, size - number * WIDTH)) if index < size else None
        if content is None:
            raise ProofError(f"Event {event} is not covered by a checkpoint yet.")
        path = merkle.inclusion_path(index, size, tiles.range_hash(size))
        text = assemble(index, unbundle(content)[offset], path, note)
        check(text, verifier)
    except (NoteError, MissingTile, IndexError) as error:
        raise ProofError(f"The log is damaged: {error}. Run `dijkwacht audit verify`.") from error
    return text


def assemble(index: int, entry: bytes, path: list[bytes], note: str) -> str:
    """Return the text of a proof."""
    lines = [FIRST_LINE, f"extra {encode(entry)}", f"index {index}", *map(encode, path)]
    return "\n".join(lines) + "\n\n" + note


def check(text: str, verifier: Verifier) -> Proven:
    """Return what `text` proves. Raises ProofError when it does not hold under the log's key."""
    if len(text) > MAX_PROOF_BYTES:
        raise ProofError("The proof is too long to be one.")
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or len(lines) < 3 or lines[0] != FIRST_LINE:  # noqa: PLR2004 - first line, extra, index
        raise ProofError("This is not a proof of our log.")
    try:
        entry = base64.b64decode(_after("extra ", lines[1]), validate=True)
        number = _after("index ", lines[2])
        if not (number.isascii() and number.isdecimal() and len(number) < 19):  # noqa: PLR2004 - fits 64 bits
            raise ProofError("The index of the proof is not a number.")
        path = [base64.b64decode(line, validate=True) for line in lines[3:]]
        checkpoint = verifier.open(note)
        root = merkle.root_from_path(merkle.leaf_hash(entry), int(number), checkpoint.size, path)
    except (binascii.Error, ValueError, NoteError) as error:
        raise ProofError(f"The proof does not hold: {error}.") from error
    if root != checkpoint.root:
        raise ProofError("The proof does not hold: it leads to another root than was signed.")
    return Proven(int(number), entry, checkpoint)


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        raise ProofError(f"The proof lacks its line {word.strip()!r}.")
    return line.removeprefix(word)


def described(proven: Proven) -> dict[str, Any]:
    """Return a proof's content for people and programs."""
    return {"index": proven.index, "size": proven.checkpoint.size, **leaf.described(proven.entry)}
