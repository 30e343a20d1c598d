"""Fold a batch's findings into what is known, a part at a time: one COPY, one update; never row by row.

What a fold costs is the pages that it touches: each is read, logged whole once after a checkpoint, and written. So a
part is small enough for a page to be locked and updated while it is at hand, and what is known already is sent as the
few columns that can change. The table keeps free space on its pages (see its migrations), so that a repeat stays where
it is and no index hears of it. bench/README.md has the figures.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
import polars as pl
from django.db import connection

AT_ONCE: Final = 10_000  # findings of a part; their pages, one each, fit the least shared_buffers that PostgreSQL sets

# What is folded: one row a finding of the batch.
FOLD: Final = pl.Schema(
    {
        "id": pl.String(),  # UUID: the keyed hash of organisation, asset, kind and key
        "organisation_id": pl.String(),
        "asset_id": pl.Int64(),
        "asset": pl.String(),
        "how": pl.String(),
        "feed": pl.String(),
        "kind": pl.String(),
        "key": pl.String(),
        "address": pl.String(),
        "host": pl.String(),
        "port": pl.UInt16(),
        "protocol": pl.String(),
        "severity": pl.UInt8(),
        "count": pl.UInt64(),
        "first_seen": pl.Datetime("us"),  # UTC
        "last_seen": pl.Datetime("us"),
        "evidence": pl.String(),  # JSON object
    }
)
_SEEN: Final = ("place", "id", "severity", "count", "first_seen", "last_seen", "evidence")
_TABLES: Final = """
create temp table seen (
    place integer, id uuid, severity smallint, count bigint, first_seen timestamptz, last_seen timestamptz,
    evidence jsonb
) on commit drop;
create temp table fresh (
    id uuid, organisation_id uuid, asset_id bigint, asset text, how text, feed text, kind text, key text,
    address text, host text, port integer, protocol text, severity smallint, count bigint,
    first_seen timestamptz, last_seen timestamptz, evidence jsonb
) on commit drop
"""
# What a sighting `{s}` means for the finding `f` that it is of. Seen again after it was over: reopened; "gone" is a
# guess, which any later observation disproves, also one made before it that came in after. More severe: worse. It is
# decided where the row is written, so that two batches with the same finding each see what the other made of it; the
# column `sighting` brings out what it was.
_OVER: Final = """(f.state = 'resolved' and {s}.last_seen > f.state_changed_at
        or f.state = 'gone' and {s}.last_seen > f.last_seen)"""
_WORSE: Final = "(f.state in ('open', 'acknowledged', 'reopened') and {s}.severity > f.severity)"
# What is known to its last moment was delivered again, in a file of other bytes: it is not counted twice, nor written.
_AGAIN: Final = """({s}.last_seen = f.last_seen and {s}.first_seen >= f.first_seen
        and {s}.severity <= f.severity)"""
_SET: Final = f"""
    count = f.count + {{s}}.count,
    first_seen = least(f.first_seen, {{s}}.first_seen),
    last_seen = greatest(f.last_seen, {{s}}.last_seen),
    severity = greatest(f.severity, {{s}}.severity),
    evidence = case when {{s}}.last_seen >= f.last_seen then {{s}}.evidence else f.evidence end,
    state = case when {_OVER} then 'reopened' else f.state end,
    state_changed_at = case when {_OVER} then now() else f.state_changed_at end,
    version = f.version + ({_OVER} or {_WORSE})::int,
    sighting = case when {_OVER} then f.state when {_WORSE} then 'worse' else 'repeated' end"""
_SAID: Final = "f.id, f.organisation_id, f.state, f.severity, f.version, f.sighting"
_EVENT: Final = """
insert into notification_event (
    finding_id, organisation_id, batch_id, at, actor, from_state, to_state, severity, version, reason, outcome)
select id, organisation_id, %(batch)s, now(), %(actor)s,
    case sighting when 'new' then '' when 'worse' then state else sighting end, state, severity, version,
    case when sighting in ('new', 'worse') then sighting else 'reopened' end, 'pending'
from changed where sighting <> 'repeated' order by id
"""
_SIGHTING: Final = "case when sighting in ('resolved', 'gone') then 'reopened' else sighting end"
# The rows of a part are written in the order of their ids, so that two batches with the same findings wait for each
# other and never for ever. Only by a look-up of each in the index is that so, and only so is the table not read whole.
# Before PostgreSQL 18 what is off counts as very dear, for which the server would compile each statement: 0.6 s a part.
_BY_INDEX: Final = """
set local jit = off; set local enable_hashjoin = off; set local enable_mergejoin = off; set local enable_seqscan = off
"""
_AS_USUAL: Final = "set local enable_hashjoin = on; set local enable_mergejoin = on; set local enable_seqscan = on"
_UPDATE: Final = f"""
with changed as (
    update notification_finding f set {_SET.format(s="s")}
    from (select * from seen order by id) s where f.id = s.id and not {_AGAIN.format(s="s")}
    returning {_SAID}, s.place
), again as (
    select s.place from seen s join notification_finding f on f.id = s.id where {_AGAIN.format(s="s")}
), told as ({_EVENT})
select {_SIGHTING}, count(*), array_agg(place) from changed group by 1
union all select 'repeated', count(*), array_agg(place) from again having count(*) > 0
"""
# Another batch may have made the same finding since: then this one is a sighting of it.
_INSERT: Final = f"""
with changed as (
    insert into notification_finding as f (
        id, organisation_id, asset_id, asset, how, feed, kind, key, address, host, port, protocol, severity, count,
        first_seen, last_seen, state, state_changed_at, version, created_at, evidence, sighting)
    select id, organisation_id, asset_id, asset, how, feed, kind, key, coalesce(address, ''), coalesce(host, ''), port,
        coalesce(protocol, ''), severity, count, first_seen, last_seen, 'open', now(), 1, now(), evidence, 'new'
    from fresh order by id
    on conflict (id) do update set {_SET.format(s="excluded")}
        where not {_AGAIN.format(s="excluded")}
    returning {_SAID}
), told as ({_EVENT})
select {_SIGHTING}, count(*) from changed group by 1
"""


@dataclass(frozen=True)
class Folded:
    """How many findings of the batch were new, changed (reopened or worse) and mere repeats."""

    new: int
    changed: int
    repeated: int


def fold(findings: pl.DataFrame, *, batch: UUID, actor: str) -> Folded:
    """Bring the findings of one batch (schema FOLD, each id once) into the database, inside the caller's transaction.

    Each change leaves an event with outcome "pending"; a repeat leaves none.
    """
    who: dict[str, Any] = {"batch": batch, "actor": actor}
    counts: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists seen, fresh")
        cursor.execute(_TABLES)
        cursor.execute(_BY_INDEX)
        fresh = [_fold_known(cursor, part, who, counts) for part in _parts(findings)]
        cursor.execute(_AS_USUAL)
        for rows in fresh:
            _copy(cursor, "fresh", rows)
        cursor.execute(_INSERT, who)
        counts.update(dict(cursor.fetchall()))
        counts["repeated"] += findings.height - counts.total()  # another batch made them with the same sighting
    return Folded(counts["new"], counts["reopened"] + counts["worse"], counts["repeated"])


def _parts(findings: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The findings in the order of their ids, as the index has them, a part at a time."""
    # Before PostgreSQL 18 a line of CSV that is only \\. ends the copy, quoted or not: no text keeps its line ends.
    one_line = pl.col("key", "host", "asset", "protocol").str.replace_all(r"[\r\n]+", " ")
    return findings.sort("id").select(FOLD.names()).with_columns(one_line).iter_slices(AT_ONCE)


def _fold_known(cursor: Any, part: pl.DataFrame, who: dict[str, Any], counts: Counter[str]) -> pl.DataFrame:
    """Fold those of a part that are known, count what their sightings were, and give the others."""
    cursor.execute("truncate seen")
    _copy(cursor, "seen", part.with_row_index("place").select(_SEEN))
    cursor.execute(_UPDATE, who)
    known = np.zeros(part.height, np.bool_)
    for what, number, places in cursor.fetchall():
        counts[what] += number
        known[places] = True
    return part.filter(pl.Series(~known))


def _copy(cursor: Any, table: str, rows: pl.DataFrame) -> None:
    """Send the rows as CSV; a null is an empty field, an empty text a quoted one."""
    if rows.is_empty():
        return
    text = rows.write_csv(include_header=False, datetime_format="%Y-%m-%dT%H:%M:%S%.6f+00:00", quote_style="necessary")
    with cursor.copy(f"copy {table} from stdin (format csv)") as copy:
        copy.write(text.encode())
