"""The only way to rows of the network code."""

from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform.accounts.permissions import where
from dijkwacht.rooms.registry.models import Designation
from dijkwacht.rooms.registry.vocabulary import ReaderRole
from dijkwacht.rooms.reporting import reads, rules
from dijkwacht.rooms.reporting.errors import NotAllowed, NotFound
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.netcode.models import Confidentiality, ImpactEntity
from dijkwacht.rooms.reporting.netcode.rules import ELECTRICITY, REGIME


def may_judge(actor: Actor) -> bool:
    """An officer, or somebody of the organisation that the register has as competent authority for electricity."""
    return rules.may_handle(actor) or is_authority(actor)


def is_authority(actor: Actor) -> bool:
    """Tell whether a person acts for the competent authority of electricity, as the register has it today."""
    if actor.kind is not Kind.PERSON or not actor.sectors:
        return False
    today = timezone.localdate()
    running = Q(valid_to=None) | Q(valid_to__gte=today)
    rows = Designation.objects.filter(running, valid_from__lte=today, role=ReaderRole.AUTHORITY)
    return rows.filter(sector__in=ELECTRICITY, reader_id__in=where(actor, reads.READ)).exists()


def access_reported(actor: Actor, incident: UUID) -> Incident:
    """Return an incident that was reported under the network code, on the desk. Raises NotAllowed, NotFound."""
    if not may_judge(actor):
        raise NotAllowed
    row = reads.access_incident(actor, incident)
    if REGIME not in row.regimes:
        raise NotFound
    return row


def verdicts_of(incident: Incident) -> list[Confidentiality]:
    """Return the verdicts on an incident that was read, the latest first."""
    return list(Confidentiality.objects.filter(incident=incident))


def impact_entities(actor: Actor) -> list[ImpactEntity]:
    """Return every decision on a high-impact or critical-impact entity, by name, for an officer. Raises NotAllowed."""
    if not rules.may_handle(actor):
        raise NotAllowed
    return list(ImpactEntity.objects.select_related("organisation").order_by("organisation__name", "valid_from"))
