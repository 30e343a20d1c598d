"""Tell the rooms what became of their messages, each fact once."""

from typing import Final
from uuid import UUID

import structlog
from django.db import connection
from django.dispatch import Signal

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox import events
from dijkwacht.platform.outbox.models import Message, State

log = structlog.get_logger()
ANNOUNCER: Final = system("outbox:announce")
SIGNALS: Final[dict[str, Signal]] = {
    State.SENT: events.delivered,
    State.BOUNCED: events.bounced,
    State.FAILED: events.failed_permanently,
}


def announce() -> int:
    """Send the signals that are due; give how many. A receiver's error is logged and that event comes again.

    Raises what the database said when it is away: then there is nothing to be told of the others.
    """
    with tenancy.acting(ANNOUNCER):
        waiting = list(Message.objects.filter(announce=True).values_list("id", flat=True)[:500])
    return sum(_announce(identifier) for identifier in waiting)


def _announce(identifier: UUID) -> bool:
    try:
        with tenancy.acting(ANNOUNCER):
            row = Message.objects.select_for_update(skip_locked=True).filter(id=identifier, announce=True).first()
            if row is None:
                return False
            SIGNALS[row.state].send(sender=Message, message=row, reason=row.last_error)
            Message.objects.filter(id=row.id).update(announce=False)
    except Exception:
        if not connection.is_usable():
            raise
        log.exception("outbox: a receiver of an event failed; the event will be told again", message=str(identifier))
        return False
    return True
