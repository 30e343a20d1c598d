"""The only way to rows of events: the provider reads its own, the centre all; a customer or an authority none."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import where
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting import rules
from dijkwacht.rooms.reporting.customers.models import (
    DraftCustomers,
    ProviderCustomer,
    ProviderEvent,
    ProviderFiling,
    ProviderProgress,
)
from dijkwacht.rooms.reporting.errors import NotFound
from dijkwacht.rooms.reporting.models import Draft, Incident
from dijkwacht.rooms.reporting.reads import READ


def events_of(actor: Actor) -> QuerySet[ProviderEvent]:
    """Return the events that the actor's own organisation, or the actor, told; newest first."""
    own = {one for one in where(actor, READ) if one in actor.memberships} | actor.account
    return ProviderEvent.objects.filter(owner_id__in=own)


def access_event(actor: Actor, identifier: UUID) -> ProviderEvent:
    """Return an event of the actor's own, or any for the centre. Raises NotFound."""
    sees_all = actor.is_centre and rules.may_see_desk(actor)
    rows = ProviderEvent.objects.all() if sees_all else events_of(actor)
    found = rows.filter(id=identifier).first()
    if found is None:
        raise NotFound
    return found


def customers_of(event: ProviderEvent) -> list[ProviderCustomer]:
    """Return the customers of an event that was read, by name."""
    return list(ProviderCustomer.objects.filter(event=event))


def latest_filing(event: ProviderEvent) -> ProviderFiling | None:
    """Return the last submission of an event that was read."""
    return ProviderFiling.objects.filter(event=event).first()


def stages_filed(event: ProviderEvent) -> list[str]:
    """Return the stages that were told of an event that was read."""
    return list(ProviderFiling.objects.filter(event=event, filed_at__isnull=False).values_list("stage", flat=True))


def progress_of(filing: ProviderFiling) -> int:
    """Return for how many customers a submission was filed so far."""
    if filing.filed_at is not None:
        return filing.customers
    return ProviderProgress.objects.filter(filing_id=filing.id).values_list("done", flat=True).first() or 0


def event_of(actor: Actor, incident: Incident) -> ProviderEvent | None:
    """Return the event that an incident that was read is of, for those who may read it; nothing for anybody else."""
    row = ProviderCustomer.objects.filter(incident=incident).first()
    if row is None:
        return None
    try:
        return access_event(actor, row.event_id)
    except NotFound:
        return None


def picked_for(draft: Draft) -> DraftCustomers | None:
    """Return for which customers a draft of the actor's own is, when it is for many."""
    return DraftCustomers.objects.filter(draft=draft).first()


def outside_the_law(organisations: Iterable[UUID | str]) -> set[UUID]:
    """Return those of which the Cbw asks no report, by the register of today. For our own jobs."""
    held = Organisation.objects.filter(id__in=list(organisations)).values_list("id", "classification")
    return {one for one, known in held if rules.first_stage(known) is rules.Stage.VOLUNTARY}
