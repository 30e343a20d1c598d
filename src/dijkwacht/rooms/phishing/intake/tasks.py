"""The jobs of the intake: in a queue of their own, so that a flood of mails holds up nothing else."""

from typing import Final

from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

RETRY: Final = RetryStrategy(max_attempts=10, exponential_wait=2)


@app.task(queue="mails", retry=RETRY, name="phishing.read")
def read() -> None:
    """Read what came in, until nothing is left. Safe to repeat: what was read is in the queue no more."""
    from dijkwacht.rooms.phishing.intake import reading

    reading.read_all()


def ask_read() -> None:
    """Ask for reading, unless that waits already."""
    try:
        with transaction.atomic():
            read.configure(queueing_lock="phishing.read").defer()
    except AlreadyEnqueued:
        return
