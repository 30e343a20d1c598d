"""Registers come in, are tried, and are applied or withdrawn."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.linkage import reads, rules, tasks
from dijkwacht.rooms.linkage.errors import UnusableMapping, WrongState
from dijkwacht.rooms.linkage.keeping import store
from dijkwacht.rooms.linkage.linking.mapping import read_mapping
from dijkwacht.rooms.linkage.linking.reading import MOST_BYTES
from dijkwacht.rooms.linkage.models import Merge

MOST_FILES = 20


@transaction.atomic
def hand_in(*, actor: Actor, title: str, mapping: bytes, files: Sequence[tuple[str, Iterable[bytes]]]) -> Merge:
    """Keep registers with their mapping file and ask for the dry run.

    `files`: name and content of each. Raises NotAllowed, UnusableMapping (also for a register without a column for the
    name, or two of one source), TooLarge.
    """
    rules.require(rules.may_merge(actor))
    known = read_mapping(mapping)
    layouts = [known.layout(name) for name, _ in files]
    sources = {layout.source for layout in layouts}
    if not files or len(files) > MOST_FILES or len(sources) != len(files) or "registry" in sources:
        raise UnusableMapping(
            reason_nl=f"lever 1 tot {MOST_FILES} bestanden aan, elk met een eigen source (en geen registry)",
            reason_en=f"hand in 1 to {MOST_FILES} files, each with a source of its own (and none called registry)",
        )
    kept = [(name, store().keep(content, limit=MOST_BYTES)) for name, content in files]
    row = Merge.objects.create(
        title=title.strip()[:200] or ", ".join(sorted(sources))[:200],
        mapping=mapping.decode("utf-8-sig"),
        files=[{"name": name[:200], "sha256": one.sha256, "bytes": one.size} for name, one in kept],
        created_by=actor.id[:100],
    )
    tasks.link.defer(merge=str(row.id))
    record(actor=actor, action="linkage:merge:hand-in", target=("merge", row.id), detail={"files": row.files})
    return row


@transaction.atomic
def apply_merge(*, actor: Actor, merge: UUID) -> Merge:
    """Ask for the registry to take over what the dry run says. Raises NotFound, NotAllowed, WrongState (also when
    another merge was applied since: this dry run does not know its organisations).
    """
    row = _locked(actor, merge, Merge.State.READY)
    since = Q(state=Merge.State.APPLYING) | Q(applied_at__gt=row.created_at)
    if Merge.objects.filter(since).exists():
        raise WrongState(
            reason_nl="sinds deze proef zijn andere registers toegepast; trek deze in en lever opnieuw aan",
            reason_en="other registers were applied since this dry run; withdraw it and hand them in again",
        )
    row.state, row.applied_by = Merge.State.APPLYING, actor.id[:100]
    row.save()
    tasks.apply.defer(merge=str(row.id))
    record(actor=actor, action="linkage:merge:apply", target=("merge", row.id), detail=row.report.get("counts"))
    return row


@transaction.atomic
def withdraw_merge(*, actor: Actor, merge: UUID) -> Merge:
    """Leave a dry run unapplied. Raises NotFound, NotAllowed, WrongState."""
    row = _locked(actor, merge, Merge.State.READY)
    row.state = Merge.State.WITHDRAWN
    row.save()
    record(actor=actor, action="linkage:merge:withdraw", target=("merge", row.id))
    return row


def _locked(actor: Actor, merge: UUID, state: str) -> Merge:
    reads.access_merge(actor, merge)
    rules.require(rules.may_merge(actor))
    row = Merge.objects.select_for_update().get(id=merge)
    if row.state != state:
        raise WrongState(reason_nl=f"de samenvoeging heeft stand {row.state}", reason_en=f"the merge is {row.state}")
    return row


@transaction.atomic
def store_applied(*, actor: Actor, merge: Merge, counts: dict[str, int]) -> None:
    """Say that the registry took over a merge: its job calls this in its transaction."""
    merge.state, merge.applied_at = Merge.State.APPLIED, timezone.now()
    merge.report = {**merge.report, "applied": counts}
    merge.save()
    record(actor=actor, action="linkage:merge:applied", target=("merge", merge.id), detail=counts)
