"""Findings go along when two organisations turn out to be one: with what was told, answered and decided about them.

The id of a finding is made of its organisation. So each gets the id that it would have had if it had always been the
other's: what comes in next is a repeat of it, the look-back finds it known, and nobody is told a second time. It goes
with its events, its place in notices and the answers; the notices themselves moved with the rows of their organisation.
Taking the two apart carries everything back the same way: an id depends on nothing but who, what and where.
"""

from typing import Any, Final
from uuid import UUID

import polars as pl
from django.db import connection

from dijkwacht.data.rekeying import SOUGHT, finding_ids
from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.notification import reading

# The findings of one organisation on assets that belong to the other now: by the same row, or by one of equal value
# that is verified where this one is not (see registry.actions.swap_standings).
_FOUND: Final = """
select f.id::text, t.id, a.kind, a.value, f.kind, f.key, f.address
from notification_finding f
join registry_asset a on a.id = f.asset_id
join registry_asset t on t.organisation_id = %(to)s and t.kind = a.kind and t.value = a.value
    and (t.id = a.id or (t.status = 'verified' and a.status <> 'verified'))
where f.organisation_id = %(away)s order by f.id for update of f
"""
_MAP: Final = """
create temp table carried on commit drop as
select m.old, m.new, m.asset from unnest(%(old)s::uuid[], %(new)s::uuid[], %(asset)s::bigint[]) m(old, new, asset)
where not exists (select 1 from notification_finding f where f.id = m.new)
"""
_MOVES: Final = (
    """update notification_finding f set id = c.new, organisation_id = %(to)s, asset_id = c.asset
       from carried c where f.id = c.old""",
    """update notification_event e set finding_id = c.new, organisation_id = %(to)s
       from carried c where e.finding_id = c.old""",
    """update notification_noticeitem i set finding_id = c.new, about_id = %(to)s
       from carried c where i.finding_id = c.old""",
    """update notification_feedback f set finding_id = c.new from carried c where f.finding_id = c.old""",
)
# An item belongs to whom its notice belongs to, unless that one was told the same version already.
_ITEMS: Final = """
update notification_noticeitem i set organisation_id = %(to)s from notification_notice n
where n.organisation_id = %(to)s and n.id = i.notice_id and i.organisation_id = %(away)s and not exists (
    select 1 from notification_noticeitem o where o.organisation_id = %(to)s and o.finding_id = i.finding_id
    and o.version = i.version and o.contact_id is not distinct from i.contact_id)
"""


def carry(*, actor: Actor, away: UUID, to: UUID) -> int:
    """Let the findings of `away` on assets that are `to`'s now be `to`'s; gives how many. Read as the centre.

    What `to` has found already on the same asset stays where it is, and so does a finding whose id cannot be made
    again: about that one it may be told once more.
    """
    names = {"away": away, "to": to}
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, names)
        known = _rekeyed(cursor.fetchall(), away, to)
        cursor.execute("drop table if exists carried")
        cursor.execute(_MAP, {name: known[name].to_list() for name in ("old", "new", "asset")})
        carried = 0
        for place, statement in enumerate(_MOVES):
            cursor.execute(statement, names)
            carried = cursor.rowcount if place == 0 else carried
        cursor.execute(_ITEMS, names)
    detail = {"from": str(away), "to": str(to), "findings": carried}
    for organisation in (away, to):
        record(
            actor=actor,
            action="notification:findings:carry",
            target=("organisation", to),
            organisation=organisation,
            detail=detail,
        )
    return carried


def _rekeyed(rows: list[tuple[Any, ...]], away: UUID, to: UUID) -> pl.DataFrame:
    """Give old id, new id and asset of the findings whose present id we can make: then the new one is right too."""
    schema = {"old": pl.String, "asset": pl.Int64, **dict.fromkeys(SOUGHT[1:], pl.String)}
    found = pl.DataFrame(rows, schema=schema, orient="row")
    if found.is_empty():
        return found.with_columns(new="old")
    made = {
        name: finding_ids(found.with_columns(organisation=pl.lit(str(whose))).select(SOUGHT), reading.secret())
        for name, whose in (("again", away), ("new", to))
    }
    return found.with_columns(pl.Series(name, ids) for name, ids in made.items()).filter(
        pl.col("old").str.replace_all("-", "") == pl.col("again")
    )
