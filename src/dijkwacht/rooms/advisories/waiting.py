"""What of this room waits for a person."""

from datetime import timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.waiting import Pile
from dijkwacht.rooms.advisories.catalogue import reads as catalogue
from dijkwacht.rooms.advisories.sourcing import reads as sourcing
from dijkwacht.rooms.advisories.writing import reads as writing

LATELY: Final = timedelta(days=30)


def _exploited(actor: Actor) -> int:
    lately = timezone.localdate() - LATELY
    return sourcing.matters(actor, sourcing.Wanted()).filter(exploited_on__gt=lately).count()


def _offered(actor: Actor) -> int:
    return writing.advisories_for(actor, state="offered").count()


def _names(actor: Actor) -> int:
    return catalogue.questions(actor).count()


WAITING: Final = (
    Pile(_("vulnerabilities exploited lately, to assess"), "advisories:matters", "advisories:read", _exploited),
    Pile(_("advisories for a second person"), "advisories:desk", "advisories:read", _offered),
    Pile(_("names of products to judge"), "advisories:name-questions", "advisories:products", _names),
)
