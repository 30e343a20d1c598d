"""The rows of the log, read in the order of their places, one tile at a time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dijkwacht.platform.audit import leaf, merkle
from dijkwacht.platform.audit.tiles import WIDTH

if TYPE_CHECKING:
    import psycopg

TILES_AT_ONCE: Final = 32
_QUERY: Final = f"""
select l.index, l.event_id::text, l.leaf_hash, {leaf.SELECT}
from audit_leaf l left join audit_event e on e.id = l.event_id
where l.index >= %s and l.index < %s order by l.index"""


@dataclass(frozen=True, slots=True)
class Row:
    """A place, and the event that has it now: `entry` is None when the event's row is gone."""

    index: int
    event: str
    placed: bytes  # the leaf hash in the table of places
    entry: bytes | None

    @property
    def hash(self) -> bytes | None:
        return None if self.entry is None else merkle.leaf_hash(self.entry)


def _row(columns: tuple[Any, ...]) -> Row:
    encoded = None if columns[3] is None else leaf.entry(columns[3:])
    return Row(columns[0], columns[1], bytes(columns[2] or b""), encoded)


def by_tile(database: "psycopg.Connection[Any]", start: int, end: int) -> Iterator[dict[int, Row]]:
    """Yield the rows with places from `start` up to `end`, by place, a tile's worth at a time.

    The next batch is fetched while the caller works on this one: the database has a processor of its own.
    """
    step = WIDTH * TILES_AT_ONCE

    def fetch(first: int) -> list[tuple[Any, ...]]:
        return database.execute(_QUERY, [first, min(end, first + step)]).fetchall()

    with ThreadPoolExecutor(1) as ahead:
        following = ahead.submit(fetch, start)
        for first in range(start, end, step):
            batch, last = following.result(), min(end, first + step)
            following = ahead.submit(fetch, last)  # after the last batch this finds nothing
            found = {columns[0]: _row(columns) for columns in batch}
            for begin in range(first, last, WIDTH):
                yield {i: found[i] for i in range(begin, min(last, begin + WIDTH)) if i in found}
