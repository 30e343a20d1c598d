"""What the intake does all the time."""

from django.conf import settings
from django.utils import timezone

from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.ticks import every
from dijkwacht.rooms.phishing.intake import actions, reads, tasks


@every(30, "phishing:imap")
def poll() -> None:
    """Ask for the mailbox to be read, where there is one."""
    if settings.PHISHING_IMAP:
        tasks.ask_poll()


@every(86400, "phishing:vault")
def keep_no_longer() -> None:
    """Remove the raw mails whose term is over, and what of them could not be read."""
    with tenancy.acting(reads.PORTER) as actor:
        actions.remove_old(actor=actor, now=timezone.now())


@every(1, "phishing:read")
def read() -> None:
    """Ask for what was not read, should a worker have died with the asking."""
    with tenancy.acting(reads.PORTER):
        waiting = reads.due().exists()
    if waiting:
        tasks.ask_read()
