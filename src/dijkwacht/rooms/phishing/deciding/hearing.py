"""What deciding hears of the other parts."""

from typing import Any

from dijkwacht.rooms.phishing import events
from dijkwacht.rooms.phishing.deciding import tasks


def connect() -> None:
    """Hear that a campaign changed, and that a warning ended."""
    events.campaign_changed.connect(tasks.ask, dispatch_uid="phishing:deciding:changed")
    events.entry_removed.connect(_removed, dispatch_uid="phishing:deciding:removed")


def _removed(**said: Any) -> None:
    from dijkwacht.rooms.phishing.deciding import removing

    removing.on_removed(**said)
