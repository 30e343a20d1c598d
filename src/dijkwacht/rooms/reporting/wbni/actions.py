"""Importing open reports of the Wbni: each once, with its own moments, as the early warning that it counts as."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.law.incidents import RecordNotUsable
from dijkwacht.law.incidents.wbni import Carried, carry_over
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting import noticing, rules, scheduling, submitting, terms
from dijkwacht.rooms.reporting.errors import NotAllowed
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.rules import Channel, Stage
from dijkwacht.rooms.reporting.wbni.models import WbniReport
from dijkwacht.rooms.reporting.wbni.shape import OldReport, Read

What = Literal["imported", "known", "history", "refused"]
KVK: Final = "kvk:"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row, and why."""

    place: int
    number: str  # the old one
    what: What
    because_nl: str = ""
    because_en: str = ""
    incident: str = ""  # the new number
    forward_to_authority: bool = False


@transaction.atomic
def import_reports(*, actor: Actor, rows: Iterable[Read]) -> list[Outcome]:
    """Import what counts as an early warning (Cbw 95(2)); say of every row what became of it. Raises NotAllowed.

    The same number again changes nothing. No mail is sent; the terms that run are those of the law.
    """
    if not rules.may_handle(actor):
        raise NotAllowed
    found = [_row(actor, row) for row in rows]
    counts = {what: sum(one.what == what for one in found) for what in ("imported", "known", "history", "refused")}
    record(actor=actor, action="reporting:wbni:import", target=("file", ""), detail=counts)
    return found


def _row(actor: Actor, row: Read) -> Outcome:
    if row.report is None:
        return Outcome(row.place, row.number, "refused", row.wrong, row.wrong)
    old = row.report
    known = WbniReport.objects.select_related("incident").filter(number=old.number).first()
    if known is not None:
        return Outcome(row.place, old.number, "known", incident=known.incident.number)
    whose = _reporter(actor, old.organisation)
    if whose is None:
        nl, en = (
            "deze organisatie staat niet, of meer dan eens, in het register",
            "no such one is registered",
        )
        return Outcome(row.place, old.number, "refused", nl, en)
    try:
        facts = old.facts.model_copy(update=_entity(whose))
        carried = carry_over(facts, old.reported, closed=old.closed, wbni_article=old.article)
        if carried.counts_as != "early-warning":
            what: What = "refused" if carried.counts_as == "unknown" else "history"
            return Outcome(row.place, old.number, what, carried.because_nl, carried.because_en)
        with transaction.atomic():
            made = _import(actor, old, whose, carried)
    except (RecordNotUsable, ValueError) as error:
        return Outcome(row.place, old.number, "refused", str(error), str(error))
    return Outcome(
        row.place, old.number, "imported", carried.because_nl, carried.because_en, made.number,
        carried.forward_to_authority,
    )  # fmt: skip


def _reporter(actor: Actor, text: str) -> Organisation | None:
    """Return the organisation that a row names; none when nobody can say which."""
    if text.lower().startswith(KVK):
        held = registry.organisations_for(actor).filter(kvk=text[len(KVK) :].strip(), active=True)[:2]
        return held[0] if len(held) == 1 else None
    try:
        return registry.organisations_for(actor).filter(id=UUID(text)).first()
    except ValueError:
        return registry.organisation_called(actor, text)


def _entity(whose: Organisation) -> dict[str, Any]:
    known = submitting.entity(whose)
    return {**known, "entity_types": tuple(known.get("entity_types") or ()) or None}


def _import(actor: Actor, old: OldReport, whose: Organisation, carried: Carried) -> Incident:
    row = submitting.begin(whose, whose.language, old.reported)
    given = json.loads(carried.record.model_dump_json(exclude_none=True, exclude_defaults=True))
    given |= {"kind": "incident", "significant": True}
    submitting.lay_over(row, given, whose, voluntary=False)
    row.first_answer_at = old.answered
    row.regimes = [terms.PRIMARY]
    row.save(force_insert=True)
    report = submitting.reports(actor, row, Stage.EARLY_WARNING, Channel.WBNI, old.reported)[0]
    report.sectors = sorted(whose.sectors)
    report.save(force_insert=True)
    WbniReport.objects.create(
        number=old.number, incident=row, organisation_id=whose.id, article=old.article, reported_at=old.reported
    )
    record(
        actor=actor,
        action="reporting:report:import",
        target=("report", report.id),
        organisation=whose.id,
        detail={"incident": str(row.id), "article": old.article, "counts_as": carried.article, "sha256": report.sha256},
    )
    with tenancy.acting(scheduling.CLERK):
        noticing.indicators(row)
        noticing.judgement(row)
    scheduling.schedule(row, {(terms.PRIMARY, Stage.EARLY_WARNING): old.reported}, timezone.now())
    return row
