"""What sourcing does all the time."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.asking import once
from dijkwacht.platform.supervisor.ticks import every
from dijkwacht.rooms.advisories.sourcing import actions_keeping, tasks
from dijkwacht.rooms.advisories.sourcing.scheduling import FETCHER


@every(30, "advisories:sources")
def ask_sources() -> None:
    """Ask the sources whose turn it is."""
    tasks.ask_due()


@every(60, "advisories:imap")
def poll() -> None:
    """Ask for the mailbox of sources to be read, where there is one."""
    if settings.ADVISORY_IMAP:
        once(tasks.poll)


@every(86400, "advisories:mails")
def keep_no_longer() -> None:
    """Erase the words of mails whose term is over."""
    with tenancy.acting(FETCHER):
        actions_keeping.erase_mails(actor=FETCHER, before=timezone.now() - timedelta(days=settings.ADVISORY_MAIL_DAYS))
