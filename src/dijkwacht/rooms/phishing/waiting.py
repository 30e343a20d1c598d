"""What of this room waits for a person."""

from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.waiting import Pile
from dijkwacht.rooms.phishing.deciding import reads as deciding
from dijkwacht.rooms.phishing.warning import reads as warning


def _late(actor: Actor) -> int:
    return warning.appeals_for(actor).filter(due_at__lt=timezone.now()).count()


def _appeals(actor: Actor) -> int:
    return warning.appeals_for(actor).count()


WAITING: Final = (
    Pile(_("appeals against a warning past their term"), "phishing:appeals", "phishing:read", _late, urgent=True),
    Pile(_("appeals against a warning"), "phishing:appeals", "phishing:read", _appeals, urgent=True),
    Pile(_("suspicious sites to judge"), "phishing:queue", "phishing:read", deciding.waiting),
)
