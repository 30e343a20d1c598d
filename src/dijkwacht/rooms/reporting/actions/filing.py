"""Filing a stage of an incident: once, for every law that is complete, with a receipt for each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import allows_for
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting import answering, letters, noticing, reads, rules, scheduling, submitting, terms
from dijkwacht.rooms.reporting.confidential.actions import keep_facts
from dijkwacht.rooms.reporting.crossing import queueing
from dijkwacht.rooms.reporting.delivering.telling import tell_receivers
from dijkwacht.rooms.reporting.delivering.watching import tell_watchers
from dijkwacht.rooms.reporting.enclosing.rules import AnyFile
from dijkwacht.rooms.reporting.enclosing.with_reports import keep_files, told
from dijkwacht.rooms.reporting.errors import NotAllowed, StageNotOpen
from dijkwacht.rooms.reporting.leaving import reads as leaving
from dijkwacht.rooms.reporting.leaving.actions import tell_desk
from dijkwacht.rooms.reporting.leaving.rules import Side
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.rules import Channel, Stage
from dijkwacht.rooms.reporting.submitting import Filed


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody without account: from which network, and the identifier that the form gives the incident, if any."""

    network: str
    identifier: UUID | None = None


@transaction.atomic
def file_report(  # noqa: PLR0913 - each is a fact of the report
    *,
    actor: Actor,
    stage: Stage,
    facts: Mapping[str, Any],
    organisation: UUID | None,
    incident: UUID | None = None,
    channel: Channel = Channel.PORTAL,
    language: str = "nl",
    guest: Guest | None = None,
    at: datetime | None = None,
    apart: Collection[UUID] | None = None,
    files: Sequence[AnyFile] = (),
) -> Filed:
    """File one stage; the receipts are made in the same transaction, so what is acknowledged is kept.

    `facts`: as `cleaning` made them, keys of the record of `law.incidents`. `organisation`: who reports; an officer may
    leave it out, for somebody who is not registered. `guest`: somebody without account. `at`: when it was received,
    where that was before now. `apart`: the incidents of the same event of a provider, which are not proposed as alike;
    then the event tells duty and contact. `files`: go with it; the receipt of the stage stands for their hashes too.
    Raises NotAllowed, NotFound, StageNotOpen, AttachmentNotAllowed.
    """
    now = at or timezone.now()
    whose = _reporter(actor, organisation)
    left = leaving.held(whose.id) if whose else None
    new = incident is None
    row = (
        _locked(actor, incident, whose)
        if incident
        else submitting.begin(whose, language, now, guest.identifier if guest else None)
    )
    row.network = guest.network if guest else row.network
    row.left_at = row.left_at or left
    own = dict(facts.get("own") or {})  # for confidential criteria: it stands beside what others read
    facts = {name: value for name, value in facts.items() if name != "own"}
    unknown = submitting.not_known(facts)
    address = (row.facts or {}).get("contact_email")
    submitting.lay_over(row, facts, whose, voluntary=stage is Stage.VOLUNTARY)
    if whose is None and (row.facts or {}).get("contact_email") != address:
        row.verified_at = None  # another address: nobody showed yet that it is theirs
    stage = submitting.stage_for(row, stage) if new else stage
    filed = terms.filed_of(reads.reports_of(row)) if not new else {}
    opened = rules.open_stages(terms.stages_filed(filed))
    if stage not in opened:
        raise StageNotOpen(open=", ".join(opened))
    row.save(force_insert=new)
    if own:
        keep_facts(actor=actor, incident=row, facts=own)
    made = Filed(row, submitting.reports(actor, row, stage, channel, now, unknown, files))
    for report in made.reports:
        report.sectors = sorted(whose.sectors) if whose else []
        report.save(force_insert=True)
    row.regimes = sorted({*row.regimes, *(report.regime for report in made.reports)})
    row.save(update_fields=["regimes"])
    _record(actor, made)
    for added in keep_files(actor, row, files):
        record(actor=actor, **told(added))
    _follow(made, filed, new=new, apart=apart)
    if whose and left:
        with tenancy.acting(scheduling.CLERK):
            tell_desk(actor=scheduling.CLERK, incident=row, organisation=whose.id, side=Side.REPORTER, left=left)
    return made


def _reporter(actor: Actor, organisation: UUID | None) -> Organisation | None:
    """Return for whom the actor files. Raises NotAllowed."""
    if organisation is None:
        if not rules.may_handle(actor):
            raise NotAllowed
        return None
    if not allows_for(actor, reads.WRITE, organisation):
        raise NotAllowed
    return registry.access_organisation(actor, organisation)


def _locked(actor: Actor, incident: UUID, whose: Organisation | None) -> Incident:
    """Return the incident, held against a second submission. Raises NotFound."""
    found = reads.access_incident(actor, incident) if rules.may_handle(actor) else reads.access_own(actor, incident)
    if found.organisation_id != (whose.id if whose else None):
        raise NotAllowed
    return Incident.objects.select_for_update().get(id=found.id)


def _record(actor: Actor, made: Filed) -> None:
    for report in made.reports:
        record(
            actor=actor,
            action="reporting:report:file",
            target=("report", report.id),
            organisation=report.organisation_id,
            detail={
                "incident": str(report.incident_id),
                "regime": report.regime,
                "stage": report.stage,
                "version": report.version,
                "channel": report.channel,
                "sha256": report.sha256,
            },
        )


def _follow(made: Filed, before: terms.Filed, *, new: bool, apart: Collection[UUID] | None) -> None:
    """Do what follows by itself: clocks, indicators, likenesses, the first judgement, the first answer."""
    filed = {**terms.filed_of(made.reports), **before}
    with tenancy.acting(scheduling.CLERK):
        noticing.indicators(made.incident)
        noticing.likenesses(made.incident, apart or ())
        noticing.judgement(made.incident)
        queueing.note(made.incident, made.reports[0].submitted_at)
        if new:
            answering.first_answer(made.incident)
    scheduling.schedule(made.incident, filed, made.reports[0].submitted_at)
    letters.tell_reporter(made.incident, contact=apart is None)
    if apart is None:
        tell_watchers([made.incident], made.reports[0].stage)
        tell_receivers(made.reports)
        letters.tell_duty(made.incident, "report")
