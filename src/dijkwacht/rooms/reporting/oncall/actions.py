"""Every change of on-call duty: keep the schedule, raise an alarm, call the next, take it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.reporting import reads as incidents
from dijkwacht.rooms.reporting import terms
from dijkwacht.rooms.reporting.errors import AlreadyDone, NotAllowed
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.oncall import calling, cleaning, reads
from dijkwacht.rooms.reporting.oncall.models import Alarm, Call, Cause, Shift
from dijkwacht.rooms.reporting.oncall.rules import AFTER, Step, called
from dijkwacht.rooms.reporting.rules import State
from dijkwacht.rooms.reporting.scheduling import CLERK, Purpose

LOCK: Final = 7304  # two schedulers that raise at the same moment raise one alarm
AT_ONCE: Final = 50  # alarms in one turn


@transaction.atomic
def keep_shift(*, actor: Actor, values: Mapping[str, str]) -> Shift:
    """Keep one shift; keys of `values` as the columns of the file. Raises NotAllowed, ShiftNotUsable, AlreadyDone."""
    _require(actor)
    row = _shift(actor, cleaning.given(values))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise AlreadyDone from None
    _record_shift(actor, row, "keep")
    return row


@transaction.atomic
def import_shifts(*, actor: Actor, content: bytes) -> tuple[int, int]:
    """Keep the shifts of a CSV file, all or none; give how many are new and how many were there, with other ways now.

    Raises NotAllowed, FileNotUsable.
    """
    _require(actor)
    new = 0
    rows = cleaning.rows(content)
    for one in rows:
        made = _shift(actor, one)
        there = Shift.objects.filter(name=made.name, starts_at=made.starts_at, ends_at=made.ends_at).first()
        if there is not None:
            there.ways = one.ways
            there.save(update_fields=["ways_sealed"])
            continue
        made.save(force_insert=True)
        new += 1
    record(
        actor=actor,
        action="reporting:shift:import",
        target=("file", ""),
        detail={"new": new, "known": len(rows) - new},
    )
    return new, len(rows) - new


@transaction.atomic
def remove_shift(*, actor: Actor, shift: UUID) -> None:
    """Take a shift out of the schedule. Raises NotAllowed, NotFound."""
    row = reads.access_shift(actor, shift)
    _record_shift(actor, row, "remove")
    row.delete()


@transaction.atomic
def raise_alarm(*, actor: Actor, incident: Incident, purpose: str, regime: str = "", stage: str = "") -> Alarm | None:
    """Call whoever is on duty for a moment of an incident; give the alarm, or None when nobody keeps a schedule.

    What is raised while an alarm still calls joins it: whoever is called is called once. Raises NotAllowed.
    """
    if actor.kind != "system":
        raise NotAllowed
    now = timezone.now()
    with tenancy.acting(CLERK), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        if not reads.is_kept(now):
            return None
        same = Cause.objects.select_related("alarm").filter(incident=incident)
        looked = Purpose.ARRIVED if purpose == Purpose.ESCALATE else purpose
        known = same.filter(purpose=looked, regime=regime, stage=stage).first()
        if known is not None:
            return known.alarm
        running = Alarm.objects.select_for_update().filter(acknowledged_at=None, met_at=None, next_at__isnull=False)
        alarm = running.first() or Alarm.objects.create(raised_at=now)
        new = not alarm.causes.exists()
        Cause.objects.create(alarm=alarm, incident=incident, purpose=purpose, regime=regime, stage=stage)
        record(
            actor=actor,
            action="reporting:alarm:raise" if new else "reporting:alarm:join",
            target=("alarm", alarm.id),
            detail={"incident": str(incident.id), "purpose": str(purpose), "regime": regime, "stage": stage},
        )
        if new:
            _take_step(actor, alarm, Step.ON_DUTY, now)
    return alarm


@transaction.atomic
def act_on_alarms(*, actor: Actor, now: datetime) -> int:
    """Take the next step of each alarm that nobody took in time; give how many. Claimed in this transaction.

    A scheduler that was away takes one step then, not all that it missed. Raises NotAllowed.
    """
    if actor.kind != "system":
        raise NotAllowed
    due = Alarm.objects.select_for_update(skip_locked=True).filter(acknowledged_at=None, met_at=None, next_at__lte=now)
    rows = list(due.order_by("next_at", "id")[:AT_ONCE])
    for alarm in rows:
        if all(_is_met(cause) for cause in alarm.causes.select_related("incident")):
            alarm.met_at, alarm.next_at = now, None
            alarm.save(update_fields=["met_at", "next_at"])
            record(actor=actor, action="reporting:alarm:meet", target=("alarm", alarm.id))
        else:
            _take_step(actor, alarm, AFTER[Step(alarm.step)], now)
    return len(rows)


def _take_step(actor: Actor, alarm: Alarm, step: Step, now: datetime) -> None:
    """Call whom a step calls; where that is nobody new, the step after it comes at once."""
    shifts = reads.shifts_from(CLERK, now)
    made = calling.call(alarm, step, called(step, shifts, now))
    if step is Step.EVERYBODY or (step is Step.ON_DUTY and not made):
        made += calling.call_last_resort(alarm, step)
    alarm.step = step
    alarm.next_at = now + timedelta(minutes=settings.DUTY_STEP_MINUTES) if step in AFTER else None
    alarm.save(update_fields=["step", "next_at"])
    record(
        actor=actor,
        action="reporting:alarm:call",
        target=("alarm", alarm.id),
        detail={"step": str(step), "calls": [str(one.id) for one in made]},
        result="ok" if made else "failed",
    )
    if step in AFTER and not any(one.name for one in made):
        _take_step(actor, alarm, AFTER[step], now)


def _is_met(cause: Cause) -> bool:
    """Whether what an alarm was raised for was done: answered, or the term of the centre was met."""
    row = cause.incident
    if row.state == State.CLOSED:
        return True
    if not cause.stage:
        return row.first_answer_at is not None
    clocks = terms.clocks(row, terms.filed_of(incidents.reports_of(row)))
    mine = [clock for clock in clocks if (clock.regime, clock.stage) == (cause.regime, cause.stage)]
    return bool(mine) and all(clock.done for clock in mine)


@transaction.atomic
def acknowledge(*, actor: Actor, alarm: UUID) -> Alarm:
    """Take an alarm at the desk: nobody more is called. Raises NotAllowed, NotFound, AlreadyDone."""
    row = reads.access_alarm(actor, alarm)
    return _taken(actor, row.id, actor.name or actor.id)


@transaction.atomic
def acknowledge_by_link(*, actor: Actor, link: str) -> Alarm:
    """Take an alarm by the link of a message, which is proof for whoever holds it. Raises NotFound, AlreadyDone."""
    with tenancy.acting(CLERK):
        call: Call = reads.called(link)
        return _taken(actor, call.alarm_id, call.name or "DIJKWACHT_DUTY_MAIL", call)


def _taken(actor: Actor, alarm: UUID, name: str, call: Call | None = None) -> Alarm:
    row = Alarm.objects.select_for_update().get(id=alarm)
    if row.acknowledged_at is not None or row.met_at is not None:
        raise AlreadyDone
    row.acknowledged_at, row.acknowledged_by, row.next_at = timezone.now(), name[:100], None
    row.save(update_fields=["acknowledged_at", "acknowledged_by", "next_at"])
    record(
        actor=actor,
        action="reporting:alarm:acknowledge",
        target=("alarm", row.id),
        detail={"call": str(call.id)} if call else {},
    )
    return row


def _require(actor: Actor) -> None:
    if not allows(actor, reads.KEEP):
        raise NotAllowed


def _shift(actor: Actor, one: cleaning.Given) -> Shift:
    row = Shift(name=one.name, starts_at=one.starts_at, ends_at=one.ends_at, by=actor.id)
    row.ways = one.ways
    return row


def _record_shift(actor: Actor, row: Shift, verb: str) -> None:
    record(
        actor=actor,
        action=f"reporting:shift:{verb}",
        target=("shift", row.id),
        detail={"from": row.starts_at.isoformat(), "to": row.ends_at.isoformat(), "ways": sorted(row.ways)},
        personal={"name": row.name},
    )
