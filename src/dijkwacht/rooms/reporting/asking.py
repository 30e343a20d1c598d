"""What the page of a stage asks of one entity: its own confidential criteria too, and no law that cannot be its."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from dijkwacht.kernel.clock import legal_date
from dijkwacht.rooms.registry.extracts.sectors import whole
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting.confidential import asking
from dijkwacht.rooms.reporting.confidential import reads as confidential
from dijkwacht.rooms.reporting.models import Draft
from dijkwacht.rooms.reporting.netcode.models import ImpactEntity
from dijkwacht.rooms.reporting.questions import NETCODE, STAGES, Asked
from dijkwacht.rooms.reporting.rules import Stage

# Where it is judged whether an incident is significant.
JUDGED: Final = frozenset({Stage.EARLY_WARNING, Stage.NOTIFICATION, Stage.VOLUNTARY})
# The network code is for electricity, and for whoever provides its critical ICT (Regulation (EU) 2024/1366, article 2).
NETCODE_SECTORS: Final = frozenset({"1.1", "1.1a", "1.8", "1.9"})


def whose(draft: Draft) -> Organisation | None:
    """Return the entity of a draft, as far as the scope of its writer shows it; a draft for customers has none."""
    return Organisation.objects.filter(id=draft.organisation_id).first() if draft.organisation_id else None


def asked(stage: Stage, organisation: Organisation | None, now: datetime) -> Asked:
    """Return what a stage asks of an entity. The facts of its own criteria may be answered, and need not be."""
    known = STAGES[stage]
    if organisation is None or stage not in JUDGED:
        return known
    own = asking.questions(confidential.in_force(organisation.id, legal_date(now)))
    return Asked(known.required, (*own, *known.optional), own)


def cannot_apply(organisation: Organisation | None, answers: Mapping[str, str]) -> frozenset[str]:
    """Return the questions of laws that what the register says of an entity excludes, unless one was answered.

    An entity of which the register has no sector is excluded from nothing.
    """
    if organisation is None or not organisation.sectors or any(answers.get(name) for name in NETCODE):
        return frozenset()
    if _sectors(organisation.sectors) & NETCODE_SECTORS:
        return frozenset()
    if ImpactEntity.objects.filter(organisation=organisation, valid_to=None).exists():
        return frozenset()
    return frozenset(NETCODE)


def without(known: Asked, names: Collection[str]) -> Asked:
    """Return the same without some questions that need not be answered."""
    return Asked(known.required, tuple(name for name in known.optional if name not in names), known.own)


def _sectors(codes: Collection[str]) -> set[str]:
    return {*codes, *(whole(one) for one in codes)}
