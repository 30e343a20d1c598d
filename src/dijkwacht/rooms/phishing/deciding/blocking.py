"""The list, as deciding uses it. Until the part `listing` brings its actions, a thin version of them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.db.models import Max
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.phishing import events
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.listing.models import Change, Entry

LEASE: Final = timedelta(hours=12)


def block(
    *,
    actor: Actor,
    kind: str,
    name: str,
    reason: Sequence[Mapping[str, Any]],
    campaign: Campaign | None = None,
    blast_radius: Mapping[str, Any] | None = None,
) -> Entry:
    """Warn for one thing; what is warned for already is given back."""
    known = Entry.objects.filter(kind=kind, name=name, removed_at=None).first()
    if known is not None:
        return known
    entry = Entry.objects.create(
        kind=kind,
        name=name,
        reason=[*reason],
        campaign=campaign,
        blast_radius=dict(blast_radius or {}),
        added_by=actor.id,
        lease_until=timezone.now() + LEASE,
    )
    _log(entry, added=True)
    record(actor=actor, action="phishing:entry:add", target=("entry", entry.id), detail={"kind": kind, "name": name})
    events.entry_added.send(Entry, entry=entry, actor=actor)
    return entry


def unblock(*, actor: Actor, name: str, reason: str, kind: str | None = None) -> list[Entry]:
    """Stop warning for a name; gives what ended."""
    found = Entry.objects.select_for_update().filter(name=name, removed_at=None)
    ended = [*(found.filter(kind=kind) if kind else found)]
    for entry in ended:
        entry.removed_at, entry.removed_why = timezone.now(), reason
        entry.save(update_fields=["removed_at", "removed_why"])
        _log(entry, added=False)
        record(actor=actor, action="phishing:entry:remove", target=("entry", entry.id), detail={"why": reason})
        events.entry_removed.send(Entry, entry=entry, actor=actor, reason=reason)
    return ended


def _log(entry: Entry, *, added: bool) -> None:
    last = Change.objects.aggregate(last=Max("serial"))["last"] or 0
    Change.objects.create(serial=last + 1, entry=entry, added=added)
