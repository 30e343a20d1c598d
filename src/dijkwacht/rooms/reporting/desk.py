"""What the desk shows: the queue by urgency, the timeline of an incident, who could receive it, what else is known."""

from datetime import datetime
from typing import Final

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting import reads, showing
from dijkwacht.rooms.reporting.crossing import reads as crossing
from dijkwacht.rooms.reporting.leaving import reads as departures
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.netcode import reads as netcode
from dijkwacht.rooms.reporting.phoning import reads as phoning
from dijkwacht.rooms.reporting.rules import State

TESTS: Final = {
    "necessary": gettext_lazy("Why is it necessary?"),
    "proportionate": gettext_lazy("Why is it limited and proportionate?"),
    "confidentiality_guaranteed": gettext_lazy("How is confidentiality guaranteed there?"),
    "interests_protected": gettext_lazy("How are the interests of the entity protected?"),
}


def queue(actor: Actor, *, closed: bool) -> QuerySet[Incident]:
    """Return the desk: the term that ends first on top, then the oldest; or what is closed, newest first."""
    rows = reads.incidents_for(actor)
    if closed:
        return rows.filter(state=State.CLOSED).order_by("-closed_at", "id")
    return rows.exclude(state=State.CLOSED).order_by(F("next_due_at").asc(nulls_last=True), "received_at", "id")


def counted(actor: Actor) -> dict[str, int]:
    """Return how many wait, how many have a term that ended, and how many no person answered yet, who left."""
    late = Q(next_due_at__lt=timezone.now())
    rows = reads.incidents_for(actor).exclude(state=State.CLOSED)
    counts = rows.aggregate(
        waiting=Count("id"),
        late=Count("id", filter=late),
        unanswered=Count("id", filter=Q(first_answer_at=None, inbound=None)),
    )
    return {**counts, "left": departures.waiting(actor).count()}


def timeline(actor: Actor, incident: Incident) -> list[tuple[datetime, str]]:
    """Return what happened to an incident, in order: its own moments, and all that was filed, said and decided."""
    found: list[tuple[datetime | None, str]] = [
        (incident.occurrence_at, _("It began, as presumed")),
        (incident.detection_at, _("It was detected")),
        (incident.awareness_at, _("The entity became aware")),
        (incident.determination_at, _("It was classified")),
        (incident.received_at, _("We received the first report")),
        (incident.first_answer_at, _("A person of the centre answered")),
        (incident.handled_at, _("It was dealt with")),
        (incident.closed_at, _("The centre closed it")),
    ]
    for report in reads.reports_of(incident):
        law, stage = showing.law_title(report.regime), showing.stage_title(report.stage)
        told = {"stage": stage, "law": law, "version": report.version}
        found.append((report.submitted_at, _("%(stage)s (%(law)s), version %(version)s") % told))
    found += [
        (one.at, _("Message of the centre") if one.from_centre else _("Message of the reporter"))
        for one in reads.messages_of(actor, incident)
    ]
    found += [(one.at, _("File received")) for one in reads.attachments_of(incident)]
    for one in reads.handovers_of(actor, incident):
        found += [(one.at, _("Handed over")), (one.acknowledged_at, _("Handover acknowledged"))]
    for gone in departures.of_incident(actor, incident):
        found += [(gone.left_at, _("Left the register")), (gone.settled_at, _("Said how it goes on after that"))]
    for sent in crossing.disclosures_of(actor, incident):
        found += [(sent.at, _("Shared without names")), (sent.acknowledged_at, _("Acknowledged by who received it"))]
    found += [(one.spoken_at, _("Acknowledged by telephone")) for one in phoning.notes_of(actor, incident)]
    found += [(one.at, _("Verdict on confidentiality")) for one in netcode.verdicts_of(incident)]
    found += [(one.at, _("Judged whether it is significant")) for one in reads.judgements_of(incident)]
    return sorted((at, what) for at, what in found if at is not None)


def readers(actor: Actor, incident: Incident) -> list[Organisation]:
    """Return the authorities and CSIRTs that an officer can hand an incident to: designated ones that lack it yet."""
    if not actor.is_centre:
        return []
    known = reads.receivers(actor)
    return sorted((one for key, one in known.items() if key not in incident.readers), key=lambda one: one.name)


def findings(actor: Actor, whose: str) -> str:
    """Return the address of what we know of the reporter's systems; empty where nothing can be shown."""
    if not actor.is_centre or not whose:
        return ""
    return f"{reverse('notification:findings')}?{urlencode({'organisation': whose})}"
