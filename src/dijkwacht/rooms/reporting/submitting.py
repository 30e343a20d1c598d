"""From clean facts to rows: the incident, a report under each law that is complete, the receipt of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings

from dijkwacht.kernel.actor import Actor
from dijkwacht.law.incidents import Answer
from dijkwacht.platform.receipts import Signer, canonical
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting import rules, terms
from dijkwacht.rooms.reporting.enclosing.rules import AnyFile
from dijkwacht.rooms.reporting.models import Incident, Report
from dijkwacht.rooms.reporting.questions import QUESTIONS
from dijkwacht.rooms.reporting.rules import Matter, Stage

FORMAT: Final = "dijkwacht/incident-report/1"
ENTITIES: Final = {"essential", "important"}
MOMENTS: Final = ("occurrence", "detection", "awareness", "determination", "handled")


@dataclass
class Filed:
    """What one submission made."""

    incident: Incident
    reports: list[Report] = field(default_factory=list)
    no_room: bool = False  # files came with it and were not kept: of strangers enough is here


def matter_of(facts: Mapping[str, Any], before: Matter) -> Matter:
    """Return what is reported: what the facts say, else what it was."""
    kind, significant = facts.get("kind"), facts.get("significant")
    if kind in {"near-miss", "threat", "vulnerability"}:
        return Matter.NEAR_MISS if kind == "near-miss" else Matter.THREAT
    if significant is False:
        return Matter.VOLUNTARY
    return Matter.INCIDENT if significant or kind == "incident" else before


def facts_of(matter: str) -> dict[str, Any]:
    """Return the facts that the choice on the page stands for."""
    kind = matter if matter in {"near-miss", "threat"} else "incident"
    return {"kind": kind, "significant": matter == Matter.INCIDENT}


def entity(organisation: Organisation) -> dict[str, Any]:
    """Return what the register says of the reporter, as facts; it stands above what somebody writes."""
    known = organisation.classification
    found = {
        "entity_name": organisation.name,
        "entity_kvk": organisation.kvk,
        "entity_lei": organisation.lei,
        "entity_class": known if known in ENTITIES else "outside",
        "entity_types": list(organisation.entity_types) or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def begin(organisation: Organisation | None, language: str, at: datetime, identifier: UUID | None = None) -> Incident:
    """Return a new incident, not yet saved. Its sectors are those of the register on this day."""
    row = Incident(id=identifier or uuid4(), number=rules.new_number(), language=language, received_at=at)
    row.facts = {}
    if organisation is not None:
        row.organisation_id = organisation.id
        row.classification = organisation.classification
        row.entity_types = list(organisation.entity_types)
    return row


def lay_over(
    incident: Incident, facts: Mapping[str, Any], organisation: Organisation | None, *, voluntary: bool
) -> None:
    """Lay new facts over the record. The moments of the first report stand: later ones move no clock."""
    whole = {**incident.facts, **{name: value for name, value in facts.items() if value not in (None, "", [])}}
    whole |= entity(organisation) if organisation else {}
    incident.facts = whole
    incident.title = str(whole.get("title", ""))[:300]
    incident.matter = matter_of(whole, Matter(incident.matter))
    if voluntary and incident.matter == Matter.INCIDENT:  # it was filed as what need not be reported
        incident.matter = Matter.VOLUNTARY
    incident.cross_border = incident.cross_border or bool(whole.get("cross_border")) or bool(whole.get("member_states"))
    record = terms.record_of(incident)
    for name in MOMENTS:
        if getattr(incident, f"{name}_at") is None and (moment := getattr(record, name)) is not None:
            setattr(incident, f"{name}_at", moment)
    if incident.matter == Matter.INCIDENT and organisation is not None:
        incident.shared_sectors = sorted({*incident.shared_sectors, *organisation.sectors})


def stage_for(incident: Incident, stage: Stage) -> Stage:
    """Return the stage that the facts make of an early warning: what need not be reported is a voluntary report."""
    return Stage.VOLUNTARY if stage is Stage.EARLY_WARNING and incident.matter != Matter.INCIDENT else stage


def not_known(facts: Mapping[str, Any]) -> list[str]:
    """Return the questions that were answered with "not known yet": null in what a program gives."""
    return sorted(name for name, value in facts.items() if value is None and name in QUESTIONS)


def reports(
    actor: Actor,
    incident: Incident,
    stage: Stage,
    channel: str,
    at: datetime,
    unknown: Sequence[str] = (),
    files: Sequence[AnyFile] = (),
) -> list[Report]:
    """Return the reports of one submission, not yet saved: the stage itself, and each other law that is complete.

    `unknown`: what was said not to be known yet; it stands in the content of each law that asks it. `files`: what goes
    with the stage itself; they stand in its content by their hashes, so that the receipt stands for them.
    """
    before = list(Report.objects.filter(incident=incident))
    filed = terms.filed_of(before)
    wanted = [(terms.PRIMARY, str(stage), dict(incident.facts), list(unknown))]
    wanted += _others(incident, {**filed, (terms.PRIMARY, str(stage)): at}, unknown)
    made = []
    for regime, code, facts, left in wanted:
        version = 1 + sum(1 for one in before if (one.regime, one.stage) == (regime, code))
        held = {"facts": facts, **_beside(facts, left, files if regime == terms.PRIMARY else ())}
        made.append(_report(actor, incident, (regime, code, version), held, channel, at))
    return made


def _beside(facts: Mapping[str, Any], unknown: Sequence[str], files: Sequence[AnyFile]) -> dict[str, Any]:
    """Return what stands beside the facts of a stage, where there is any."""
    left = [name for name in unknown if facts.get(name) in (None, "", [])]
    sent = [{"sha256": one.sha256, "size": one.size} for one in files]
    return {**({"not_known_yet": left} if left else {}), **({"files": sent} if sent else {})}


def _others(
    incident: Incident, filed: terms.Filed, unknown: Sequence[str]
) -> list[tuple[str, str, dict[str, Any], list[str]]]:
    """Return the next stage of every other law that applies and asks nothing more; what it asks and is not known."""
    found = []
    for one in terms.projections(incident, filed):
        if one.applies is not Answer.YES or one.regime == terms.PRIMARY or not one.next_stage:
            continue
        text = terms.text_for(incident, one.regime)
        if text is None or incident.matter not in text.asks_of:
            continue
        view = one.stage(one.next_stage)
        if view.complete:
            facts = {filled.field.fact: filled.value for filled in view.filled}
            asked = {field.fact for field in view.optional}
            found.append((one.regime, view.code, facts, [name for name in unknown if name in asked]))
    return found


def _report(
    actor: Actor, incident: Incident, which: tuple[str, str, int], held: dict[str, Any], channel: str, at: datetime
) -> Report:
    regime, stage, version = which
    row = Report(
        incident=incident,
        organisation_id=incident.organisation_id,
        number=rules.new_number(),
        regime=regime,
        stage=stage,
        version=version,
        channel=channel,
        submitted_at=at,
        submitted_by=actor.id,
    )
    told = {"incident": incident.number, "regime": regime, "stage": stage, "version": version}
    content = {"format": FORMAT, **told, "number": row.number, "dpv": _dpv(regime, stage, incident), **held}
    row.content = content
    row.sha256 = sha256(canonical(content)).hexdigest()
    body = {
        "subject": "incident report",
        "number": row.number,
        "centre": settings.CENTRE_NAME,
        "language": incident.language,
        "organisation": {"name": incident.facts.get("entity_name", "")},
        "content_sha256": row.sha256,
        **told,
    }
    row.receipt = Signer.of(settings.HOME).sign(body, at)
    return row


def _dpv(regime: str, stage: str, incident: Incident) -> str:
    """Return the IRI of the W3C term for this kind of report, or nothing."""
    text = terms.text_for(incident, regime)
    found = text.stage_of(stage) if text else None
    return (found.dpv or "") if found else ""
