"""What happens when a moment has come: mails that say so, once, whenever the scheduler comes to it."""

from datetime import datetime
from typing import Final

from django.db import transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.reporting import letters, scheduling
from dijkwacht.rooms.reporting.errors import NotAllowed
from dijkwacht.rooms.reporting.models import DueMoment
from dijkwacht.rooms.reporting.oncall.actions import raise_alarm
from dijkwacht.rooms.reporting.scheduling import Purpose

TO_REPORTER: Final = {Purpose.REMIND, Purpose.OVERDUE}
TO_DUTY: Final = {Purpose.OVERDUE, Purpose.ANSWER, Purpose.LATE, Purpose.ESCALATE}
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


def _act(actor: Actor, row: DueMoment) -> None:
    reached = row.purpose not in TO_REPORTER or letters.tell_reporter(row.incident, row.purpose)
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
