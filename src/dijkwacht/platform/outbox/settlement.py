"""Write what came of a hand-over into its message, and say when it is tried again."""

import random
from datetime import timedelta
from typing import Final

from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.outbox.models import Message, State
from dijkwacht.platform.outbox.outcome import (
    Accepted,
    Later,
    NoSuchRecipient,
    Outcome,
    Refused,
    RelayTrouble,
    Unanswered,
)

SETTLER: Final = system("outbox:delivery")
FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 60.0, 4 * 3600.0


def settle(message: Message, outcome: Outcome) -> None:
    """Write an outcome into a message that is in doubt. Inside a transaction that holds the row."""
    now = timezone.now()
    match outcome:
        case Accepted():
            message.state, message.sent_at, message.last_error, message.announce = State.SENT, now, "", True
        case NoSuchRecipient(reason):
            message.state, message.last_error, message.announce = State.BOUNCED, reason, True
        case Refused(reason):
            message.state, message.last_error, message.announce = State.FAILED, reason, True
        case Later(reason, after):
            _again(message, reason, max(after, backoff(message.attempts)))
        case RelayTrouble(reason):
            message.attempts -= 1
            _again(message, reason, backoff(0))
        case Unanswered(reason):
            message.last_error, message.holder = reason, None
    message.save()
    if message.state not in {State.NEW, State.DOUBT}:
        record(
            actor=SETTLER,
            action=f"outbox:message:{message.state}",
            target=("message", message.id),
            organisation=message.organisation_id,
            result="ok" if message.state == State.SENT else "failed",
            detail={"channel": message.channel, "attempts": message.attempts, "reference": message.reference},
        )


def _again(message: Message, reason: str, seconds: float) -> None:
    """Back to new for another attempt, or failed when its time is over."""
    message.last_error = reason
    message.next_attempt_at = timezone.now() + timedelta(seconds=seconds)
    if message.next_attempt_at > message.give_up_at:
        message.state, message.announce = State.FAILED, True
    else:
        message.state = State.NEW


def backoff(attempts: int) -> float:
    """Seconds until the next attempt: doubling from one minute to four hours, spread by a quarter either way."""
    if attempts == 0:
        return random.uniform(1, 5)  # noqa: S311 - spreads load, guards nothing
    wait: float = min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2.0 ** min(attempts - 1, 20))
    return wait * random.uniform(0.75, 1.25)  # noqa: S311 - spreads load, guards nothing
