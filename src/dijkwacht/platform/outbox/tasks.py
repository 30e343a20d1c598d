"""The delivery job, and the tick that finds what a lost wake-up left behind."""

from datetime import timedelta

from django.conf import settings
from django.db import close_old_connections, connection
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox import doubt, wake
from dijkwacht.platform.outbox.models import Message, State
from dijkwacht.platform.supervisor import ticks


@app.task(name="outbox:drain", queue="outbox")
def drain() -> int:
    """Deliver what is due."""
    from dijkwacht.platform.outbox import channels, delivery

    if not connection.in_atomic_block:
        close_old_connections()  # this thread may hold one from before a restart of the database
    return delivery.Sender(carriers=channels.carriers(), relay_log=channels.relay_log()).drain()


@ticks.every(2, "outbox")
def wake_when_due() -> None:
    """Queue a delivery job when a message waits for one."""
    from dijkwacht.platform.outbox import delivery

    now = timezone.now()
    abandoned = now - timedelta(seconds=settings.HAND_OVER_SECONDS + doubt.MARGIN_SECONDS)
    waiting = (
        Q(state=State.NEW, next_attempt_at__lte=now)
        | Q(state=State.DOUBT, doubt_at__lte=abandoned, next_attempt_at__lte=now)
        | Q(announce=True)
    )
    with tenancy.acting(delivery.SENDER):
        due = Message.objects.filter(waiting).exists()
    if due:
        wake.now()
