"""Fold a batch's findings into what is known, a part at a time: one COPY, one join, one update; never row by row.

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
create temp table change (
    id uuid, organisation_id uuid, at tid, from_state text, from_version integer, what text
) on commit drop;
create temp table fresh (
    id uuid, organisation_id uuid, asset_id bigint, asset text, how text, feed text, kind text, key text,
    address text, host text, port integer, protocol text, severity smallint, count bigint,
    first_seen timestamptz, last_seen timestamptz, evidence jsonb
) on commit drop
"""
# What each seen finding that is known means for it. Seen again after it was over: reopened; "gone" is a guess, which
# any later observation disproves, also one made before it that came in after. More severe: worse. The rows are locked
# in the order of their ids, part after part, so that two batches with the same findings wait for each other and never
# for ever, and each sees what the other made of them; a locked row keeps its place, where the update finds it at once.
_CHANGE: Final = """
insert into change
select s.id, f.organisation_id, f.ctid, f.state, f.version,
    case when f.state = 'resolved' and s.last_seen > f.state_changed_at then 'reopened'
         when f.state = 'gone' and s.last_seen > f.last_seen then 'reopened'
         when f.state in ('open', 'acknowledged', 'reopened') and s.severity > f.severity then 'worse'
         else 'repeated' end
from seen s join notification_finding f on f.id = s.id
order by s.id for update of f
"""
_UPDATE: Final = """
update notification_finding f set
    count = f.count + s.count,
    first_seen = least(f.first_seen, s.first_seen),
    last_seen = greatest(f.last_seen, s.last_seen),
    severity = greatest(f.severity, s.severity),
    evidence = case when s.last_seen >= f.last_seen then s.evidence else f.evidence end,
    state = case when c.what = 'reopened' then 'reopened' else f.state end,
    state_changed_at = case when c.what = 'reopened' then now() else f.state_changed_at end,
    version = f.version + (c.what in ('reopened', 'worse'))::int
from change c join seen s on s.id = c.id
where f.ctid = c.at
"""
_EVENT: Final = """
insert into notification_event (
    finding_id, organisation_id, batch_id, at, actor, from_state, to_state, severity, version, reason, outcome)
"""
_CHANGED: Final = f"""{_EVENT}
select c.id, c.organisation_id, %(batch)s, now(), %(actor)s, c.from_state,
    case when c.what = 'reopened' then 'reopened' else c.from_state end, s.severity, c.from_version + 1, c.what,
    'pending'
from change c join seen s on s.id = c.id where c.what <> 'repeated' order by c.id
"""
_TALLY: Final = """
select coalesce(c.what, 'new'), count(*), array_agg(s.place order by s.place) filter (where c.id is null)
from seen s left join change c on c.id = s.id group by 1
"""
# Another batch may have made the same finding since: then this one is a repeat of it.
_INSERT: Final = """
insert into notification_finding as f (
    id, organisation_id, asset_id, asset, how, feed, kind, key, address, host, port, protocol, severity, count,
    first_seen, last_seen, state, state_changed_at, version, created_at, evidence)
select id, organisation_id, asset_id, asset, how, feed, kind, key, coalesce(address, ''), coalesce(host, ''), port,
    coalesce(protocol, ''), severity, count, first_seen, last_seen, 'open', now(), 1, now(), evidence
from fresh order by id
on conflict (id) do update set
    count = f.count + excluded.count,
    first_seen = least(f.first_seen, excluded.first_seen),
    last_seen = greatest(f.last_seen, excluded.last_seen),
    severity = greatest(f.severity, excluded.severity)
"""
_NEW: Final = f"""{_EVENT}
select id, organisation_id, %(batch)s, now(), %(actor)s, '', 'open', severity, 1, 'new', 'pending'
from fresh order by id
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
        cursor.execute("drop table if exists seen, change, fresh")
        cursor.execute(_TABLES)
        fresh = [_fold_known(cursor, part, who, counts) for part in _parts(findings)]
        for rows in fresh:
            _copy(cursor, "fresh", rows)
        cursor.execute(_INSERT)
        cursor.execute(_NEW, who)
    return Folded(
        new=findings.height - counts.total(), changed=counts["reopened"] + counts["worse"], repeated=counts["repeated"]
    )


def _parts(findings: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The findings in the order of their ids, as the index has them, a part at a time."""
    # Before PostgreSQL 18 a line of CSV that is only \\. ends the copy, quoted or not: no text keeps its line ends.
    one_line = pl.col("key", "host", "asset", "protocol").str.replace_all(r"[\r\n]+", " ")
    return findings.sort("id").select(FOLD.names()).with_columns(one_line).iter_slices(AT_ONCE)


def _fold_known(cursor: Any, part: pl.DataFrame, who: dict[str, Any], counts: Counter[str]) -> pl.DataFrame:
    """Fold those of a part that are known and count what they were; give the others."""
    cursor.execute("truncate seen, change")
    _copy(cursor, "seen", part.with_row_index("place").select(_SEEN))
    cursor.execute(_CHANGE)
    cursor.execute(_UPDATE)
    cursor.execute(_CHANGED, who)
    cursor.execute(_TALLY)
    new: list[int] = []
    for what, number, places in cursor.fetchall():
        if what == "new":
            new = places
        else:
            counts[what] += number
    return part.filter(pl.int_range(pl.len()).is_in(new))


def _copy(cursor: Any, table: str, rows: pl.DataFrame) -> None:
    """Send the rows as CSV; a null is an empty field, an empty text a quoted one."""
    if rows.is_empty():
        return
    text = rows.write_csv(include_header=False, datetime_format="%Y-%m-%dT%H:%M:%S%.6f+00:00", quote_style="necessary")
    with cursor.copy(f"copy {table} from stdin (format csv)") as copy:
        copy.write(text.encode())
