"""What happened in one part of the room, for the other parts to hear within the same transaction."""

from typing import Final

from django.dispatch import Signal

matter_changed: Final = Signal()  # matter: UUID, why: one of WHYS
WHYS: Final = ("new", "statements", "exploited", "scores", "items", "joined")
advisory_published: Final = Signal()  # advisory: UUID, version: int, actor: Actor; also of a correction or a withdrawal
aliases_changed: Final = Signal()  # products: list of UUID; what was matched by their names may match otherwise now
