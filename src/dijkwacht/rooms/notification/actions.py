"""Every change made in this room, besides handing in (intake), answering (feedback) and releasing (releasing)."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows, where
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.notification import intake, minimising, reads
from dijkwacht.rooms.notification.errors import NotAllowed, NotFound
from dijkwacht.rooms.notification.models import Batch, Notice, SetAsideLine


@transaction.atomic
def read_notice(*, actor: Actor, notice: UUID) -> Notice:
    """Open a notice: each reading is recorded, and the first by somebody who may answer it is kept.

    Who only reads along does not make a notice read for those who must act. Raises NotAllowed, NotFound.
    """
    found = reads.access_notice(actor, notice)
    if found.read_at is None and found.organisation_id in where(actor, "findings:write"):
        Notice.objects.filter(pk=found.pk).update(read_at=timezone.now())
    rows = reads.findings_of_notice(actor, notice)[:1000]
    found.items_shown = minimising.shown_to(actor, rows)  # type: ignore[attr-defined]
    record(
        actor=actor, action="notification:notice:read", target=("notice", notice), organisation=found.organisation_id
    )
    return found


@transaction.atomic
def replay(*, actor: Actor, batch: UUID, lines: Mapping[int, str]) -> list[intake.Receipt]:
    """Hand corrected lines in again, below the header of their file: one batch for each file of an archive.

    `lines`: the new text of each line by its id. Raises NotAllowed, NotFound.
    """
    if not allows(actor, "ingest:write"):
        raise NotAllowed
    origin = reads.access_batch(actor, batch)
    known = SetAsideLine.objects.filter(batch=origin, pk__in=list(lines), state=SetAsideLine.State.OPEN)
    members = defaultdict(list)
    for row in known.order_by("member", "line"):
        members[row.member].append(row.pk)
    if not lines or sum(map(len, members.values())) != len(lines):
        raise NotFound
    return [_replay(actor, origin, member, {key: lines[key] for key in keys}) for member, keys in members.items()]


def _replay(actor: Actor, origin: Batch, number: int, lines: Mapping[int, str]) -> intake.Receipt:
    from dijkwacht.rooms.notification import reading

    member = reading.member_of(origin, number)
    receipt = intake.accept(
        actor=actor,
        chunks=reading.corrected(origin, member, list(lines.values())),
        filename=member.name,
        channel="replay",
        feed=origin.feed,
    )
    SetAsideLine.objects.filter(pk__in=lines).update(state=SetAsideLine.State.REPLAYED, replayed_in=receipt.batch)
    record(
        actor=actor,
        action="notification:batch:replay",
        target=("batch", origin.pk),
        detail={"lines": len(lines), "replayed_in": str(receipt.batch.id)},
    )
    return receipt


@transaction.atomic
def drop_line(*, actor: Actor, batch: UUID, line: int, reason: str) -> None:
    """Say that a set-aside line needs no replay, and why. Raises NotAllowed, NotFound."""
    if not allows(actor, "ingest:write"):
        raise NotAllowed
    changed: Any = SetAsideLine.objects.filter(batch=reads.access_batch(actor, batch), pk=line).update(
        state=SetAsideLine.State.DROPPED
    )
    if not changed:
        raise NotFound
    record(actor=actor, action="notification:line:drop", target=("line", line), detail={"reason": reason[:200]})
