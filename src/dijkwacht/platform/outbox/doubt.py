"""Resolve messages in doubt: what a sender left behind when it died, or what its relay never answered."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Channel, Message, State
from dijkwacht.platform.outbox.outcome import Accepted, Outcome, RelayTrouble
from dijkwacht.platform.outbox.relay_log import RelayLog
from dijkwacht.platform.outbox.settlement import settle

RESOLVER: Final = system("outbox:doubt")
MARGIN_SECONDS: Final = 1.0  # lets a relay finish writing its log after a cut connection

ASK_AGAIN_SECONDS: Final = 30.0  # between two questions to a log that could not tell


def resolve(*, relay_log: RelayLog, seconds: float, ready: Collection[Channel]) -> int:
    """Ask the relay's log about each message in doubt that nobody works on any more; give how many were resolved.

    `seconds`: the longest hand-over. A sender that is slow but alive still holds its lock and is left alone. `ready`:
    the channels that answer now; a relay that hangs may still be accepting what its log does not show yet.
    """
    resolved = 0
    before = timezone.now() - timedelta(seconds=seconds + MARGIN_SECONDS)
    with tenancy.acting(RESOLVER):
        rows = Message.objects.filter(state=State.DOUBT, doubt_at__lte=before, next_attempt_at__lte=timezone.now())
        candidates = list(rows.filter(channel__in=ready).order_by("doubt_at").values_list("id", flat=True)[:500])
    for identifier in candidates:
        with tenancy.acting(RESOLVER):
            row = Message.objects.select_for_update(skip_locked=True).filter(id=identifier, state=State.DOUBT).first()
            if row is not None and _abandoned(row):
                resolved += _settle(row, relay_log)
    return resolved


def _abandoned(row: Message) -> bool:
    """True when the connection of the sender that took this message is gone."""
    if row.holder is None:
        return True
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [row.holder])
        return bool(cursor.fetchone()[0])


def _settle(row: Message, relay_log: RelayLog) -> bool:
    since = row.doubt_at or row.created_at
    if row.channel != Channel.MAIL:
        outcome: Outcome = RelayTrouble("interrupted; sent again with the same identifier")
        row.possible_duplicate = True
    else:
        answer = relay_log.contains(row.message_id, since)
        outcome = Accepted() if answer else RelayTrouble("interrupted before the relay accepted it")
        if answer is None:
            if timezone.now() - since < timedelta(seconds=settings.DOUBT_GRACE_SECONDS):
                row.next_attempt_at = timezone.now() + timedelta(seconds=ASK_AGAIN_SECONDS)
                row.save(update_fields=["next_attempt_at"])
                return False
            row.possible_duplicate = True
            outcome = RelayTrouble("interrupted; the relay's log cannot tell whether it was accepted")
    settle(row, outcome)
    return True
