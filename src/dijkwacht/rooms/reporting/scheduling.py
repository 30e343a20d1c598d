"""The moments at which something must happen, as rows. Each is claimed once, in the transaction of what it does."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import terms
from dijkwacht.rooms.reporting.delivering.reached import clocks
from dijkwacht.rooms.reporting.models import DueMoment, Incident
from dijkwacht.rooms.reporting.oncall import reads as oncall
from dijkwacht.rooms.reporting.oncall.rules import office
from dijkwacht.rooms.reporting.rules import Matter, State

CLERK: Final = system("reporting:clerk")
LONGEST_LEAD: Final = timedelta(days=3)
ESCALATE_AFTER: Final = timedelta(minutes=15)
AT_ONCE: Final = 100  # claimed in one transaction


class Purpose(StrEnum):
    """What a moment is for."""

    REMIND = "remind"  # the reporter, before a term ends
    OVERDUE = "overdue"  # the reporter and the duty officer: it ended
    ANSWER = "answer"  # the duty officer, before a term of the centre ends
    LATE = "late"  # the duty officer: a term of the centre ended
    ESCALATE = "escalate"  # whoever is on call: nobody of the centre looked at it
    ARRIVED = "arrived"  # whoever is on call: an early warning came in while nobody sits at the desk


def schedule(incident: Incident, filed: terms.Filed, now: datetime) -> None:
    """Add the moments that follow from what is known, and withdraw those whose work was done."""
    found = clocks(incident, filed, for_reporter=True)
    rows = [row for clock in found if not (clock.settled or clock.beside) for row in _rows(incident, clock, now)]
    if incident.matter == Matter.INCIDENT and incident.first_answer_at is None:
        rows.append(DueMoment(purpose=Purpose.ESCALATE, due_at=now, act_at=now + ESCALATE_AFTER))
        if now == incident.received_at and _is_away(now):
            rows.append(DueMoment(purpose=Purpose.ARRIVED, due_at=now, act_at=now))
    done = {(clock.regime, clock.stage) for clock in found if clock.settled}
    _show_next(incident, next((clock for clock in found if not (clock.settled or clock.beside)), None))
    with tenancy.acting(CLERK):
        for row in rows:
            row.incident = incident
        DueMoment.objects.bulk_create(rows, ignore_conflicts=True)
        for regime, stage in done:
            open_moments(incident).filter(regime=regime, stage=stage).update(withdrawn_at=now)
        if incident.left_at is not None:
            _withdraw_others(incident, {(clock.regime, clock.stage) for clock in found}, now)
        if incident.first_answer_at is not None:
            open_moments(incident).filter(purpose__in=[Purpose.ESCALATE, Purpose.ARRIVED]).update(withdrawn_at=now)
        if incident.state == State.CLOSED:
            open_moments(incident).update(withdrawn_at=now)


def _withdraw_others(incident: Incident, running: set[tuple[str, str]], now: datetime) -> None:
    """Withdraw what would remind of terms that no longer run, because the reporter left before they arose."""
    for row in open_moments(incident).filter(purpose__in=[Purpose.REMIND, Purpose.OVERDUE]):
        if (row.regime, row.stage) not in running:
            DueMoment.objects.filter(id=row.id).update(withdrawn_at=now)


def _is_away(now: datetime) -> bool:
    """Whether nobody sits at the desk, and a schedule says who is called then."""
    hours = office(settings.OFFICE_HOURS)
    if hours is None or hours.is_open(now):
        return False
    with tenancy.acting(CLERK):
        return oncall.is_kept(now)


def _show_next(incident: Incident, clock: terms.Clock | None) -> None:
    """Keep the next term where the queue sorts by it."""
    closed = clock is None or incident.state == State.CLOSED
    incident.next_due_at = None if closed or clock is None else clock.due
    incident.next_stage = "" if closed or clock is None else clock.stage
    incident.save(update_fields=["next_due_at", "next_stage"])


def open_moments(incident: Incident) -> QuerySet[DueMoment]:
    """Return the moments of an incident that nobody acted on yet. Needs the scope of the centre."""
    return DueMoment.objects.filter(incident=incident, claimed_at=None, withdrawn_at=None)


def _rows(incident: Incident, clock: terms.Clock, now: datetime) -> list[DueMoment]:
    """Return the reminder before a term ends and the alarm at its end; a reminder that is past is not made."""
    before, at = (Purpose.ANSWER, Purpose.LATE) if clock.ours else (Purpose.REMIND, Purpose.OVERDUE)
    due = clock.due.astimezone(UTC)  # elapsed time: in Amsterdam an hour may be missing, or be there twice
    lead = min((due - incident.received_at) / 4, LONGEST_LEAD)
    moments = [(before, due - lead), (at, due)]
    return [
        DueMoment(
            purpose=purpose,
            regime=clock.regime,
            stage=clock.stage,
            due_at=due,
            act_at=act_at,
            article=clock.article[:60],
        )
        for purpose, act_at in moments
        if act_at > now or purpose in {Purpose.OVERDUE, Purpose.LATE}
    ]


def claim(now: datetime) -> list[DueMoment]:
    """Take the moments that are due, each for whoever asks first: they are ours when this transaction ends well.

    Needs a transaction in the scope of the centre.
    """
    rows = list(
        DueMoment.objects.select_for_update(skip_locked=True)
        .filter(act_at__lte=now, claimed_at=None, withdrawn_at=None)
        .order_by("act_at", "id")[:AT_ONCE]
    )
    DueMoment.objects.filter(id__in=[row.id for row in rows]).update(claimed_at=timezone.now())
    return rows
