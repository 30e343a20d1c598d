"""Wake the delivery after a commit. The scheduler's tick finds what a lost wake-up leaves behind."""

from django.db import connection, transaction

from dijkwacht.platform.supervisor.asking import once


def after_commit() -> None:
    """Ask once per transaction for a delivery job.

    The job is asked for after the commit and not in it: its queueing lock would make transactions wait for each other.
    """
    if not any(entry[1] is now for entry in connection.run_on_commit):
        transaction.on_commit(now, robust=True)


def now() -> None:
    """Queue a delivery job unless one waits already."""
    from dijkwacht.platform.outbox.tasks import drain

    once(drain)
