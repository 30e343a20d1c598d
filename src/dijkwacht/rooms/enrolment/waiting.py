"""What of this room waits for a person."""

from typing import Final

from django.utils.translation import gettext_noop as _

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.waiting import Pile
from dijkwacht.rooms.enrolment import reads
from dijkwacht.rooms.enrolment.rules import State


def _to_decide(actor: Actor) -> int:
    # Without a reason to wait it is approved by a job, without a hand.
    return reads.registrations_for(actor).filter(state=State.WAITING).exclude(reasons=[]).count()


WAITING: Final = (Pile(_("registrations to decide on"), "enrolment:registrations", "registrations:decide", _to_decide),)
