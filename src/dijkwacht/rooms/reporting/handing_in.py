"""A report from a program: held to the same questions as a page, then filed, or only looked at."""

from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.law.incidents import Answer
from dijkwacht.rooms.reporting import actions, cleaning, reads, terms
from dijkwacht.rooms.reporting.enclosing.rules import Enclosed
from dijkwacht.rooms.reporting.errors import NotComplete
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.rules import Channel
from dijkwacht.rooms.reporting.schemas import EventIn, ReportIn
from dijkwacht.rooms.reporting.submitting import Filed


def check(body: ReportIn | EventIn) -> dict[str, Any]:
    """Return the facts of a body; None is what it says is not known yet. Raises NotComplete, naming what is wrong."""
    whole = body.facts.model_dump(mode="json", by_alias=True)
    given = {name: whole[name] for name in body.facts.model_fields_set}
    cleaned = cleaning.from_record(body.stage, given, timezone.now())
    if cleaned.refused:
        told = "; ".join(f"{name}: {en}" for name, (_nl, en) in sorted(cleaned.refused.items()))
        raise NotComplete(fields=told, errors={name: en for name, (_nl, en) in cleaned.refused.items()})
    return cleaned.facts


def file(actor: Actor, body: ReportIn, channel: Channel = Channel.API) -> Filed:
    """File a body. Raises NotComplete and what `file_report` does."""
    return actions.file_report(
        actor=actor,
        stage=body.stage,
        facts=check(body),
        organisation=body.organisation,
        incident=body.incident,
        channel=channel,
        language=body.language,
        files=enclosed(body),
    )


def enclosed(body: ReportIn | EventIn) -> list[Enclosed]:
    """Return the files of a body."""
    return [Enclosed(one.name, b64decode(one.content)) for one in body.attachments]


def try_only(actor: Actor, body: ReportIn) -> tuple[Filed, list["Asks"]]:
    """Return what filing would make, and undo it: nothing is stored, told or logged. Raises as `file`."""
    with transaction.atomic():
        made = file(actor, body)
        asked = asks(made.incident)
        transaction.set_rollback(True)
    return made, asked


@dataclass(frozen=True, slots=True)
class Asks:
    """What a law still asks for its next report: keys of the record."""

    regime: str
    applies: str
    stage: str
    missing: list[str]
    undecided: list[str]


def asks(incident: Incident) -> list[Asks]:
    """Return what each law that applies, or may apply, still asks."""
    filed = terms.filed_of(reads.reports_of(incident))
    found = []
    for one in terms.projections(incident, filed):
        if one.applies is Answer.NO:
            continue
        view = one.stage(one.next_stage) if one.next_stage else None
        missing = [field.fact for field in view.missing] if view else []
        found.append(Asks(one.regime, str(one.applies), one.next_stage, missing, list(one.undecided)))
    return found
