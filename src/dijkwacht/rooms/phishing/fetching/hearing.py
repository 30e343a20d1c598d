"""What fetching hears: a new campaign has pages to look at, and so has one whose warning ends soon."""

from typing import Any, Final
from uuid import UUID

from dijkwacht.rooms.phishing import events

LOOKED_AT: Final = frozenset({"new", "list", "appeal"})


def connect() -> None:
    """Hear that a campaign changed."""
    events.campaign_changed.connect(_changed, dispatch_uid="phishing:fetching:changed")


def _changed(*, campaign: UUID, why: str, **_: Any) -> None:
    from . import actions, tasks

    if why in LOOKED_AT:
        actions.ask(actor=tasks.FETCHER, campaign=campaign)
