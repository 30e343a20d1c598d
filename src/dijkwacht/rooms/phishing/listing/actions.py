"""Changes of the list. Each writes the log in the same transaction, wakes whoever serves it, and tells the other parts.

The log is numbered without a gap: whoever writes holds a lock until the end of its transaction. It is the last lock
that anybody takes; do not take a row of a campaign after `block` or `unblock`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.phishing import events
from dijkwacht.rooms.phishing.errors import NotAllowed
from dijkwacht.rooms.phishing.listing import errors, order, reads, rules, telling
from dijkwacht.rooms.phishing.listing.models import Change, Entry, EntryOfCampaign

CHANNEL: Final = "dijkwacht_list"  # of NOTIFY: the newest serial
LONGEST_LEASE: Final = timedelta(days=30)
LONGEST_REASON: Final = 300  # characters, as the column
Reason = str | Sequence[dict[str, Any]]


@transaction.atomic
def block(
    *,
    actor: Actor,
    kind: str,
    name: str,
    reason: Reason,
    campaign: UUID | None = None,
    blast_radius: dict[str, Any] | None = None,
    lease: timedelta | None = None,
) -> Entry:
    """Put a name on the list, or renew the lease of the one that is there; gives the entry.

    `kind`: url, host, name or domain. `reason`: evidence as a campaign has it, or a person's words. `lease`: until it
    must be looked at again. Raises NotAllowed and the classes of listing.errors.
    """
    _may_decide(actor)
    visited = (blast_radius or {}).get("guard") in {"top", "government"}
    found, why = rules.canonical(kind, name, reads.own_names(), visited=visited), _evidence(reason)
    until = _until(lease)
    order.lock()
    known = Entry.objects.select_for_update().filter(kind=kind, name=found, removed_at=None).first()
    if known is not None:
        return _renewed(actor, known, until, campaign=campaign, reason=why, blast_radius=blast_radius)
    entry = Entry.objects.create(
        kind=kind,
        name=found,
        campaign_id=campaign,
        reason=why,
        blast_radius=blast_radius or {},
        added_by=str(actor.id)[:100],
        lease_until=until,
    )
    _link(entry, campaign)
    _added(actor, entry)
    return entry


@transaction.atomic
def unblock(*, actor: Actor, name: str, reason: str, kind: str | None = None, campaign: UUID | None = None) -> Entry:
    """Take a name off the list; gives the entry.

    Without `kind` every live entry of the name goes. `campaign`: on whose behalf; what others still warn for, or a
    person put there for none, stays. Raises NotAllowed, NotListed, ReasonMissing, MalformedName.
    """
    _may_decide(actor)
    if not (why := _text(reason)):
        raise errors.ReasonMissing
    order.lock()
    found = [row for row in _named(name) if kind is None or row.kind == kind]
    if not found:
        raise errors.NotListed(name=ascii(name.strip()[:100])[1:-1])
    for entry in sorted(found, key=lambda row: -rules.KINDS.index(row.kind)):
        if campaign is None or not _left(actor, entry, campaign, why):
            _remove(actor, entry, why)
    return entry


@transaction.atomic
def renew(*, actor: Actor, entry: UUID, lease: timedelta | None = None) -> Entry:
    """Give a live entry a new lease from now on: it was looked at. Raises NotAllowed, NotListed."""
    _may_decide(actor)
    order.lock()
    row = Entry.objects.select_for_update().filter(id=entry, removed_at=None).first()
    if row is None:
        raise errors.NotListed(name=str(entry))
    return _renewed(actor, row, _until(lease))


@transaction.atomic
def end_leases(*, actor: Actor, most: int = 500) -> list[Entry]:
    """Take off what nobody renewed in time; gives those entries. Raises NotAllowed."""
    _may_decide(actor)
    order.lock()
    due = Entry.objects.select_for_update().filter(removed_at=None, lease_until__lte=timezone.now())
    found = list(due.order_by("lease_until")[:most])
    for row in found:
        _remove(actor, row, rules.LEASE_ENDED)
    return found


@transaction.atomic
def ask_recheck(*, actor: Actor, before: timedelta, most: int = 500) -> list[Entry]:
    """Ask, once a lease, that what ends within `before` is looked at again; gives those entries. Raises NotAllowed.

    What no campaign warns for is somebody's own: whoever put it there hears that it ends.
    """
    _may_decide(actor)
    now = timezone.now()
    due = Entry.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        removed_at=None, lease_until__range=(now, now + before), recheck_asked_at=None, canary=False
    )
    found = list(due.order_by("lease_until")[:most])
    for row in found:
        row.recheck_asked_at = now
        row.save(update_fields=["recheck_asked_at"])
        record(actor=actor, action="phishing:entry:ask-recheck", target=("entry", row.id))
    rows = EntryOfCampaign.objects.filter(entry__in=found).order_by("entry__lease_until", "id")
    linked = list(rows.values_list("entry_id", "campaign_id"))
    held = {entry for entry, _ in linked}
    for row in found:
        if row.id not in held:
            telling.entry_ends(actor, row)
    for campaign in dict.fromkeys(campaign for _, campaign in linked):
        events.campaign_changed.send(Entry, campaign=campaign, why="list")
    return found


@transaction.atomic
def add_canary(*, actor: Actor, name: str, lease: timedelta) -> Entry:
    """Put a name of our own on the list that shows which consumers are stale. Raises NotAllowed, MalformedName."""
    _may_decide(actor)
    found = rules.canonical("host", name)
    order.lock()
    entry = Entry.objects.create(
        kind="host",
        name=found,
        reason=_evidence("canary: a name of the centre itself, on the list to see who follows it"),
        canary=True,
        added_by=str(actor.id)[:100],
        lease_until=timezone.now() + lease,
    )
    _added(actor, entry)
    return entry


def _may_decide(actor: Actor) -> None:
    if not allows(actor, "phishing:decide"):
        raise NotAllowed


def _until(lease: timedelta | None) -> datetime:
    length = timedelta(hours=settings.LIST_LEASE_HOURS) if lease is None else lease
    if not timedelta(0) < length <= LONGEST_LEASE:
        raise errors.LeaseTooLong(days=LONGEST_LEASE.days)
    return timezone.now() + length


def _evidence(reason: Reason) -> list[dict[str, Any]]:
    """Give the reason as a campaign has it. Raises ReasonMissing for none."""
    if isinstance(reason, str):
        text = _text(reason)
        found = [{"code": "person", "family": "person", "nl": text, "en": text}] if text else []
    else:
        found = [*reason]
    if not found:
        raise errors.ReasonMissing
    return found


def _text(reason: str) -> str:
    return " ".join(reason.split())[:LONGEST_REASON]


def _named(name: str) -> list[Entry]:
    """Give the live entries of a name in whatever form it was typed, also one that may not be added any more."""
    text = name.strip()
    forms = {text, text.lower().removesuffix(".")}
    for kind in ("url",) if "://" in text else ("host",):
        try:
            forms.add(rules.written(kind, text))
        except errors.MalformedName:
            continue
    return list(Entry.objects.select_for_update().filter(name__in=forms, removed_at=None))


def _renewed(actor: Actor, row: Entry, until: datetime, **changed: Any) -> Entry:
    row.lease_until, row.recheck_asked_at = max(until, row.lease_until), None
    row.renewed_at = timezone.now()  # under the lock: in the order in which others see it
    _link(row, changed.get("campaign"))
    for name in ("reason", "blast_radius"):
        if changed.get(name):
            setattr(row, name, changed[name])
    row.save(update_fields=["lease_until", "renewed_at", "recheck_asked_at", "reason", "blast_radius"])
    detail = {"until": row.lease_until.isoformat()}
    record(actor=actor, action="phishing:entry:renew", target=("entry", row.id), detail=detail)
    return row


def _link(entry: Entry, campaign: UUID | None) -> None:
    if campaign is not None:
        EntryOfCampaign.objects.get_or_create(entry=entry, campaign_id=campaign)


def _left(actor: Actor, entry: Entry, campaign: UUID, why: str) -> bool:
    """Take a campaign from an entry where something else holds it there; gives whether that is so."""
    others = EntryOfCampaign.objects.filter(entry=entry).exclude(campaign=campaign).order_by("id")
    if entry.campaign_id is not None and not others.exists():
        return False
    EntryOfCampaign.objects.filter(entry=entry, campaign=campaign).delete()
    if entry.campaign_id == campaign:
        entry.campaign_id = others.values_list("campaign_id", flat=True)[0]
        entry.save(update_fields=["campaign"])
    detail = {"campaign": str(campaign), "why": why}
    record(actor=actor, action="phishing:entry:leave", target=("entry", entry.id), detail=detail)
    return True


def _added(actor: Actor, entry: Entry) -> None:
    number = _append(entry, added=True)
    detail = {"kind": entry.kind, "name": entry.name, "serial": number, "radius": entry.blast_radius}
    record(actor=actor, action="phishing:entry:block", target=("entry", entry.id), detail=detail)
    events.entry_added.send(Entry, entry=entry, actor=actor)


def _remove(actor: Actor, entry: Entry, why: str) -> None:
    entry.removed_at, entry.removed_why = timezone.now(), why
    entry.removed_by = str(actor.id)[:100] if actor.kind is not Kind.ANONYMOUS else ""
    entry.save(update_fields=["removed_at", "removed_why", "removed_by"])
    number = _append(entry, added=False)
    detail = {"kind": entry.kind, "name": entry.name, "serial": number, "why": why}
    record(actor=actor, action="phishing:entry:unblock", target=("entry", entry.id), detail=detail)
    events.entry_removed.send(Entry, entry=entry, actor=actor, reason=why)


def _append(entry: Entry, *, added: bool) -> int:
    """Write one event with the next serial; whoever serves the list hears of it when the transaction is done."""
    number = reads.serial() + 1
    Change.objects.create(serial=number, entry=entry, added=added)
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [CHANNEL, str(number)])
    return number
