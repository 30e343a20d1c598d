"""The only way to rows of confidential criteria."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.law.incidents import Criterion
from dijkwacht.platform.accounts.permissions import where
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.extracts.sectors import whole
from dijkwacht.rooms.registry.models import Designation, Organisation
from dijkwacht.rooms.registry.vocabulary import ReaderRole
from dijkwacht.rooms.reporting import rules
from dijkwacht.rooms.reporting.confidential.models import OwnCriterion, OwnFacts, OwnFired
from dijkwacht.rooms.reporting.errors import NotFound
from dijkwacht.rooms.reporting.judging.models import Judgement

READ = "reports:read"


def in_force(organisation: UUID, on: date) -> list[OwnCriterion]:
    """Return the criteria of an entity on a day, as far as the scope of this transaction shows them."""
    rows = OwnCriterion.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)
    return list(rows.filter(organisation_id=organisation))


def overlay(organisation: UUID | None, on: date) -> tuple[Criterion, ...]:
    """Return the same as the law reads them: codes name the rows."""
    rows = in_force(organisation, on) if organisation else ()
    return tuple(Criterion.model_validate(row.content["criterion"]) for row in rows if row.content)


def code(row: OwnCriterion) -> str:
    """Return the code of a criterion in a verdict."""
    return f"own.{row.id.hex}"


def own_facts(incident: UUID) -> dict[str, Any]:
    """Return what was told of an incident for its entity's criteria alone, as far as the scope shows it."""
    row = OwnFacts.objects.filter(incident_id=incident).first()
    return dict(row.facts) if row else {}


def authorities_of(organisation: Organisation, on: date) -> list[Organisation]:
    """Return the competent authorities of an entity's sectors on a day; a CSIRT is none (Cbb 23(4)).

    Needs the scope of the centre, or of the authority, which sees its own designation.
    """
    sectors = {*organisation.sectors, *(whole(one) for one in organisation.sectors)}
    rows = Designation.objects.select_related("reader").filter(
        Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on, role=ReaderRole.AUTHORITY, sector__in=sectors
    )
    return sorted({row.reader for row in rows}, key=lambda one: (one.name, one.id))


def enterable(actor: Actor, organisation: UUID, on: date) -> tuple[Organisation, list[Organisation]]:
    """Return an entity and the authorities in whose name the actor enters its criteria. Raises NotFound.

    An officer enters for any of them, also for none; an authority for itself.
    """
    found = registry.organisations_for(actor).filter(id=organisation).first()
    if found is None:
        raise NotFound
    known = authorities_of(found, on)
    if rules.may_handle(actor) and actor.kind is not Kind.TOKEN:
        return found, known
    own = [one for one in known if one.id in where(actor, READ)]
    if not own:
        raise NotFound
    return found, own


def criteria_of(actor: Actor, organisation: UUID) -> QuerySet[OwnCriterion]:
    """Return all criteria of an entity, past ones too: for the entity, its authority, and officers. Others get none."""
    rows = OwnCriterion.objects.filter(organisation_id=organisation)
    if rules.may_handle(actor):
        return rows
    own = where(actor, READ)
    return rows if organisation in own else rows.filter(authority_id__in=own)


def access_criterion(actor: Actor, identifier: UUID) -> OwnCriterion:
    """Return a criterion that the actor may end: an officer, or its authority. Raises NotFound."""
    rows = OwnCriterion.objects.filter(id=identifier)
    found = (rows if rules.may_handle(actor) else rows.filter(authority_id__in=where(actor, READ))).first()
    if found is None:
        raise NotFound
    return found


def fired(actor: Actor, judgements: Iterable[Judgement]) -> dict[Any, list[dict[str, Any]]]:
    """Return the confidential criteria that judgements met, by judgement: for entity, authority and officers alone."""
    rows = OwnFired.objects.select_related("criterion").filter(judgement__in=list(judgements))
    if not rules.may_handle(actor):
        own = where(actor, READ)
        rows = rows.filter(Q(organisation_id__in=own) | Q(authority_id__in=own))
    found: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        if not row.criterion.content:  # its term is over: what it said is gone
            continue
        found.setdefault(row.judgement_id, []).append(row.criterion.content["criterion"])
    return found
