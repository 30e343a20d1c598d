"""Deliver what the outbox holds: new, then doubt, then sent, each committed before the next step begins.

One sender works on one message at a time. It holds an advisory lock for as long as its connection lives and cuts every
hand-over that takes too long, so a message in doubt is nobody's once that lock is free and that time is over.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox import announcing, channels, doubt
from dijkwacht.platform.outbox.models import Channel, Message, State
from dijkwacht.platform.outbox.outcome import Outcome
from dijkwacht.platform.outbox.relay_log import RelayLog
from dijkwacht.platform.outbox.settlement import settle

log = structlog.get_logger()
SENDER: Final = system("outbox:delivery")
ANNOUNCE_EVERY: Final = 20
MARKED_SECONDS: Final = 60.0  # how long to insist on recording an answer while the database is away


@dataclass
class Sender:
    """Works through the outbox with one advisory lock and one set of open channels."""

    carriers: channels.Carriers
    relay_log: RelayLog
    seconds: float = field(default_factory=lambda: settings.HAND_OVER_SECONDS)
    holder: int = field(default_factory=lambda: secrets.randbits(62))

    def drain(self, *, budget: float = 10.0) -> int:
        """Deliver what is due for at most `budget` seconds; give the number of hand-overs."""
        stop, count = time.monotonic() + budget, 0
        self._hold()
        try:
            ready = self.carriers.connect()
            doubt.resolve(relay_log=self.relay_log, seconds=self.seconds, ready=ready)
            while ready and time.monotonic() < stop:
                if not self.step(ready):
                    break
                count += 1
                if count % ANNOUNCE_EVERY == 0:
                    announcing.announce()
                ready = self.carriers.ready()
        finally:
            self.carriers.close()
            try:
                announcing.announce()
            finally:
                self._let_go()
        return count

    def step(self, ready: frozenset[Channel]) -> bool:
        """Hand over one message; False when there was none."""
        deadline = time.monotonic() + self.seconds  # begins before the row says doubt, so it ends before others look
        message = self._claim(ready)
        if message is None:
            return False
        outcome = self.carriers.hand_over(message, deadline)
        self._insist(lambda: self._mark(message, outcome))
        return True

    def _hold(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", [self.holder])

    def _let_go(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock_all()")
        except (OperationalError, InterfaceError):
            connection.close()

    def _claim(self, ready: frozenset[Channel]) -> Message | None:
        """Take the most urgent message that is due, and commit that its delivery is in doubt from now on."""
        with tenancy.acting(SENDER):
            due = Message.objects.filter(state=State.NEW, next_attempt_at__lte=timezone.now(), channel__in=ready)
            message = due.order_by("priority", "next_attempt_at").select_for_update(skip_locked=True).first()
            if message is not None:
                message.state, message.doubt_at, message.holder = State.DOUBT, timezone.now(), self.holder
                message.attempts += 1
                message.save(update_fields=["state", "doubt_at", "holder", "attempts"])
        return message

    def _mark(self, message: Message, outcome: Outcome) -> None:
        """Record what came of a hand-over, unless somebody else resolved it meanwhile."""
        with tenancy.acting(SENDER):
            own = Message.objects.select_for_update().filter(id=message.id, state=State.DOUBT, holder=self.holder)
            row = own.first()
            if row is not None:
                settle(row, outcome)

    def _insist(self, change: Callable[[], None]) -> None:
        """Make a change, again and again while the database is away: what the relay answered must not be forgotten."""
        stop = time.monotonic() + MARKED_SECONDS
        while True:
            try:
                change()
            except (OperationalError, InterfaceError) as error:
                if time.monotonic() > stop:
                    raise
                log.warning("outbox: no database; the outcome is kept and tried again", error=str(error))
                connection.close()
                time.sleep(0.2)
            else:
                return
