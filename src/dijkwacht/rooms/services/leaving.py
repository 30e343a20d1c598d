"""An organisation left the register: no yes of it goes on, and none comes back when it registers again."""

from typing import Any, Final
from uuid import UUID

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.services import actions

KEEPER: Final = system("services:leaving")


def on_organisation_left(*, organisation: UUID, **_: Any) -> None:
    """Withdraw its subscriptions, in the transaction in which it left; they stay on record."""
    with tenancy.acting(KEEPER) as actor:
        actions.end_all(actor=actor, organisation=organisation)
