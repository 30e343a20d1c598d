"""What somebody is filling in: a note of its writer. Nothing is reported until it is sent, nothing is logged."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows_for
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.vocabulary import ContactRole
from dijkwacht.rooms.reporting import reads
from dijkwacht.rooms.reporting.cleaning import HERE
from dijkwacht.rooms.reporting.enclosing.rules import Enclosed
from dijkwacht.rooms.reporting.enclosing.with_drafts import enclosed_in
from dijkwacht.rooms.reporting.errors import NotAllowed, NotFound, ReportTooLarge
from dijkwacht.rooms.reporting.models import Draft, Incident
from dijkwacht.rooms.reporting.questions import MATTER, QUESTIONS, STAGES
from dijkwacht.rooms.reporting.rules import Channel, Stage

NAME: Final = "entity_name"
TONGUE: Final = "language"  # of a caller: beside the answers, never a fact
LARGEST: Final = 128 * 1024  # bytes of JSON
MOST: Final = 50  # drafts of an account; the oldest go first. What nobody touches goes by keeping/retention.toml


def begin(
    actor: Actor,
    *,
    stage: Stage,
    organisation: UUID | None,
    incident: Incident | None = None,
    channel: Channel = Channel.PORTAL,
    answers: Mapping[str, str] | None = None,
    said: str = "",
    tongue: str = "",
) -> Draft:
    """Return a draft with what is known in it; for a stage of an incident the one there is. Raises NotAllowed.

    `said`: how an organisation that is not registered is called. `tongue`: the language of a caller, nl or en.
    """
    account = reads.account_of(actor)
    if organisation is not None and not allows_for(actor, reads.WRITE, organisation):
        raise NotAllowed
    there = reads.drafts_of(actor).filter(incident_id=incident.id, stage=stage) if incident else None
    if there is not None and (found := there.first()) is not None:
        return found
    if reads.drafts_of(actor).count() >= MOST:
        reads.drafts_of(actor)[MOST - 1].delete()
    row = Draft(account=account, organisation_id=organisation, stage=stage, channel=channel)
    row.incident_id = incident.id if incident else None
    known = from_facts(incident) if incident else _contact(actor, organisation) | _now()
    row.answers = {name: value for name, value in {**known, **(answers or {})}.items() if name in STAGES[stage].names}
    if said and organisation is None and incident is None:
        row.answers = {**row.answers, NAME: said}
    if tongue in {"nl", "en"}:
        row.answers = {**row.answers, TONGUE: tongue}
    row.save(force_insert=True)
    return row


def tongue_of(row: Draft) -> str:
    """Return the language of a caller as it was asked, or nothing."""
    return str((row.answers or {}).get(TONGUE, ""))


def said_name(row: Draft) -> str:
    """Return how an organisation that is not registered was said to be called, or nothing."""
    return "" if row.organisation_id else str((row.answers or {}).get(NAME, ""))


def _now() -> dict[str, str]:
    return {"awareness": as_typed(timezone.now()), MATTER: "incident"}


def _contact(actor: Actor, organisation: UUID | None) -> dict[str, str]:
    """Return whom to ask: the security contact of the register, with the name of whoever reports."""
    if organisation is None:
        return {}
    known = registry.contacts_for_role(actor, organisation, ContactRole.SECURITY)
    first = known[0] if known else None
    found = {
        "contact_name": actor.name if not actor.is_centre else (first.name if first else ""),
        "contact_email": first.email if first else "",
        "contact_phone": first.phone if first else "",
    }
    return {name: value for name, value in found.items() if value}


def from_facts(incident: Incident) -> dict[str, str]:
    """Return the facts of an incident as a form has them."""
    found = {name: as_typed(value, name) for name, value in (incident.facts or {}).items() if name in QUESTIONS}
    return {**found, MATTER: incident.matter}


def as_typed(value: Any, name: str = "") -> str:
    """Return a fact as it would be typed: a moment in local time without seconds, a yes-no as yes or no.

    `name`: of the fact; a list in a field of one line is typed on one line.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(HERE).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, list):
        return (" " if name in QUESTIONS and QUESTIONS[name].kind == "states" else "\n").join(map(str, value))
    text = str(value)
    try:
        moment = datetime.fromisoformat(text) if len(text) >= len("2026-11-27T03:15+00:00") else None
    except ValueError:
        return text
    return as_typed(moment) if moment and moment.tzinfo else text


def keep(actor: Actor, draft: UUID, answers: Mapping[str, str], own: Collection[str] = ()) -> Draft:
    """Lay answers over a draft, as they were typed. `own`: facts of criteria of its entity alone, which it is asked.

    Raises NotFound, ReportTooLarge.
    """
    row = reads.access_draft(actor, draft)
    names = {*STAGES[Stage(row.stage)].names, *own}
    row.answers = {**(row.answers or {}), **{name: value for name, value in answers.items() if name in names}}
    if len(json.dumps(row.answers).encode()) > LARGEST:
        raise ReportTooLarge
    row.updated_at = timezone.now()
    row.save(update_fields=["answers_sealed", "updated_at"])
    return row


def claim(actor: Actor, draft: UUID) -> tuple[Draft, list[Enclosed]]:
    """Return a draft that is about to be sent, and its files, held and taken away: sent twice, it is there once.

    Raises NotFound.
    """
    row = Draft.objects.select_for_update().filter(id=reads.access_draft(actor, draft).id).first()
    if row is None:  # sent by another request while this one waited
        raise NotFound
    answers, files = row.answers, enclosed_in(row)
    Draft.objects.filter(id=row.id).delete()
    row.answers = answers
    return row, files


def discard(actor: Actor, draft: UUID) -> None:
    """Throw a draft away. Raises NotFound."""
    reads.access_draft(actor, draft).delete()
