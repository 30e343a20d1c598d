"""An organisation left the register: what waits for it is not sent any more, and nobody calls it."""

from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.outbox import actions as outbox
from dijkwacht.platform.outbox.errors import NotRetryable
from dijkwacht.platform.outbox.models import Message, State
from dijkwacht.rooms.notification.models import Call, Event, Notice, NoticeItem

KEEPER: Final = system("notification:leaving")
WAITING: Final = (Notice.State.COLLECTING, Notice.State.HELD, Notice.State.QUEUED)


def on_organisation_left(*, organisation: UUID, **_: Any) -> None:
    """Cancel its waiting notices and close its calls, in the transaction in which it left."""
    with tenancy.acting(KEEPER):
        rows = list(Notice.objects.select_for_update().filter(organisation_id=organisation, state__in=WAITING))
        stopped = [row for row in rows if row.state != Notice.State.QUEUED or _recalled(row)]
        ids = [row.id for row in stopped]
        Notice.objects.filter(id__in=ids).update(state=Notice.State.CANCELLED)
        told = NoticeItem.objects.exclude(notice__state=Notice.State.CANCELLED)  # by another notice, such as a relay's
        events = NoticeItem.objects.filter(notice_id__in=ids).exclude(event_id__in=told.values("event_id"))
        Event.objects.filter(id__in=events.values("event_id")).update(outcome=Event.Outcome.CANCELLED)
        calls = Call.objects.filter(organisation_id=organisation, done_at=None)
        closed = calls.update(done_at=timezone.now(), done_by=KEEPER.id, result="left the register")
        record(
            actor=KEEPER,
            action="notification:organisation:stop",
            target=("organisation", organisation),
            organisation=organisation,
            detail={"notices": len(ids), "calls": closed},
        )


def _recalled(notice: Notice) -> bool:
    """Take a notice out of the outbox; False when it is on its way, or was read already."""
    message = Message.objects.filter(reference=f"notice:{notice.id}", state=State.NEW).first()
    if message is None:
        return False
    try:
        outbox.cancel(actor=KEEPER, message_id=message.id)
    except NotRetryable:  # handed over between the two looks
        return False
    return True
