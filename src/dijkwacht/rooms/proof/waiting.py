"""What of this room waits for a person."""

from typing import Final

from django.utils.translation import gettext_noop as _

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.waiting import Pile
from dijkwacht.rooms.proof import reads


def _to_weigh(actor: Actor) -> int:
    return reads.waiting_for_an_officer(actor).count()


WAITING: Final = (Pile(_("proofs to weigh"), "proof:waiting", "registry:write", _to_weigh),)
