"""The demo's schedule: invented people on duty this week and the next, with a gap to see; and one alarm."""

from datetime import datetime, time, timedelta
from typing import Final

from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.oncall import actions
from dijkwacht.rooms.reporting.oncall.models import Shift
from dijkwacht.rooms.reporting.scheduling import Purpose

PEOPLE: Final = (("Dina Dienst", "dina@centre.example"), ("Omar Overdracht", "omar@centre.example"))
DAYS: Final = 14
GAP: Final = 5  # nights from now of which nobody thought


def load(actor: Actor) -> None:
    """Keep shifts from yesterday evening on, a night and a day long, by turns; once, after its incidents."""
    with tenancy.acting(actor):
        if Shift.objects.exists():
            return
        for number in range(-1, DAYS):
            if number == GAP:
                continue
            name, mail = PEOPLE[number % len(PEOPLE)]
            day = timezone.localdate() + timedelta(days=number)
            begins = datetime.combine(day, time(17, 30))
            ends = begins + timedelta(days=1)
            values = {"name": name, "from": begins.isoformat(), "to": ends.isoformat(), "mail": mail}
            actions.keep_shift(actor=actor, values=values)
        newest = Incident.objects.filter(first_answer_at=None).order_by("-received_at").first()
        if newest is not None:
            actions.raise_alarm(actor=actor, incident=newest, purpose=Purpose.ARRIVED)
