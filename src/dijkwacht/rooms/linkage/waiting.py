"""What of this room waits for a person."""

from typing import Final

from django.utils.translation import gettext_noop as _

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.waiting import Pile
from dijkwacht.rooms.linkage import reads


def _pairs(actor: Actor) -> int:
    return reads.pairs_for(actor).count()


WAITING: Final = (Pile(_("pairs that may be one organisation"), "linkage:pairs", "linkage:read", _pairs),)
