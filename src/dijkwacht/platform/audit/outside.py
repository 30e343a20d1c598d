"""What verification checks beside the tree: events without a signed place, and the personal values."""

from typing import TYPE_CHECKING, Any, Final

from dijkwacht.platform.audit import leaf, rows
from dijkwacht.platform.audit.findings import Fault, Finding
from dijkwacht.platform.audit.personal import opened
from dijkwacht.platform.crypto.fields import FieldError

if TYPE_CHECKING:
    import psycopg

# An event waits from its own transaction on, and leaves the queue in the transaction that gives it a place.
_LOST: Final = """
select e.id::text, e.at::text, e.action from audit_event e
where not exists (select from audit_leaf l where l.event_id = e.id)
  and not exists (select from audit_pending p where p.event_id = e.id) order by e.at"""
_VANISHED: Final = """
select p.event_id::text from audit_pending p
where not exists (select from audit_event e where e.id = p.event_id)"""
_COMMITMENTS: Final = """
select coalesce(sum((select count(*) from jsonb_object_keys(detail -> 'personal'))), 0)
from audit_event where jsonb_typeof(detail -> 'personal') = 'object'"""
_PERSONAL: Final = """
select p.id, p.event_id::text, p.name, p.sealed, e.at::text, e.action, e.detail -> 'personal' ->> p.name
from audit_personal p left join audit_event e on e.id = p.event_id"""


def unsigned(database: "psycopg.Connection[Any]", size: int) -> tuple[int, list[Finding]]:
    """Check the events beyond the checkpoint of `size` entries; return how many wait, and what is wrong."""
    found = [
        Finding(Fault.UNSEQUENCED, event=event, at=leaf.moment(at), action=action, note="it has no place in the log")
        for event, at, action in database.execute(_LOST)
    ]
    found += [
        Finding(Fault.REMOVED, event=event, note="the event was removed before it had a place")
        for (event,) in database.execute(_VANISHED)
    ]
    waiting, end = 0, database.execute("select coalesce(max(index) + 1, 0) from audit_leaf").fetchone()[0]  # type: ignore[index]
    for tile in rows.by_tile(database, size, end):
        for row in tile.values():
            waiting += 1
            if row.hash != row.placed:
                fault = Fault.REMOVED if row.entry is None else Fault.CHANGED
                names = leaf.described(row.entry or b"")
                found.append(
                    Finding(fault, row.index, row.event, names.get("at", ""), names.get("action", ""), "not signed yet")
                )
    waiting += database.execute("select count(*) from audit_pending").fetchone()[0]  # type: ignore[index]
    return waiting, found


def personal(database: "psycopg.Connection[Any]") -> tuple[int, list[Finding]]:
    """Check each stored personal value against its commitment; return how many were erased, and what is wrong."""
    commitments = int(database.execute(_COMMITMENTS).fetchone()[0])  # type: ignore[index]
    found, kept = [], 0
    for row, event, name, sealed, at, action, committed in database.execute(_PERSONAL):
        kept += committed is not None
        try:
            right = opened(row, bytes(sealed))[1] == committed
        except FieldError:
            right = False
        if not right:
            note = f"the personal value {name!r} is not the one committed to"
            found.append(Finding(Fault.PERSONAL, None, event, leaf.moment(at or ""), action or "", note))
    return commitments - kept, found
