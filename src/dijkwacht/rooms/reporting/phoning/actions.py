"""An officer notes that somebody acknowledged by telephone."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import cleaners, fields
from dijkwacht.rooms.reporting.crossing.models import Disclosure
from dijkwacht.rooms.reporting.errors import AlreadyDone, InvalidValue, NotFound
from dijkwacht.rooms.reporting.judging.models import Handover
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.oncall.models import Alarm
from dijkwacht.rooms.reporting.oncall.rules import read_time
from dijkwacht.rooms.reporting.phoning import reads
from dijkwacht.rooms.reporting.phoning.models import PhoneNote, Subject

WHO: Final = {"name": cleaners.text(100, required=True), "phone": cleaners.phone}
ACKNOWLEDGED: Final[Mapping[Subject, Any]] = {
    Subject.HANDOVER: Handover,
    Subject.DISCLOSURE: Disclosure,
    Subject.ALARM: Alarm,
}
_EARLY: Final = timedelta(minutes=1)  # a form gives the minute


@transaction.atomic
def note_by_phone(*, actor: Actor, incident: UUID, subject: str, values: Mapping[str, str]) -> PhoneNote:
    """Note that a handover, a shared version, a message or an alarm was acknowledged by telephone.

    `subject`: a key of `reads.waiting`. `values`: `name` who said it, `phone` with its country code, `spoken_at` as a
    form has it (empty: now). Raises NotAllowed, NotFound, InvalidField, InvalidValue, AlreadyDone.
    """
    row = Incident.objects.select_for_update().get(id=reads.access_noted(actor, incident).id)
    known = next((one for one in reads.waiting(row) if one.key == subject), None)
    if known is None:
        raise AlreadyDone if _noted(row, subject) else NotFound
    who = fields.required(fields.clean(WHO, {name: values.get(name, "") for name in WHO}))
    if not who["phone"]:
        raise fields.invalid("phone", "", "geef het nummer", "give the number")
    made = PhoneNote(incident=row, subject=known.subject, subject_id=known.id, by=actor.id)
    made.spoken_at = _moment(values.get("spoken_at", ""), known.at)
    made.who = who
    _keep(made)
    _acknowledge(made, actor, who["name"])
    record(
        actor=actor,
        action="reporting:phone:acknowledge",
        target=(str(known.subject), known.id),
        organisation=row.organisation_id if known.subject is Subject.MESSAGE else None,
        detail={"incident": str(row.id), "spoken_at": made.spoken_at.isoformat()},
    )
    return made


def _noted(row: Incident, subject: str) -> bool:
    return any(f"{one.subject}:{one.subject_id}" == subject for one in PhoneNote.objects.filter(incident=row))


def _keep(made: PhoneNote) -> None:
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise AlreadyDone from None


def _moment(text: str, since: datetime) -> datetime:
    """Return when it was said: after what it acknowledges, and not in time to come. Raises InvalidValue."""
    now = timezone.now()
    try:
        found = read_time(text) if text.strip() else now
    except (ValueError, OverflowError):
        raise _refused("een tijdstip, zoals 2026-11-27T17:30", "a moment, such as 2026-11-27T17:30") from None
    if not since - _EARLY <= found <= now + _EARLY:
        raise _refused(
            "na wat het bevestigt, en niet in de toekomst", "after what it acknowledges, and not ahead of us"
        )
    return max(found, since)


def _refused(nl: str, en: str) -> InvalidValue:
    return InvalidValue(field="spoken_at", reason_nl=nl, reason_en=en)


def _acknowledge(made: PhoneNote, actor: Actor, name: str) -> None:
    """Let what was told count as acknowledged; a message of ours has no other sign of that than the note."""
    model = ACKNOWLEDGED.get(Subject(made.subject))
    if model is None:
        return
    taken = {"acknowledged_at": made.spoken_at, "acknowledged_by": actor.id}
    if made.subject == Subject.ALARM:
        taken |= {"acknowledged_by": name, "next_at": None}
    if not model.objects.filter(pk=made.subject_id, acknowledged_at=None).update(**taken):
        raise AlreadyDone
