"""What must happen all the time in this room."""

from django.utils import timezone

from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.ticks import every
from dijkwacht.rooms.reporting.actions import act_on_moments
from dijkwacht.rooms.reporting.delivering.actions import tell_designated
from dijkwacht.rooms.reporting.delivering.reached import DELIVERER
from dijkwacht.rooms.reporting.oncall.actions import act_on_alarms
from dijkwacht.rooms.reporting.scheduling import AT_ONCE, CLERK


@every(5, "reporting:moments")
def act() -> None:
    """Remind, raise the alarm and escalate, each once; what waited while nobody ticked goes now."""
    while True:
        with tenancy.acting(CLERK) as actor:
            done = act_on_moments(actor=actor, now=timezone.now())
        if done < AT_ONCE:
            return


@every(60, "reporting:receivers")
def tell_receivers() -> None:
    """Tell whoever receives under a law from today on which reports wait already."""
    with tenancy.acting(DELIVERER) as actor:
        tell_designated(actor=actor, now=timezone.now())


@every(5, "reporting:alarms")
def call_next() -> None:
    """Call the next in the schedule for an alarm that nobody took; one that was met calls nobody."""
    with tenancy.acting(CLERK) as actor:
        act_on_alarms(actor=actor, now=timezone.now())
