"""What the jobs of a merge do: link, which changes nothing in the registry, and apply."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from dijkwacht.kernel.actor import system
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.rooms.linkage import applying, known
from dijkwacht.rooms.linkage.actions.merges import store_applied
from dijkwacht.rooms.linkage.evidence_rows import pair_rows, samples
from dijkwacht.rooms.linkage.keeping import store
from dijkwacht.rooms.linkage.linking.link import Linked, link_frame
from dijkwacht.rooms.linkage.linking.mapping import read_mapping
from dijkwacht.rooms.linkage.linking.reading import Register, read_register
from dijkwacht.rooms.linkage.models import Merge, Pair, SourceRecord

WORKER = system("linkage")
AT_ONCE = 5_000  # rows stored by one statement


def link(merge: UUID) -> None:
    """Read and link the registers of a merge; keep their records, the pairs for review and the report."""
    with tenancy.acting(WORKER):
        row = Merge.objects.select_for_update().get(id=merge)
        if row.state != Merge.State.LINKING:
            return
        try:
            with transaction.atomic():
                _link(row, _registers(row))
        except Problem as problem:
            row.fault_nl, row.fault_en, row.state = problem.text("nl"), problem.text("en"), Merge.State.FAILED
        else:
            row.state = Merge.State.READY
        row.save()


def _registers(row: Merge) -> list[Register]:
    mapping = read_mapping(row.mapping.encode())
    return [
        read_register(store().path(file["sha256"]), mapping.layout(file["name"]), name=file["name"])
        for file in row.files
    ]


def _link(row: Merge, registers: Sequence[Register]) -> None:
    fresh = [record for register in registers for record in known.fresh_records(row, register)]
    old = known.old_records()
    whole = [*old, *fresh]
    linked = link_frame(registers, known.frame_of(whole), known.what_is_known(whole))
    _set_clusters(linked, old, fresh)
    SourceRecord.objects.bulk_create(fresh, batch_size=AT_ONCE)
    asked = linked.review.filter(
        (linked.review["unique_id_l"] >= len(old)) | (linked.review["unique_id_r"] >= len(old))
    )
    snapshots = [one for one in known.named(asked, whole) if one.pk is None]
    for one in snapshots:
        one.merge = row
    SourceRecord.objects.bulk_create(snapshots, batch_size=AT_ONCE)
    pairs = [pair for pair in pair_rows(row, asked, whole) if pair.first_id != pair.second_id]
    Pair.objects.bulk_create(pairs, batch_size=AT_ONCE)
    row.report = _report(registers, fresh, pairs)


def _set_clusters(linked: Linked, old: Sequence[SourceRecord], fresh: Sequence[SourceRecord]) -> None:
    """Write on each new record its cluster and, where that holds a known one, the organisation that it joins."""
    numbers = [(number, probability) for _, _, number, probability in linked.rows()]
    owners = {number: record.organisation_id for (number, _), record in zip(numbers, old, strict=False)}
    for (number, probability), record in zip(numbers[len(old) :], fresh, strict=True):
        record.cluster, record.probability, record.joins = number, probability, owners.get(number)


def _report(registers: Sequence[Register], fresh: Sequence[SourceRecord], pairs: Sequence[Pair]) -> dict[str, object]:
    clusters: dict[int, list[SourceRecord]] = {}
    for record in fresh:
        clusters.setdefault(record.cluster, []).append(record)
    joined = [group for group in clusters.values() if group[0].joins]
    several = [group for group in clusters.values() if len(group) > 1]
    return {
        "counts": {
            "records": len(fresh),
            "new": len(clusters) - len(joined),
            "joined": len(joined),
            "merged": sum(len(group) for group in several),
            "review": len(pairs),
        },
        "by_source": {register.layout.source: len(register.rows) for register in registers},
        "notes": [
            {"source": note.source, "row": note.row, "column": note.column, "nl": note.reason_nl, "en": note.reason_en}
            for register in registers
            for note in register.notes[:100]
        ],
        "samples": samples(several),
    }


def apply(merge: UUID) -> None:
    """Let the registry take over what a dry run says: all of it, or nothing."""
    with tenancy.acting(WORKER):
        row = Merge.objects.select_for_update().get(id=merge)
        if row.state != Merge.State.APPLYING:
            return
        try:
            with transaction.atomic():
                counts = applying.apply(row, actor=WORKER)
                store_applied(actor=WORKER, merge=row, counts=counts)
        except Problem as problem:
            row.fault_nl, row.fault_en, row.state = problem.text("nl"), problem.text("en"), Merge.State.FAILED
            row.save()
