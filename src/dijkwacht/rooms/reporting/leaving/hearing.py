"""An organisation left the register: heard in the transaction in which it left, so nobody can miss it."""

from typing import Any, Final
from uuid import UUID

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting.leaving.actions import organisation_left

KEEPER: Final = system("reporting:leaving")


def on_organisation_left(*, organisation: UUID, **_: Any) -> None:
    """Tell the desk, and decide which terms run on."""
    with tenancy.acting(KEEPER) as actor:
        organisation_left(actor=actor, organisation=organisation)
