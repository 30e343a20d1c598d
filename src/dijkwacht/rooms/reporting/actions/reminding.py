"""What happens when a moment has come: mails that say so, once, whenever the scheduler comes to it."""

from datetime import datetime
from typing import Final

from django.db import transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.reporting import letters, reads, scheduling, terms
from dijkwacht.rooms.reporting.delivering.reached import clocks
from dijkwacht.rooms.reporting.errors import NotAllowed
from dijkwacht.rooms.reporting.models import DueMoment
from dijkwacht.rooms.reporting.oncall.actions import raise_alarm
from dijkwacht.rooms.reporting.scheduling import Purpose
from dijkwacht.rooms.reporting.terms import Clock

TO_REPORTER: Final = {Purpose.REMIND, Purpose.OVERDUE}
TO_DUTY: Final = {Purpose.OVERDUE, Purpose.ANSWER, Purpose.LATE, Purpose.ESCALATE}
UNDELIVERED: Final = "undelivered"  # it was filed here, and must still be reported to the authority itself
CALLS: Final = {Purpose.ANSWER, Purpose.LATE, Purpose.ESCALATE, Purpose.ARRIVED}  # whoever the schedule says


@transaction.atomic
def act_on_moments(*, actor: Actor, now: datetime) -> int:
    """Act on the moments that are due, some at a time; give how many. Each is claimed in this transaction.

    A scheduler that was away does the same work later, once. Raises NotAllowed for whoever is not a job of ours.
    """
    if actor.kind != "system":
        raise NotAllowed
    rows = scheduling.claim(now)
    for row in rows:
        _act(actor, row)
    return len(rows)


def _raised(actor: Actor, row: DueMoment) -> bool:
    """Whether somebody keeps a schedule: then an alarm calls them, and DIJKWACHT_DUTY_MAIL is the last resort."""
    what = {"purpose": row.purpose, "regime": row.regime, "stage": row.stage}
    return raise_alarm(actor=actor, incident=row.incident, **what) is not None


def _of_reporter(row: DueMoment) -> Clock | None:
    """Return the term of the reporter that a moment is of, as it stands now."""
    if row.purpose not in TO_REPORTER:
        return None
    found = clocks(row.incident, terms.filed_of(reads.reports_of(row.incident)))
    return next((one for one in found if (one.regime, one.stage, one.ours) == (row.regime, row.stage, False)), None)


def _act(actor: Actor, row: DueMoment) -> None:
    clock = _of_reporter(row)
    if clock is not None and clock.settled:  # who must have it became able to read it meanwhile
        return
    what = UNDELIVERED if clock is not None and clock.done else row.purpose
    reached = row.purpose not in TO_REPORTER or letters.tell_reporter(row.incident, what)
    called = row.purpose in CALLS and _raised(actor, row)
    # Where nobody of the organisation can be told, the centre must see to it.
    if (row.purpose in TO_DUTY and not called) or not reached:
        letters.tell_duty(row.incident, row.purpose, row)
    record(
        actor=actor,
        action=f"reporting:moment:{row.purpose}",
        target=("incident", row.incident_id),
        organisation=row.incident.organisation_id,
        detail={"regime": row.regime, "stage": row.stage, "due": row.due_at.isoformat(), "act": row.act_at.isoformat()}
        | ({} if reached else {"reached": False}),
    )
