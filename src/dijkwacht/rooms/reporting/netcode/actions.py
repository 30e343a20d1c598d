"""The verdict on confidentiality, told to the entity; and which entities of the register have such an impact."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from dijkwacht.kernel.actor import Actor
from dijkwacht.law.incidents import netcode
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import cleaners, fields
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.reporting import letters, rules, scheduling, terms
from dijkwacht.rooms.reporting import reads as reporting
from dijkwacht.rooms.reporting.crossing.versions import names_of
from dijkwacht.rooms.reporting.errors import AlreadyDone, InvalidValue, NotAllowed, NotFound
from dijkwacht.rooms.reporting.models import Incident, Message
from dijkwacht.rooms.reporting.netcode import reads
from dijkwacht.rooms.reporting.netcode.models import Confidentiality, ImpactEntity
from dijkwacht.rooms.reporting.netcode.rules import IMPACTS


@transaction.atomic
def judge_confidentiality(
    *, actor: Actor, incident: UUID, shareable: bool, withheld: Collection[str], reason: str
) -> Confidentiality:
    """Give the verdict and tell it to the entity (NCCS 37(1)). `withheld`: facts that stay though the table lets go.

    A later verdict takes the place of an earlier one for what is shared from then on. Raises NotAllowed, NotFound,
    InvalidField, InvalidValue.
    """
    found = reads.access_reported(actor, incident)
    as_authority = not rules.may_handle(actor)
    why = fields.reason(reason)
    with tenancy.acting(scheduling.CLERK):
        row = Incident.objects.select_for_update().get(id=found.id)
        made = Confidentiality(incident=row, shareable=shareable, as_authority=as_authority, by=actor.id)
        made.withheld = _known(row, withheld) if shareable else []
        made.reason = why
        made.save(force_insert=True)
        _tell(made, actor)
        scheduling.schedule(row, terms.filed_of(reporting.reports_of(row)), timezone.now())
        detail = {"shareable": shareable, "withheld": made.withheld, "as_authority": as_authority}
        _record(actor, "incident", row.id, "judge", row.organisation_id, **detail)
    return made


def _known(row: Incident, withheld: Collection[str]) -> list[str]:
    could = netcode.confidentiality(terms.record_of(row), names_of(row)).shareable
    if strange := sorted(set(withheld) - set(could)):
        shown = ", ".join(strange)[:100]
        raise InvalidValue(field="withheld", reason_nl=f"gaat niet weg: {shown}", reason_en=f"does not go: {shown}")
    return sorted(set(withheld))


def _tell(made: Confidentiality, actor: Actor) -> None:
    """Write the verdict to the entity as a message; the mail says only that there is one."""
    row = made.incident
    with translation.override(row.language):
        text = render_to_string("reporting/netcode/verdict.txt", {"verdict": made}).strip()
    message = Message(incident=row, organisation_id=row.organisation_id, from_centre=True, by=actor.id)
    message.text = text
    message.save(force_insert=True)
    letters.tell_reporter(row)


IMPACT: Final = {
    "decision": cleaners.text(200, required=True),
    "valid_from": cleaners.day,
}


@transaction.atomic
def add_impact_entity(*, actor: Actor, organisation: UUID, impact: str, decision: str, valid_from: str) -> ImpactEntity:
    """Keep that an organisation of the register is a high-impact or critical-impact entity, by a decision (NCCS 24).

    Raises NotAllowed, NotFound, InvalidField, InvalidValue, AlreadyDone.
    """
    if not rules.may_handle(actor):
        raise NotAllowed
    if impact not in IMPACTS:
        raise InvalidValue(field="impact", reason_nl="kies uit high, critical", reason_en="choose high or critical")
    whose = registry.access_organisation(actor, organisation)
    given = fields.required(fields.clean(IMPACT, {"decision": decision, "valid_from": valid_from}))
    row = ImpactEntity(organisation=whose, impact=impact, decision=given["decision"])
    row.valid_from = given["valid_from"] or timezone.localdate()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise AlreadyDone from None
    _record(actor, "impact-entity", row.id, "add", whose.id, impact=impact, decision=row.decision)
    return row


@transaction.atomic
def end_impact_entity(*, actor: Actor, entity: UUID) -> ImpactEntity:
    """Keep that it is not one any more from today. Raises NotAllowed, NotFound, AlreadyDone."""
    if not rules.may_handle(actor):
        raise NotAllowed
    row = ImpactEntity.objects.select_for_update().filter(id=entity).first()
    if row is None:
        raise NotFound
    if row.valid_to is not None:
        raise AlreadyDone
    row.valid_to = timezone.localdate() - timedelta(days=1)
    row.save(update_fields=["valid_to"])
    _record(actor, "impact-entity", row.id, "end", row.organisation_id)
    return row


def _record(actor: Actor, what: str, which: UUID, verb: str, whose: UUID | None, **detail: Any) -> None:
    record(actor=actor, action=f"reporting:netcode:{verb}", target=(what, which), organisation=whose, detail=detail)
