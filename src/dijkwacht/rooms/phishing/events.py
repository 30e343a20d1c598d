"""What happened in one part of the room, for the other parts to hear within the same transaction."""

from typing import Final

from django.dispatch import Signal

# A campaign began, or something came that may change its verdict. campaign: UUID, why: one of WHYS; pressing: bool,
# of a new one: whether anything in its mail speaks against it.
campaign_changed: Final = Signal()
WHYS: Final = ("new", "corroboration", "page", "list", "appeal", "decision")
verdict_changed: Final = Signal()  # campaign: UUID, before: str, after: str, actor: Actor
entry_added: Final = Signal()  # entry: Entry, actor: Actor
entry_removed: Final = Signal()  # entry: Entry, actor: Actor, reason: str; also when a lease ended
