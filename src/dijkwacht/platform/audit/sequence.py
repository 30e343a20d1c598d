"""The sequencer: gives each waiting event its place in the tree, extends the tiles, signs a checkpoint.

Nothing locks on the write path. An event waits in `audit_pending` from the commit of its own transaction on: one that
commits late is found late, never missed. The steps run in this order, and each can be done again after a kill:

1. *assign*: places in the tree, one database transaction. From here the order is fixed.
2. *tiles*: the files, from the rows of step 1. They are not valid before a checkpoint covers them.
3. *remember*: the signed checkpoint in the database, the state from which the next run continues.
4. *publish*: the same checkpoint as a file.

A tree that no longer gives the root we signed is never extended: that would put our signature under somebody's change.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction

from dijkwacht.platform.audit import leaf, merkle
from dijkwacht.platform.audit.note import Checkpoint, NoteError, Signer
from dijkwacht.platform.audit.tiles import MissingTile, Tiles

LOCK: Final = 7_302_002  # PostgreSQL advisory lock: one sequencer at a time
BATCH: Final = 10_000

_ASSIGN: Final = f"""
select {leaf.SELECT} from audit_pending p join audit_event e on e.id = p.event_id
where not exists (select from audit_leaf l where l.event_id = p.event_id)
order by e.at, e.id limit %s"""
_ASSIGNED: Final = f"""
select l.index, l.leaf_hash, {leaf.SELECT} from audit_leaf l left join audit_event e on e.id = l.event_id
where l.index >= %s and l.index < %s order by l.index"""


class Tampered(Exception):
    """The log is not what was signed; it is left as evidence. `dijkwacht audit verify` names what changed."""


@dataclass
class Sequencer:
    """Extends one log. `at_moment` is called between the steps with the name of the moment; tests kill there."""

    tiles: Tiles
    signer: Signer
    at_moment: Callable[[str], None] = lambda moment: None  # noqa: ARG005

    def run(self) -> int:
        """Take in everything that waits; return the size of the published tree. Raises Tampered.

        Does nothing, and returns -1, while another sequencer is at work.
        """
        with connection.cursor() as cursor:
            cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                return -1
            try:
                return self._extend()
            finally:
                cursor.execute("select pg_advisory_unlock(%s)", [LOCK])

    def _extend(self) -> int:
        signed = self.signed()
        while True:
            more = self._assign(signed.size)
            self.at_moment("assigned")
            size = self._cover(signed)
            if not more:  # what came in meanwhile waits for the next second: the scheduler has other work
                return size
            signed = self.signed()

    def signed(self) -> Checkpoint:
        """Return the last checkpoint, after the tree on disk proved to be the one it signed. Raises Tampered.

        Tile files that are gone are made again from the database, and held against the signature in the same way.
        """
        with connection.cursor() as cursor:
            cursor.execute("select note from audit_checkpoint order by size desc limit 1")
            found = cursor.fetchone()
        published = self.tiles.checkpoint()
        try:
            known = self.signer.verifier.open(found[0]) if found else self._empty()
            if published is not None and self.signer.verifier.open(published).size > known.size:
                raise Tampered("the published checkpoint is ahead of the database: was an old backup put back?")
        except NoteError as error:
            raise Tampered(f"a checkpoint is not ours: {error}") from error
        self._check_root(known)
        if found and published != found[0]:
            self.tiles.publish(found[0])
        return known

    def _empty(self) -> Checkpoint:
        return Checkpoint(self.signer.verifier.name, 0, merkle.EMPTY_ROOT)

    def _check_root(self, known: Checkpoint) -> None:
        try:
            if not (self.tiles.folder / "tile").exists() and known.size:
                self._write_tiles(0, known.size)
            root = self.tiles.root(known.size)
        except MissingTile as error:
            raise Tampered(f"a tile is not there: {error}") from error
        if root != known.root:
            raise Tampered(f"the tree of {known.size} entries does not give the root that was signed")

    def _assign(self, signed_size: int) -> bool:
        """Give waiting events their places; True when a full batch was taken, so that more may wait."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(leaf.SESSION)
            cursor.execute("select coalesce(max(index) + 1, 0) from audit_leaf")
            size = cursor.fetchone()[0]
            if size < signed_size:
                raise Tampered(f"the database holds {size} places, {signed_size} were signed")
            cursor.execute(_ASSIGN, [BATCH])
            rows = cursor.fetchall()
            if rows:
                self._store(cursor, size, rows)
            return len(rows) == BATCH

    def _store(self, cursor: Any, size: int, rows: list[tuple[Any, ...]]) -> None:
        with cursor.copy("copy audit_leaf (index, event_id, leaf_hash) from stdin") as copy:
            for index, row in enumerate(rows, start=size):
                copy.write_row((index, row[0], merkle.leaf_hash(leaf.entry(row))))
        cursor.execute("delete from audit_pending where event_id = any(%s::uuid[])", [[row[0] for row in rows]])
        self.at_moment("assigning")

    def _cover(self, signed: Checkpoint) -> int:
        """Extend the tiles to every assigned place and sign; return the size of the tree."""
        with connection.cursor() as cursor:
            cursor.execute("select coalesce(max(index) + 1, 0) from audit_leaf")
            size: int = cursor.fetchone()[0]
        if size == signed.size:
            return size
        self._write_tiles(signed.size, size)
        self.at_moment("tiled")
        note = self.signer.sign(size, self.tiles.root(size))
        self._remember(size, note)
        self.at_moment("remembered")
        self.tiles.publish(note)
        self.at_moment("published")
        return size

    def _write_tiles(self, start: int, end: int) -> None:
        """Extend the tiles from `start` to `end` leaves, from the rows. Raises Tampered when one is not as assigned."""
        for first in range(start, end, BATCH):
            last = min(end, first + BATCH)
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(leaf.SESSION)
                cursor.execute(_ASSIGNED, [first, last])
                rows = cursor.fetchall()
            entries = [leaf.entry(row[2:]) for row in rows if row[2] is not None]
            hashes = [bytes(row[1]) for row in rows]
            if len(rows) != last - first or [merkle.leaf_hash(entry) for entry in entries] != hashes:
                raise Tampered(f"an event between {first} and {last} changed after it had its place")
            self.tiles.append(first, entries)
            self.at_moment("tiling")

    def _remember(self, size: int, note: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("insert into audit_checkpoint (size, note, at) values (%s, %s, now())", [size, note])
