"""Every change of events: accept one, file it for every customer or for none, correct it, leave customers out."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, system
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import allows_for
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting import letters, rules, submitting
from dijkwacht.rooms.reporting.actions.filing import file_report
from dijkwacht.rooms.reporting.customers import acting, bundle, choosing, progress, reads
from dijkwacht.rooms.reporting.customers.errors import CustomersRefused, NothingChanged, StillFiling
from dijkwacht.rooms.reporting.customers.models import (
    ProviderCustomer,
    ProviderEvent,
    ProviderFiling,
    ProviderProgress,
)
from dijkwacht.rooms.reporting.delivering.telling import tell_receivers
from dijkwacht.rooms.reporting.delivering.watching import tell_watchers
from dijkwacht.rooms.reporting.enclosing import for_customers
from dijkwacht.rooms.reporting.enclosing.rules import Enclosed, Shared
from dijkwacht.rooms.reporting.errors import NotAllowed, StageNotOpen
from dijkwacht.rooms.reporting.models import Incident, Report
from dijkwacht.rooms.reporting.reads import WRITE
from dijkwacht.rooms.reporting.rules import Channel, Matter, Stage

CLERK: Final = system("reporting:customers")
AT_ONCE: Final = 20  # customers that are filed before the answer; more are filed by a job, with progress


@transaction.atomic
def tell_event(
    *,
    actor: Actor,
    stage: Stage,
    facts: Mapping[str, Any],
    customers: Sequence[UUID],
    provider: UUID | None = None,
    channel: Channel = Channel.PORTAL,
    language: str = "nl",
    files: Sequence[Enclosed] = (),
) -> ProviderFiling:
    """Accept a new event for customers, and file it: at once when they are few. What is accepted is on disk.

    `facts`: as `cleaning` made them. `files`: kept once, and given to each customer's report as its own. Raises
    NotAllowed, ChooseProvider, CustomersRefused, NoCustomers, StageNotOpen, AttachmentNotAllowed.
    """
    owner = choosing.provider_of(actor, provider)
    chosen = choosing.checked(actor, customers)
    voluntary = stage is Stage.VOLUNTARY or submitting.matter_of(facts, Matter.INCIDENT) != Matter.INCIDENT
    stage = Stage.VOLUNTARY if voluntary and stage is Stage.EARLY_WARNING else stage
    _require_open(stage, [])
    row = ProviderEvent(number=rules.new_number(), owner_id=owner, language=language, by=actor.id, at=timezone.now())
    row.facts = {}
    row.save(force_insert=True)
    ProviderCustomer.objects.bulk_create(
        ProviderCustomer(event=row, owner_id=owner, organisation_id=one.id, name=one.name[:200]) for one in chosen
    )
    return _accept(actor, row, stage, facts, chosen, channel, files)


@transaction.atomic
def tell_more(
    *,
    actor: Actor,
    event: UUID,
    stage: Stage,
    facts: Mapping[str, Any],
    channel: Channel = Channel.PORTAL,
    files: Sequence[Enclosed] = (),
) -> ProviderFiling:
    """Accept a correction or the next stage of an event, for every customer that is in it.

    Only facts that differ from what was told are laid over the incidents: what a customer wrote itself stays. Raises
    NotFound, StillFiling, CustomersRefused, NothingChanged, StageNotOpen, AttachmentNotAllowed.
    """
    row = ProviderEvent.objects.select_for_update().get(id=_own(actor, event).id)
    if ProviderFiling.objects.filter(event=row, filed_at=None, problem__isnull=True).exists():
        raise StillFiling
    told = reads.stages_filed(row)
    _require_open(stage, told)
    changed = _changed(row.facts or {}, facts, again=stage in told)
    if not changed and not files and stage in told:
        raise NothingChanged
    held = [one for one in reads.customers_of(row) if one.left_at is None]
    names = {one.organisation_id: one.name for one in held}
    refused = [names[one] for one in names if not allows_for(actor, WRITE, one)]
    if refused:
        raise CustomersRefused(names=", ".join(sorted(refused)[: choosing.TOLD]))
    return _accept(actor, row, stage, changed, choosing.checked(actor, names), channel, files)


def _own(actor: Actor, event: UUID) -> ProviderEvent:
    row = reads.access_event(actor, event)
    if not reads.events_of(actor).filter(id=row.id).exists():
        raise NotAllowed
    return row


def _changed(known: Mapping[str, Any], facts: Mapping[str, Any], *, again: bool) -> dict[str, Any]:
    """Return what differs from what was told. None, "not known yet", takes nothing back that was told.

    A new stage says anew what is not known yet; the same one (`again`) only what was not said before.
    """
    new = {name: value for name, value in facts.items() if value is not None and known.get(name) != _plain(value)}
    unknown = [name for name, value in facts.items() if value is None and known.get(name) in (None, "", [])]
    return {**dict.fromkeys(name for name in unknown if not again or name not in known), **new}


def _plain(value: Any) -> Any:
    """Return a value as JSON gives it back."""
    return list(value) if isinstance(value, tuple) else value


def _require_open(stage: Stage, told: Sequence[str]) -> None:
    opened = rules.open_stages([Stage(one) for one in told])
    if stage not in opened:
        raise StageNotOpen(open=", ".join(opened))


def _accept(
    actor: Actor,
    row: ProviderEvent,
    stage: Stage,
    facts: Mapping[str, Any],
    chosen: list[Organisation],
    channel: Channel,
    files: Sequence[Enclosed],
) -> ProviderFiling:
    filing = ProviderFiling(event=row, owner_id=row.owner_id, stage=stage, channel=channel, customers=len(chosen))
    filing.facts = {name: _plain(value) for name, value in facts.items()}
    filing.who = acting.kept(actor, chosen)
    filing.files = for_customers.kept(row.owner_id, row.id, files)
    filing.save(force_insert=True)
    ProviderProgress.objects.create(filing_id=filing.id, owner_id=row.owner_id)
    record(
        actor=actor,
        action="reporting:event:tell",
        target=("event", row.id),
        organisation=row.owner_id if row.owner_id not in actor.account else None,
        detail={"stage": stage, "customers": len(chosen), "filing": str(filing.id), "files": len(filing.files)},
    )
    if len(chosen) <= AT_ONCE:
        with tenancy.acting(CLERK) as clerk:
            file_event(actor=clerk, filing=filing.id)
        filing.refresh_from_db()
    else:
        from dijkwacht.rooms.reporting.customers.tasks import file_filing

        file_filing.defer(filing=str(filing.id))
    return filing


@transaction.atomic
def file_event(*, actor: Actor, filing: UUID) -> ProviderFiling:
    """File an accepted submission for all its customers, in one transaction, once. For our own jobs.

    Raises NotAllowed, and what `file_report` does: then nothing of it is filed.
    """
    if actor.kind != "system":
        raise NotAllowed
    row = ProviderFiling.objects.select_for_update().select_related("event").get(id=filing)
    if row.filed_at is not None:
        return row
    who = acting.again(row.who)
    held = ProviderCustomer.objects.filter(event_id=row.event_id, organisation_id__in=row.who["mandates"])
    siblings = ProviderCustomer.objects.filter(event_id=row.event_id, incident__isnull=False)
    outside = reads.outside_the_law(row.who["mandates"])
    files = for_customers.of_filing(row)
    filed: list[Incident] = []
    reports: list[Report] = []
    with progress.telling(row.id) as tell:
        for number, customer in enumerate(held.order_by("organisation_id"), start=1):
            alike = siblings.values_list("incident_id", flat=True)
            one = acting.for_one(who, customer.organisation_id)
            made = _file_one(one, row, customer, alike, files, outside=customer.organisation_id in outside)
            customer.incident = made.incident
            customer.receipts = [*customer.receipts, *(report.receipt for report in made.reports)]
            customer.save(update_fields=["incident", "receipts"])
            filed.append(made.incident)
            reports += made.reports
            tell(number)
    event = row.event
    event.facts = {**dict.fromkeys(row.facts), **(event.facts or {}), **_known(row.facts)}
    event.save(update_fields=["facts_sealed"])
    row.filed_at = timezone.now()
    row.save(update_fields=["filed_at"])
    record(
        actor=actor,
        action="reporting:event:file",
        target=("event", row.event_id),
        detail={"filing": str(row.id), "customers": row.customers},
    )
    if filed:
        letters.tell_duty(filed[0], "report")
        tell_watchers(filed, row.stage, event.id)
        tell_receivers(reports, event.id)
    letters.tell_provider(event, "message", f"filed:{row.id}")
    return row


def _known(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


def _file_one(
    who: Actor,
    row: ProviderFiling,
    customer: ProviderCustomer,
    siblings: Any,
    files: Sequence[Shared],
    *,
    outside: bool,
) -> submitting.Filed:
    """`outside`: the Cbw asks nothing of this customer; its report is a voluntary one, in versions, without terms."""
    with tenancy.acting(who):
        return file_report(
            actor=who,
            stage=Stage.VOLUNTARY if outside else Stage(row.stage),
            facts=row.facts,
            organisation=customer.organisation_id,
            incident=customer.incident_id,
            channel=Channel(row.channel),
            language=row.event.language,
            at=row.at,
            apart=siblings,
            files=files,
        )


@transaction.atomic
def give_up(*, actor: Actor, filing: UUID, problem: Problem) -> None:
    """Keep why a submission could not be filed; nothing of it was. For our own jobs."""
    if actor.kind != "system":
        raise NotAllowed
    row = ProviderFiling.objects.select_for_update().get(id=filing)
    row.problem = {"nl": problem.text("nl"), "en": problem.text("en")}
    row.save(update_fields=["problem"])
    record(
        actor=actor,
        action="reporting:event:give-up",
        target=("event", row.event_id),
        detail={"filing": str(row.id), "problem": problem.type},
        result="failed",
    )


@transaction.atomic
def leave_out(*, actor: Actor, event: UUID) -> list[str]:
    """Leave the customers out of what follows for whom the actor may not report any more; give their names.

    What was filed for them stays. Raises NotFound, NotAllowed.
    """
    row = _own(actor, event)
    held = [one for one in reads.customers_of(row) if one.left_at is None]
    gone = [one for one in held if not allows_for(actor, WRITE, one.organisation_id)]
    ProviderCustomer.objects.filter(id__in=[one.id for one in gone]).update(left_at=timezone.now())
    record(
        actor=actor,
        action="reporting:event:leave-out",
        target=("event", row.id),
        detail={"customers": [str(one.organisation_id) for one in gone]},
    )
    return [one.name for one in gone]


@transaction.atomic
def export_receipts(*, actor: Actor, event: UUID) -> bytes:
    """Return every receipt of an event as one ZIP file, with a list. Raises NotFound."""
    row = reads.access_event(actor, event)
    made = bundle.archive(row, reads.customers_of(row))
    record(actor=actor, action="reporting:event:export", target=("event", row.id))
    return made
