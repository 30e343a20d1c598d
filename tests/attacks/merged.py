"""Makers of what joined registers leave: merges, source records, pairs, joinings; of A, and of B with its mark."""

from uuid import UUID

from tests.attacks.objects import makes
from tests.attacks.world import World

from dijkwacht.rooms.linkage.models import Joining, Merge, Pair, SourceRecord
from dijkwacht.rooms.registry.models import Organisation


@makes("merge")
def a_merge(world: World, owner: UUID, mark: str) -> UUID:
    return Merge.objects.create(title=mark, mapping="", state=Merge.State.READY, created_by="somebody").id


def source_record(owner: UUID, mark: str, row: int) -> SourceRecord:
    merge = Merge.objects.create(title=mark, mapping="", state=Merge.State.APPLIED, created_by="somebody")
    fields = {"name": f"{mark} {row}"}
    told = {"fields": fields, "raw": fields, "fingerprint": f"{mark}-{row}", "imported_by": "somebody"}
    return SourceRecord.objects.create(merge=merge, source=mark, row=row, organisation_id=owner, **told)


@makes("pair")
def a_pair(world: World, owner: UUID, mark: str) -> UUID:
    sides = [source_record(owner, mark, row) for row in (1, 2)]
    told = {"weight": 3.0, "probability": 0.9, "evidence": [["name", "same", 12.0]], "reason": mark}
    return Pair.objects.create(merge=sides[0].merge, first=sides[0], second=sides[1], **told).id


@makes("record")
def a_source_record(world: World, owner: UUID, mark: str) -> UUID:
    one, _other = (source_record(owner, mark, row) for row in (3, 4))
    return one.uid


@makes("joining")
def a_joining(world: World, owner: UUID, mark: str) -> UUID:
    gone = Organisation.objects.create(name=f"{mark} before", active=False)
    return Joining.objects.create(kept_id=owner, gone=gone, reason=mark, by="somebody").id
