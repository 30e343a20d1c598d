"""What must happen to the list all the time: leases end, somebody is asked before they do."""

from datetime import timedelta

from django.conf import settings

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.ticks import every
from dijkwacht.rooms.phishing.listing import actions

CLOCK = system("phishing:list-clock")


@every(30, "phishing:leases")
def leases() -> None:
    """Ask for another look before a lease ends, and take off what nobody renewed."""
    with tenancy.acting(CLOCK):
        actions.ask_recheck(actor=CLOCK, before=timedelta(hours=settings.LIST_LEASE_HOURS / 4))
    with tenancy.acting(CLOCK):
        actions.end_leases(actor=CLOCK)
