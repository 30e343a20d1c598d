"""Changes of delivering: who receives under a law, that it was received, that it was reported elsewhere."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import where
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import cleaners, fields
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.reporting import reads as reporting
from dijkwacht.rooms.reporting import rules, scheduling, terms
from dijkwacht.rooms.reporting.delivering import reached, reads
from dijkwacht.rooms.reporting.delivering.models import RegimeReceiver, ReportedElsewhere, ReportReceived
from dijkwacht.rooms.reporting.delivering.telling import tell_waiting
from dijkwacht.rooms.reporting.errors import AlreadyDone, InvalidValue, NotAllowed, NotFound

GIVEN: Final = {"ground": cleaners.text(200, required=True), "valid_from": cleaners.day}


@transaction.atomic
def designate_receiver(
    *, actor: Actor, reader: UUID, regime: str, sector: str, ground: str, valid_from: str, role: str = ""
) -> RegimeReceiver:
    """Let an organisation of the register receive the reports under a law: those and nothing else of an incident.

    `sector`: empty for every sector. `valid_from`: a day, empty for today. `role`: as whom of those that the law names;
    empty for all of them. It is told of reports that wait for it already. Raises NotAllowed, NotFound, InvalidField,
    InvalidValue, AlreadyDone.
    """
    if not rules.may_handle(actor):
        raise NotAllowed
    if regime not in reached.laws():
        raise InvalidValue(field="regime", reason_nl="kies een wet", reason_en="choose a law")
    if role and role not in reached.roles_of(regime):
        raise InvalidValue(field="role", reason_nl="kies een ontvanger van de wet", reason_en="choose one of the law")
    if sector and sector not in cleaners.sector_codes():
        raise InvalidValue(field="sector", reason_nl="kies een sector", reason_en="choose a sector")
    whose = registry.access_organisation(actor, reader)
    given = fields.required(fields.clean(GIVEN, {"ground": ground, "valid_from": valid_from}))
    row = RegimeReceiver(reader=whose, regime=regime, role=role, sector=sector, ground=given["ground"])
    row.valid_from = given["valid_from"] or timezone.localdate()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise AlreadyDone from None
    told = {"regime": regime, "role": role, "sector": sector, "ground": row.ground}
    _record(actor, ("regime-receiver", row.id), "designate", whose.id, **told)
    with tenancy.acting(reached.DELIVERER) as deliverer:
        tell_designated(actor=deliverer, now=timezone.now())
    row.refresh_from_db()
    return row


@transaction.atomic
def tell_designated(*, actor: Actor, now: datetime) -> int:
    """Tell each receiver whose first day has come, once, that reports wait for it, if any do; give how many were told.

    For our own jobs. Raises NotAllowed.
    """
    if actor.kind != "system":
        raise NotAllowed
    rows = RegimeReceiver.objects.select_for_update(skip_locked=True, of=("self",)).select_related("reader")
    told = 0
    for row in rows.filter(reached.running(), told_at=None):
        row.told_at = now
        row.save(update_fields=["told_at"])
        waiting = reached.waiting_for(row).count()
        if waiting:
            tell_waiting(row)
            told += 1
            _record(actor, ("regime-receiver", row.id), "tell", row.reader_id, regime=row.regime, reports=waiting)
    return told


@transaction.atomic
def end_receiver(*, actor: Actor, receiver: UUID) -> RegimeReceiver:
    """Let it end: yesterday was its last day, and it reads nothing more. Raises NotAllowed, NotFound, AlreadyDone."""
    if not rules.may_handle(actor):
        raise NotAllowed
    row = RegimeReceiver.objects.select_for_update().filter(id=receiver).first()
    if row is None:
        raise NotFound
    if row.valid_to is not None:
        raise AlreadyDone
    row.valid_to = timezone.localdate() - timedelta(days=1)
    row.save(update_fields=["valid_to"])
    _record(actor, ("regime-receiver", row.id), "end", row.reader_id, regime=row.regime, sector=row.sector)
    return row


@transaction.atomic
def acknowledge_report(*, actor: Actor, report: UUID) -> list[ReportReceived]:
    """Say that a report was received, for whoever receives it by its law. Raises NotFound, AlreadyDone."""
    row = reads.access_for_us(actor, report)
    if not where(actor, "handovers:acknowledge"):
        raise NotFound
    readers = reads.readers_of(actor, row, "handovers:acknowledge")
    if not readers:
        raise AlreadyDone
    made = [
        ReportReceived(report=row, reader_id=one, organisation_id=row.organisation_id, by=actor.id) for one in readers
    ]
    try:
        with transaction.atomic():
            ReportReceived.objects.bulk_create(made)
    except IntegrityError:
        raise AlreadyDone from None
    for one in made:
        _record(actor, ("report", row.id), "acknowledge", one.reader_id, regime=row.regime, stage=row.stage)
    return made


@transaction.atomic
def note_elsewhere(*, actor: Actor, incident: UUID, regime: str, stage: str) -> ReportedElsewhere:
    """Keep that a stage was reported to the authority itself; by the reporter, or by an officer who saw to it.

    Raises NotAllowed, NotFound, InvalidValue (nothing of it must be reported elsewhere), AlreadyDone.
    """
    row = reporting.access_any(actor, incident)
    if row.organisation_id not in where(actor, reporting.WRITE) and not rules.may_handle(actor):
        raise NotAllowed
    filed = terms.filed_of(reporting.reports_of(row))
    if (regime, stage) not in filed or regime not in {one.regime for one in reached.unreached(row, filed)}:
        why_nl, why_en = "hiervan hoeft u niets elders te melden", "nothing of this has to be reported elsewhere"
        raise InvalidValue(field="stage", reason_nl=why_nl, reason_en=why_en)
    made = ReportedElsewhere(incident=row, organisation_id=row.organisation_id, regime=regime, stage=stage, by=actor.id)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise AlreadyDone from None
    _record(actor, ("incident", row.id), "elsewhere", row.organisation_id, regime=regime, stage=stage)
    scheduling.schedule(row, filed, timezone.now())
    return made


def _record(actor: Actor, target: tuple[str, UUID], verb: str, whose: UUID | None, **detail: Any) -> None:
    record(actor=actor, action=f"reporting:delivery:{verb}", target=target, organisation=whose, detail=detail)
