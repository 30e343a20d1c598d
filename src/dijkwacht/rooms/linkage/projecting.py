"""An organisation as the projection of its source records: fields by survivorship, each with its origin.

What a person wrote by hand wins: a field is only set when it is empty, or still holds what a projection set before.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.rooms.linkage.models import Origin, SourceRecord
from dijkwacht.rooms.linkage.survivorship import SHIPPED, Candidate, Rules, Survivor, read_rules, survive
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.history import provenance
from dijkwacht.rooms.registry.models import Organisation

OF_ORGANISATION: Final = ("name", "kvk", "rsin")


def rules_here() -> Rules:
    """Return this installation's own rules, or those that are shipped. Raises UnusableMapping."""
    own: Path = settings.HOME / "overlay" / "survivorship.toml"
    return read_rules(own if own.exists() else SHIPPED)


def candidates(records: Iterable[SourceRecord]) -> list[Candidate]:
    """Give source records as survivorship sees them."""
    return [Candidate(record.id, record.source, record.fields) for record in records]


def project(actor: Actor, organisation: UUID) -> None:
    """Set the fields of an organisation from its source records, by the registry's own action; note their origins."""
    records = list(SourceRecord.objects.filter(organisation_id=organisation, row__gt=0))
    survivors = survive(candidates(records), rules_here())
    row = Organisation.objects.get(id=organisation)
    before = {origin.field: origin for origin in Origin.objects.filter(organisation_id=organisation)}
    changes: dict[str, Any] = {}
    for field in OF_ORGANISATION:
        now = getattr(row, field) or ""
        ours = field in before and before[field].value == now
        survivor = survivors.get(field)
        if survivor is not None and (not now or ours) and survivor.value != now:
            changes[field] = survivor.value
        elif survivor is None and ours and now and field != "name":
            changes[field] = None
    with provenance(f"merge:{_sources(records)}"[:100]):
        _set(actor, organisation, changes)
    row.refresh_from_db()
    kept = {field: getattr(row, field) or "" for field in OF_ORGANISATION}
    origins = [
        one for field, one in origins_of(organisation, survivors).items() if kept.get(field, one.value) == one.value
    ]
    Origin.objects.filter(organisation_id=organisation).delete()
    Origin.objects.bulk_create(origins)


def _sources(records: Sequence[SourceRecord]) -> str:
    return ",".join(sorted({record.source for record in records}))


def _set(actor: Actor, organisation: UUID, changes: dict[str, Any]) -> None:
    """Change what the registry accepts; a value that it refuses stays in the source record."""
    for field, value in changes.items():
        try:
            registry.update_organisation(actor=actor, organisation=organisation, **{field: value})
        except Problem:
            continue


def origins_of(organisation: UUID, survivors: dict[str, Survivor]) -> dict[str, Origin]:
    """Give the origin of each surviving value, not yet stored."""
    return {
        field: Origin(organisation_id=organisation, field=field, value=one.value, record_id=one.record, rule=one.rule)
        for field, one in survivors.items()
    }
