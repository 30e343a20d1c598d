"""What must happen to the list all the time: leases end, somebody is asked before they do."""

from datetime import timedelta

from django.conf import settings

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.ticks import every
from dijkwacht.rooms.phishing.listing import actions, canaries, tasks
from dijkwacht.rooms.phishing.warning import actions as warning

CLOCK = system("phishing:list-clock")


@every(30, "phishing:leases")
def leases() -> None:
    """Ask for another look before a lease ends, and take off what nobody renewed."""
    with tenancy.acting(CLOCK):
        actions.ask_recheck(actor=CLOCK, before=timedelta(hours=settings.LIST_LEASE_HOURS / 4))
    with tenancy.acting(CLOCK):
        actions.end_leases(actor=CLOCK)


@every(20, "phishing:appeals")
def appeals() -> None:
    """Put what is due soon above everything on the queue."""
    with tenancy.acting(CLOCK):
        warning.escalate(actor=CLOCK)


@every(60, "phishing:canaries")
def turn_canaries() -> None:
    """Let the canary of today take the place of yesterday's."""
    with tenancy.acting(CLOCK):
        canaries.turn(actor=CLOCK)


@every(2, "phishing:push")
def push() -> None:
    """Ask for the pushes that are due; a consumer that does not answer is tried again with the next."""
    tasks.ask_pushes()


@every(1, "phishing:files")
def publish() -> None:
    """Ask for the files that the list has outgrown: also the first, after a start."""
    tasks.ask_publish()
