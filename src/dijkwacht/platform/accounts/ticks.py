"""What must happen all the time with accounts."""

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import dormant, mandates
from dijkwacht.platform.supervisor.ticks import every


@every(6 * 3600, "accounts:dormant")
def look_after_the_unused() -> None:
    """Ask about accounts that nobody uses, and close those that nobody answered for."""
    actor = system("accounts:dormant")
    dormant.close(actor)
    dormant.ask(actor)


@every(6 * 3600, "accounts:mandates")
def remind_of_mandates() -> None:
    """Tell both sides of a mandate that it ends soon."""
    with tenancy.acting(system("accounts:mandates")) as actor:
        mandates.remind(actor=actor)
