"""The jobs of the intake: in a queue of their own, so that a flood of mails holds up nothing else."""

from typing import Final

from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from dijkwacht.platform.supervisor.asking import once

RETRY: Final = RetryStrategy(max_attempts=10, exponential_wait=2)

_WAITS: Final = (
    "select exists (select 1 from procrastinate_jobs where queueing_lock = 'phishing.read' and status = 'todo')"
)


@app.task(queue="mails", retry=RETRY, name="phishing.read")
def read() -> None:
    """Read what came in, until nothing is left. Safe to repeat: what was read is in the queue no more."""
    from dijkwacht.rooms.phishing.intake import reading

    reading.read_all()


def ask_read() -> None:
    """Ask for reading, unless that waits already: a look costs less than an error a batch, and the tick asks too."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITS)
        if cursor.fetchone()[0]:
            return
    once(read)


@app.task(queue="mails", retry=RETRY, name="phishing.poll")
def poll() -> None:
    """Read the mailbox. Safe to repeat: a mail is known by its UID."""
    from django.conf import settings

    from dijkwacht.platform.mailbox import Box
    from dijkwacht.rooms.phishing.intake import imap
    from dijkwacht.rooms.phishing.intake.reads import PORTER

    imap.take_all(actor=PORTER, box=Box.of_url(settings.PHISHING_IMAP, "DIJKWACHT_PHISHING_IMAP"))


def ask_poll() -> None:
    """Ask for the mailbox to be read, unless that waits already."""
    once(poll)
