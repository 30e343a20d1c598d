"""Apply a dry run: new organisations by the registry's own import, the others by projection; all of it or nothing."""

import io
import json
from collections import defaultdict
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.linkage.models import Merge, Origin, SourceRecord
from dijkwacht.rooms.linkage.projecting import candidates, origins_of, project, rules_here
from dijkwacht.rooms.linkage.survivorship import Survivor, survive
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry import fields as registry_fields
from dijkwacht.rooms.registry.models import Organisation

AT_ONCE: Final = 5_000
Group = list[SourceRecord]


def apply(merge: Merge, *, actor: Actor) -> dict[str, int]:
    """Create or join the organisations of a merge, in the transaction of the caller; gives the counts."""
    groups: dict[int, Group] = defaultdict(list)
    for record in SourceRecord.objects.filter(merge=merge, row__gt=0).order_by("id"):
        groups[record.cluster].append(record)
    joins = {cluster: group[0].joins for cluster, group in groups.items() if group[0].joins}
    alive = _alive({one for one in joins.values() if one})
    fresh = {cluster: group for cluster, group in groups.items() if joins.get(cluster) not in alive}
    made = _create(fresh, actor, merge)
    changed = []
    for cluster, group in groups.items():
        organisation = made.get(cluster) if cluster in fresh else alive[joins[cluster]]
        for record in group if organisation else ():
            record.organisation_id = organisation
            changed.append(record)
    SourceRecord.objects.bulk_update(changed, ["organisation"], batch_size=AT_ONCE)
    for organisation in sorted({alive[joins[cluster]] for cluster in groups if cluster not in fresh}, key=str):
        project(actor, organisation)
    return {"created": len(made), "joined": len(groups) - len(fresh), "refused": len(fresh) - len(made)}


def _alive(organisations: set[UUID]) -> dict[UUID | None, UUID]:
    """Follow organisations that were joined into another since the dry run; one that is gone is not there."""
    from dijkwacht.rooms.linkage.models import Joining

    there = set(Organisation.objects.filter(id__in=organisations, active=True).values_list("id", flat=True))
    into = dict(Joining.objects.filter(undone_at=None).values_list("gone_id", "kept_id"))
    found: dict[UUID | None, UUID] = {}
    for one in organisations:
        last = one
        while last in into:
            last = into[last]
        if last in there or last != one:
            found[one] = last
    return found


def _create(fresh: dict[int, Group], actor: Actor, merge: Merge) -> dict[int, UUID]:
    """Create organisations in one import of the registry's; gives the identifier of each that it took."""
    rules = rules_here()
    chosen = {cluster: uuid4() for cluster in fresh}
    survivors = {cluster: survive(candidates(group), rules) for cluster, group in fresh.items()}
    rows = [_as_import(chosen[cluster], one) for cluster, one in survivors.items() if "name" in one]
    content = json.dumps({"organisations": rows}, ensure_ascii=False).encode()
    registry.import_file(actor=actor, file=io.BytesIO(content), name=f"merge-{merge.id}.json")
    there = set(Organisation.objects.filter(id__in=chosen.values()).values_list("id", flat=True))
    made = {cluster: identifier for cluster, identifier in chosen.items() if identifier in there}
    origins = [
        one for cluster, identifier in made.items() for one in origins_of(identifier, survivors[cluster]).values()
    ]
    Origin.objects.bulk_create(origins, batch_size=AT_ONCE)
    return made


def _as_import(identifier: UUID, survivors: dict[str, Survivor]) -> dict[str, Any]:
    """Give an organisation as the registry imports it; what the registry would refuse is left in the source record."""
    told: dict[str, Any] = {field: survivors[field].value for field in ("name", "kvk", "rsin") if field in survivors}
    accepted = registry_fields.clean(registry_fields.ORGANISATION, told).values
    contact: dict[str, Any] = {field: survivors[field].value for field in ("email", "phone") if field in survivors}
    reachable = registry_fields.clean(registry_fields.CONTACT, contact).values
    row: dict[str, Any] = {"organisation": str(identifier), **accepted}
    if reachable.get("email"):
        row["contacts"] = [{"id": str(uuid5(identifier, "contact")), "role": "security", **reachable}]
    return row
