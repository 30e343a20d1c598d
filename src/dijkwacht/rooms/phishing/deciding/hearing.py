"""What deciding hears of the other parts."""

from typing import Any

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.rooms.phishing import events
from dijkwacht.rooms.phishing.deciding import tasks
from dijkwacht.rooms.phishing.listing import rules
from dijkwacht.rooms.phishing.listing.models import Entry


def connect() -> None:
    """Hear that a campaign changed, and that a warning ended."""
    events.campaign_changed.connect(tasks.ask, dispatch_uid="phishing:deciding:changed")
    events.entry_removed.connect(_removed, dispatch_uid="phishing:deciding:removed")


def _removed(*, entry: Entry, actor: Actor, reason: str, **_: Any) -> None:
    """Leave it to a job: whoever takes a name off holds the lock of the list, and may take no campaign after it."""
    if entry.canary or actor.id == "system:phishing:list" or reason == rules.LEASE_ENDED:
        return
    tasks.removed.defer(entry=str(entry.id), by=actor.id, reason=reason, person=_is_person(actor))


def _is_person(actor: Actor) -> bool:
    """Whether somebody did it: in the portal, or at the command line of the machine."""
    return actor.kind is Kind.PERSON or actor.id.startswith("system:command-line:")
