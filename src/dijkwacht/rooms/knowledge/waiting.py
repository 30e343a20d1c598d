"""What of this room waits for a person."""

from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.waiting import Pile
from dijkwacht.rooms.knowledge import published
from dijkwacht.rooms.knowledge.editing import reads
from dijkwacht.rooms.knowledge.editing.models import Revision


def _proposed(actor: Actor) -> int:
    return reads.revisions_for(actor).filter(state=Revision.State.PROPOSED).count()


def _old(_actor: Actor) -> int:
    today = timezone.localdate()
    return sum(one.measure.review_by <= today for one in published.entries().values())


WAITING: Final = (
    Pile(_("texts of measures for a second person"), "knowledge:desk", "knowledge:write", _proposed),
    Pile(_("measures to look at again"), "knowledge:desk", "knowledge:write", _old),
)
