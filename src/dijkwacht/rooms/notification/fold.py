"""Fold a batch's findings into what is known: one COPY, one join, one update, one insert; never row by row.

The table keeps free space on its pages (see its migrations), so that a repeat stays where it is.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db import connection

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
_TABLES: Final = """
create temp table staging (
    id uuid, organisation_id uuid, asset_id bigint, asset text, how text, feed text, kind text, key text,
    address text, host text, port integer, protocol text, severity smallint, count bigint,
    first_seen timestamptz, last_seen timestamptz, evidence jsonb
) on commit drop;
create temp table fresh (like staging) on commit drop;
create temp table change (
    id uuid, place tid, from_state text, from_version integer, what text
) on commit drop
"""
# What each staged finding that is known means for it. Seen again after it was over: reopened; "gone" is a guess,
# which any later observation disproves, also one made before it that came in after. More severe: worse. The rows are
# locked in the order of their ids, so that two batches with the same findings wait for each other and never for ever,
# and each sees what the other made of them; a locked row keeps its place, where the update finds it at once.
_CHANGE: Final = """
insert into change
select s.id, f.ctid, f.state, f.version,
    case when f.state = 'resolved' and s.last_seen > f.state_changed_at then 'reopened'
         when f.state = 'gone' and s.last_seen > f.last_seen then 'reopened'
         when f.state in ('open', 'acknowledged', 'reopened') and s.severity > f.severity then 'worse'
         else 'repeated' end
from staging s join notification_finding f on f.id = s.id
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
from change c join staging s on s.id = c.id
where f.ctid = c.place
"""
_CHANGED: Final = """
insert into notification_event (
    finding_id, organisation_id, batch_id, at, actor, from_state, to_state, severity, version, reason, outcome)
select s.id, s.organisation_id, %(batch)s, now(), %(actor)s, c.from_state,
    case when c.what = 'reopened' then 'reopened' else c.from_state end, s.severity, c.from_version + 1, c.what, 'pending'
from change c join staging s on s.id = c.id where c.what <> 'repeated'
"""
_KEEP_FRESH: Final = """
insert into fresh select s.* from staging s where not exists (select 1 from change c where c.id = s.id)
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
_NEW: Final = """
insert into notification_event (
    finding_id, organisation_id, batch_id, at, actor, from_state, to_state, severity, version, reason, outcome)
select id, organisation_id, %(batch)s, now(), %(actor)s, '', 'open', severity, 1, 'new', 'pending' from fresh
"""
AT_ONCE: Final = 10_000  # findings locked and updated while their pages are still at hand in shared_buffers


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
    who = {"batch": batch, "actor": actor}
    counts: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists staging, fresh, change")
        cursor.execute(_TABLES)
        for part in _lines(findings):
            counts.update(_fold_known(cursor, part, who))
        cursor.execute(_INSERT)
        cursor.execute(_NEW, who)
    return Folded(
        new=findings.height - counts.total(), changed=counts["reopened"] + counts["worse"], repeated=counts["repeated"]
    )


def _fold_known(cursor: Any, part: bytes, who: dict[str, Any]) -> dict[str, int]:
    """Fold the known findings among some lines and keep the others for the end; give how many were what."""
    cursor.execute("truncate staging, change")
    with cursor.copy("copy staging from stdin (format csv)") as copy:
        copy.write(part)
    cursor.execute(_CHANGE)
    cursor.execute(_UPDATE)
    cursor.execute(_CHANGED, who)
    cursor.execute(_KEEP_FRESH)
    cursor.execute("select what, count(*) from change group by what")
    return dict(cursor.fetchall())


def _lines(findings: pl.DataFrame) -> Iterator[bytes]:
    """The frame as CSV in the order of the ids, a part at a time; a null is an empty field, an empty text a quoted one."""
    # Before PostgreSQL 18 a line of CSV that is only \\. ends the copy, quoted or not: no text keeps its line ends.
    one_line = pl.col("key", "host", "asset", "protocol").str.replace_all(r"[\r\n]+", " ")
    for part in findings.with_columns(one_line).select(FOLD.names()).sort("id").iter_slices(AT_ONCE):
        text = part.write_csv(
            include_header=False, datetime_format="%Y-%m-%dT%H:%M:%S%.6f+00:00", quote_style="necessary"
        )
        yield text.encode()
