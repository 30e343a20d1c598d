"""What of this room waits for a person."""

from typing import Final

from django.utils.translation import gettext_noop as _

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.waiting import Pile
from dijkwacht.rooms.notification.models import Batch, Call, Feedback, Notice, SetAsideLine

DENIALS: Final = ("not-ours", "false-alarm", "wrong-contact")


def _held(_actor: Actor) -> int:
    return Notice.objects.filter(state=Notice.State.HELD).count()


def _calls(_actor: Actor) -> int:
    return Call.objects.filter(done_at=None).count()


def _denials(_actor: Actor) -> int:
    return Feedback.objects.filter(handled_at=None, answer__in=DENIALS).count()


def _quarantined(_actor: Actor) -> int:
    return Batch.objects.filter(state=Batch.State.QUARANTINED).count()


def _set_aside(_actor: Actor) -> int:
    return SetAsideLine.objects.filter(state=SetAsideLine.State.OPEN).count()


WAITING: Final = (
    Pile(
        _("notices held by the storm brake"), "notification:held", "notices:release", _held, urgent=True, for_all=True
    ),
    Pile(_("organisations to call"), "notification:calls", "notices:release", _calls, urgent=True, for_all=True),
    Pile(_("answers that say we were wrong"), "notification:answers", "notices:release", _denials, for_all=True),
    Pile(_("files in quarantine"), "notification:batches", "batches:read", _quarantined, for_all=True),
    Pile(_("lines set aside"), "notification:batches", "batches:read", _set_aside, for_all=True),
)
