"""The only way to what was, and what can be, acknowledged by telephone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.reporting import reads, rules
from dijkwacht.rooms.reporting.crossing.models import Disclosure
from dijkwacht.rooms.reporting.errors import NotAllowed
from dijkwacht.rooms.reporting.judging.models import Handover
from dijkwacht.rooms.reporting.models import Incident, Message
from dijkwacht.rooms.reporting.oncall.models import Alarm
from dijkwacht.rooms.reporting.phoning.models import PhoneNote, Subject


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something of an incident that nobody acknowledged yet. `whose`: who was told, as far as that has a name."""

    subject: Subject
    id: UUID
    at: datetime
    whose: str = ""

    @property
    def key(self) -> str:
        """What a form calls it by."""
        return f"{self.subject}:{self.id}"


def access_noted(actor: Actor, incident: UUID) -> Incident:
    """Return an incident of which an officer notes what was said. Raises NotAllowed, NotFound."""
    if not rules.may_handle(actor):
        raise NotAllowed
    return reads.access_incident(actor, incident)


def waiting(incident: Incident) -> list[Waiting]:
    """Return what of an incident that was read nobody acknowledged, the latest first. Needs the scope of the centre."""
    open_ = {"incident": incident, "acknowledged_at": None}
    handovers = list(Handover.objects.filter(**open_))
    names = reads.names_of(one.reader_id for one in handovers)
    found = [Waiting(Subject.HANDOVER, one.id, one.at, names.get(one.reader_id, "")) for one in handovers]
    found += [
        Waiting(Subject.DISCLOSURE, one.id, one.at, one.receiver_name) for one in Disclosure.objects.filter(**open_)
    ]
    said = PhoneNote.objects.filter(subject=Subject.MESSAGE).values("subject_id")
    messages = Message.objects.filter(incident=incident, from_centre=True, automatic=False).exclude(id__in=said)
    found += [Waiting(Subject.MESSAGE, one.id, one.at) for one in messages]
    alarms = Alarm.objects.filter(Q(causes__incident=incident), acknowledged_at=None, met_at=None).distinct()
    found += [Waiting(Subject.ALARM, one.id, one.raised_at) for one in alarms]
    return sorted(found, key=lambda one: (one.at, one.key), reverse=True)


def notes_of(actor: Actor, incident: Incident) -> list[PhoneNote]:
    """Return what was noted of an incident, oldest first; the centre's alone."""
    return list(PhoneNote.objects.filter(incident=incident)) if actor.is_centre else []
