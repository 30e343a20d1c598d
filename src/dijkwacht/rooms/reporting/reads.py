"""The only way to rows of reporting. What an actor may not see is not there."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform.accounts.permissions import where
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.registry.reach import designations_for
from dijkwacht.rooms.reporting import rules, terms
from dijkwacht.rooms.reporting.customers.models import DraftCustomers
from dijkwacht.rooms.reporting.errors import NotAllowed, NotFound
from dijkwacht.rooms.reporting.judging.models import Handover, Judgement, Likeness, Unreported
from dijkwacht.rooms.reporting.models import Attachment, Draft, Incident, Indicator, Message, Report
from dijkwacht.rooms.reporting.rules import Channel

# Reported without account, or by telephone for somebody who is not registered; nobody else goes on by a link.
CALLED: Final = Report.objects.filter(incident=OuterRef("pk"), channel=Channel.PHONE)
OF_GUESTS: Final = ~Q(network="") | Exists(CALLED)
READ, WRITE = "reports:read", "reports:write"  # by a role for the very organisation that an incident is of


def account_of(actor: Actor) -> UUID:
    """Return the account of a person who may file. Raises NotAllowed."""
    if actor.kind is not Kind.PERSON or not rules.may_file(actor):
        raise NotAllowed
    return UUID(actor.id)


def filable(actor: Actor) -> list[Organisation]:
    """Return the organisations that the actor may file for, by name. An officer names one by its own means."""
    return list(registry.organisations_for(actor).filter(id__in=where(actor, WRITE), active=True).order_by("name"))


def drafts_of(actor: Actor) -> QuerySet[Draft]:
    """Return what the actor is filling in, the latest first, for organisations it may (still) file for.

    One for many customers is the provider's; for each of them it is judged when it is filed. Raises NotAllowed.
    """
    rows = Draft.objects.filter(account=account_of(actor)).order_by("-updated_at")
    if rules.may_handle(actor):
        return rows
    mine = where(actor, WRITE)
    for_many = DraftCustomers.objects.filter(provider__in={*mine, *actor.account}).values("draft_id")
    return rows.filter(Q(organisation_id__in=mine) | Q(organisation_id=None, id__in=for_many))


def access_draft(actor: Actor, identifier: UUID) -> Draft:
    """Return a draft of the actor's own account. Raises NotFound."""
    found = drafts_of(actor).filter(id=identifier).first()
    if found is None:
        raise NotFound
    return found


def incidents_of(actor: Actor) -> QuerySet[Incident]:
    """Return the incidents of the organisations that the actor acts for, newest first."""
    return Incident.objects.filter(organisation_id__in=where(actor, READ))


def incidents_for(actor: Actor) -> QuerySet[Incident]:
    """Return the incidents on the desk: for the centre all; for an authority those of its sectors, or handed to it."""
    if not rules.may_see_desk(actor):
        return Incident.objects.none()
    if actor.is_centre:
        return Incident.objects.all()
    shared = Q(shared_sectors__overlap=sorted(actor.sectors))
    return Incident.objects.filter(shared | Q(readers__overlap=sorted(where(actor, READ))))


def access_own(actor: Actor, identifier: UUID) -> Incident:
    """Return an incident of an organisation that the actor acts for. Raises NotFound."""
    return _one(incidents_of(actor), identifier)


def access_incident(actor: Actor, identifier: UUID) -> Incident:
    """Return an incident on the desk. Raises NotFound."""
    return _one(incidents_for(actor), identifier)


def access_any(actor: Actor, identifier: UUID) -> Incident:
    """Return an incident of the actor's own organisation, or on the actor's desk. Raises NotFound."""
    return _one(incidents_of(actor) | incidents_for(actor), identifier)


def access_guest(actor: Actor, identifier: UUID) -> Incident:
    """Return an incident of somebody without account, or of an unregistered caller, for a job of ours with its link.

    Raises NotFound.
    """
    return _one(incidents_for(actor).filter(OF_GUESTS, organisation_id=None), identifier)


def _one(rows: QuerySet[Incident], identifier: UUID) -> Incident:
    found = rows.filter(id=identifier).first()
    if found is None:
        raise NotFound
    return found


def reports_of(incident: Incident) -> list[Report]:
    """Return the reports of an incident that was read, oldest first."""
    return list(Report.objects.filter(incident=incident).order_by("submitted_at", "regime", "version"))


def reports_received(actor: Actor, since: datetime, until: datetime, moment: datetime) -> QuerySet[Report]:
    """Return the reports under the Cbw of incidents received in [since, until), as filed up to a moment, in order.

    Whoever reported without account counts from when the address was shown to be theirs. For the centre alone.
    """
    shown = Q(incident__network="") | Q(incident__verified_at__lte=moment)
    rows = Report.objects.filter(
        shown, incident__in=incidents_for(actor), regime=terms.PRIMARY, submitted_at__lte=moment
    )
    rows = rows.filter(incident__received_at__gte=since, incident__received_at__lt=until)
    return rows.select_related("incident").order_by("submitted_at", "version", "id")


def access_report(actor: Actor, identifier: UUID) -> Report:
    """Return a report of an incident that the actor may read. Raises NotFound."""
    found = Report.objects.select_related("incident").filter(id=identifier).first()
    if found is None:
        raise NotFound
    access_any(actor, found.incident_id)
    return found


def messages(actor: Actor, incident: Incident) -> QuerySet[Message]:
    """Return what reporter and centre wrote each other; for these two, not for an authority."""
    if not (actor.is_centre or incident.organisation_id in where(actor, READ)):
        return Message.objects.none()
    return Message.objects.filter(incident=incident)


def messages_of(actor: Actor, incident: Incident) -> list[Message]:
    """Return the same as a list, oldest first."""
    return list(messages(actor, incident).order_by("at", "id"))


def attachments_of(incident: Incident) -> list[Attachment]:
    """Return the files of an incident that was read, without their content."""
    return list(Attachment.objects.filter(incident=incident).defer("content_sealed"))


def access_attachment(actor: Actor, identifier: UUID) -> Attachment:
    """Return a file of an incident that the actor may read. Raises NotFound."""
    found = Attachment.objects.filter(id=identifier).first()
    if found is None:
        raise NotFound
    access_any(actor, found.incident_id)
    return found


def indicators_of(incident: Incident) -> list[Indicator]:
    """Return what was recognised in the facts of an incident that was read."""
    return list(Indicator.objects.filter(incident=incident))


def unreported_of(actor: Actor) -> QuerySet[Unreported]:
    """Return what the organisations that the actor acts for did not report, newest first."""
    return Unreported.objects.filter(organisation_id__in=where(actor, READ))


def all_unreported(actor: Actor) -> QuerySet[Unreported]:
    """Return what was not reported, newest first, for the centre: nobody else's business. Raises NotAllowed."""
    if not (actor.is_centre and rules.may_see_desk(actor)):
        raise NotAllowed
    return Unreported.objects.all()


def access_unreported(actor: Actor, identifier: UUID) -> Unreported:
    """Return one of the actor's own, or any for the centre. Raises NotFound."""
    own = unreported_of(actor)
    rows = all_unreported(actor) if actor.is_centre and rules.may_see_desk(actor) else own
    found = rows.filter(id=identifier).first()
    if found is None:
        raise NotFound
    return found


def judgements_of(incident: Incident) -> list[Judgement]:
    """Return the judgements on an incident that was read, the latest first."""
    return list(Judgement.objects.filter(incident=incident))


def receivers(actor: Actor) -> dict[UUID, Organisation]:
    """Return the authorities and CSIRTs of today, by their identifier: nobody else is handed an incident."""
    today = timezone.localdate()
    running = designations_for(actor).exclude(valid_to__lt=today).filter(valid_from__lte=today, reader__active=True)
    return {row.reader_id: row.reader for row in running}


def handovers_of(actor: Actor, incident: Incident) -> list[Handover]:
    """Return to whom an incident was handed over: the centre reads all, a receiver its own."""
    rows = Handover.objects.filter(incident=incident)
    return list(rows if actor.is_centre else rows.filter(reader_id__in=where(actor, READ)))


def access_handover(actor: Actor, identifier: UUID) -> Handover:
    """Return a handover to an organisation of the actor. Raises NotFound."""
    found = Handover.objects.filter(id=identifier, reader_id__in=where(actor, "handovers:acknowledge")).first()
    if found is None:
        raise NotFound
    return found


def likenesses_of(actor: Actor, incident: Incident) -> list[Likeness]:
    """Return the incidents that may be the same one; the centre's alone."""
    if not actor.is_centre:
        return []
    rows = Likeness.objects.select_related("first", "second").filter(Q(first=incident) | Q(second=incident))
    return list(rows.order_by("id"))


def access_likeness(actor: Actor, identifier: UUID) -> Likeness:
    """Return a likeness, for an officer. Raises NotFound."""
    found = Likeness.objects.filter(id=identifier).first() if rules.may_handle(actor) else None
    if found is None:
        raise NotFound
    return found


def names_of(identifiers: Iterable[UUID | None]) -> dict[UUID, str]:
    """Return the names of organisations that the actor's scope shows."""
    wanted = {identifier for identifier in identifiers if identifier}
    return dict(Organisation.objects.filter(id__in=wanted).values_list("id", "name"))
