"""What of this room waits for a person."""

from typing import Final

from django.utils.translation import gettext_noop as _

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.waiting import Pile
from dijkwacht.rooms.registry import reads
from dijkwacht.rooms.registry.leaving import reads as leaving
from dijkwacht.rooms.registry.vocabulary import LeaveState


def _conflicts(actor: Actor) -> int:
    return reads.conflicts_for(actor).count()


def _to_leave(actor: Actor) -> int:
    return leaving.deregistrations_for(actor).filter(state=LeaveState.ASKED).count()


WAITING: Final = (
    Pile(_("conflicts over an address or domain"), "registry:conflicts", "registry:write", _conflicts),
    Pile(_("organisations that ask to leave the register"), "registry:deregistrations", "registry:write", _to_leave),
)
