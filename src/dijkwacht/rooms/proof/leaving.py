"""An organisation left the register: nothing is left to prove for it."""

from typing import Any, Final
from uuid import UUID

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.proof import actions
from dijkwacht.rooms.proof.models import Challenge
from dijkwacht.rooms.proof.vocabulary import LIVE, State

KEEPER: Final = system("proof:leaving")


def on_organisation_left(*, organisation: UUID, **_: Any) -> None:
    """End its challenges, in the transaction in which it left: no later look gives it an asset back."""
    with tenancy.acting(KEEPER) as actor:
        rows = Challenge.objects.filter(organisation=organisation, state__in=LIVE).order_by("id")
        for challenge in rows.values_list("id", flat=True):
            actions.end_challenge(actor=actor, challenge=challenge, state=State.WITHDRAWN)
