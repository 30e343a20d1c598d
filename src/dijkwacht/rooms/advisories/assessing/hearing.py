"""What assessing hears: exploitation that was not known brings a matter back to the desk."""

from typing import Any
from uuid import UUID

from dijkwacht.kernel.actor import system
from dijkwacht.rooms.advisories.assessing.models import Assessment
from dijkwacht.rooms.advisories.events import matter_changed
from dijkwacht.rooms.advisories.sourcing import actions as sourcing

WATCHER = system("advisories:assessing")


def connect() -> None:
    """Hear what changes."""
    matter_changed.connect(_changed, dispatch_uid="advisories:assessing")


def _changed(*, matter: UUID, why: str, **_: Any) -> None:
    """Put a matter back on the list when it is exploited now and its judgement says that this is not likely."""
    if why != "exploited":
        return
    if Assessment.objects.filter(matter_id=matter, state="settled").exclude(likelihood="high").exists():
        sourcing.settle(actor=WATCHER, matter=matter, settled=False)
