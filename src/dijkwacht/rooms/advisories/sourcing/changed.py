"""Tell the other parts which matters changed, within the transaction that changed them."""

from collections.abc import Mapping
from uuid import UUID

from dijkwacht.rooms.advisories.events import matter_changed


def tell(changed: Mapping[UUID, str]) -> None:
    """Tell of each matter why it changed."""
    for matter, why in changed.items():
        matter_changed.send(sender=None, matter=matter, why=why)
