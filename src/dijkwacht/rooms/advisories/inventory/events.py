"""What happened to inventories, for the parts that match and tell to hear within the same transaction."""

from typing import Final

from django.dispatch import Signal

lines_added: Final = Signal()  # organisation: UUID, lines: list[UUID]
lines_removed: Final = Signal()  # organisation: UUID, lines: list[UUID]
