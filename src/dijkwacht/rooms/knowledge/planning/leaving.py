"""An organisation left the register: its scans and plan go."""

from typing import Any, Final
from uuid import UUID

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.knowledge.planning import actions

KEEPER: Final = system("knowledge:leaving")


def on_organisation_left(*, organisation: UUID, **_: Any) -> None:
    """Remove them, in the transaction in which it left."""
    with tenancy.acting(KEEPER) as actor:
        actions.forget(actor=actor, organisation=organisation)
