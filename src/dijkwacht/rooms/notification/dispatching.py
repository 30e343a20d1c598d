"""Send what waited for its hour: digests, and notices that an officer let go. Each lot is one transaction."""

from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification import lost_assets, rerouting, sending
from dijkwacht.rooms.notification.models import Event, Notice, NoticeItem
from dijkwacht.rooms.notification.releasing import DIGEST_GRACE, TextBrake
from dijkwacht.rooms.registry.models import Contact

DISPATCHER: Final = system("notification:dispatch")
AT_ONCE: Final = 100


def due() -> QuerySet[Notice]:
    """The notices whose hour has come. Read as the centre."""
    return Notice.objects.filter(state=Notice.State.COLLECTING, due_at__lte=timezone.now() - DIGEST_GRACE)


def dispatch_due() -> int:
    """Send everything that is due; give the number of notices. Two workers at once share the work."""
    sent = 0
    with tenancy.acting(DISPATCHER):
        brake = TextBrake()  # one for all lots: a digest was made long before the hour in which it leaves
    while lot := _lot(brake):
        sent += lot
    return sent


def _lot(brake: TextBrake) -> int:
    with tenancy.acting(DISPATCHER):
        notices = list(due().select_for_update(skip_locked=True).order_by("due_at", "id")[:AT_ONCE])
        going = lost_assets.leave_out(notices)
        working = set(
            Contact.objects.filter(id__in={notice.contact_id for notice in going}, status="working").values_list(
                "id", flat=True
            )
        )
        ready = [notice for notice in going if _goes(notice, brake, reached=notice.contact_id in working)]
        sending.send(ready)
        events = NoticeItem.objects.filter(notice__in=ready).values("event_id")
        Event.objects.filter(id__in=events, outcome=Event.Outcome.DIGEST).update(outcome=Event.Outcome.TOLD)
    return len(notices)


def _goes(notice: Notice, brake: TextBrake, *, reached: bool) -> bool:
    """Whether a notice leaves now. What an officer released is not held a second time."""
    hold = "" if notice.released_by else brake.pull(notice.kinds)
    if hold:
        notice.state, notice.held_because = Notice.State.HELD, hold
        notice.save(update_fields=["state", "held_because"])
        items = NoticeItem.objects.filter(notice=notice).values("event_id")
        Event.objects.filter(id__in=items, outcome=Event.Outcome.DIGEST).update(outcome=Event.Outcome.HELD)
        return False
    if not reached:  # the contact stopped working while the digest was gathered
        notice.state = Notice.State.FAILED
        notice.save(update_fields=["state"])
        rerouting.reroute(notice)
        return False
    return True
