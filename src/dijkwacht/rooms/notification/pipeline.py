"""One batch from bytes to notices. Each step is repeatable: it looks in the database whether it was done."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import polars as pl
import structlog
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.notification import composing, reading, rules
from dijkwacht.rooms.notification.fold import fold
from dijkwacht.rooms.notification.models import Batch, Event, Notice

log = structlog.get_logger()
PIPELINE: Final = system("notification:pipeline")
RECENT_BATCHES: Final = 14


def process(batch_id: UUID) -> None:
    """Bring a batch as far as it can go. Raises what the database or the disk raises: then the job is tried again."""
    with _failure_noted(batch_id):
        _process(batch_id)


def tell_part(batch_id: UUID, part: composing.Part) -> None:
    """Compose one part of a folded batch of which nothing is held; the part that ends last closes the batch.

    Raises as `process` does.
    """
    with _failure_noted(batch_id):
        composing.compose(batch_id, part=part)
        _close(batch_id, "")


@contextmanager
def _failure_noted(batch_id: UUID) -> Iterator[None]:
    """Until it succeeds the batch says that it failed: nobody should have to wonder why a file stays "received"."""
    try:
        yield
    except Exception as error:
        problem = f"Reading it failed ({type(error).__name__}). It is tried again; if this stays, ask the operator."
        with tenancy.acting(PIPELINE):
            Batch.objects.filter(pk=batch_id).update(problem=problem)
        raise


def _process(batch_id: UUID) -> None:
    with tenancy.acting(PIPELINE):
        batch = Batch.objects.get(pk=batch_id)
        batch.problem = ""
        if batch.state == Batch.State.RECEIVED:
            Batch.objects.filter(pk=batch_id).update(started_at=timezone.now())
    if batch.state == Batch.State.RECEIVED:
        _read_and_fold(batch)
    if batch.state == Batch.State.FOLDED:
        _tell(batch)


def _read_and_fold(batch: Batch) -> None:
    """Read the file and fold its findings. What cannot be read at all is refused or quarantined, with the reason."""
    started = time.process_time()
    try:
        result = reading.read(batch)
    except reading.Unreadable as problem:
        _end(batch, problem.state, str(problem))
        return
    with tenancy.acting(PIPELINE):
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != Batch.State.RECEIVED:  # another worker did this step
            batch.state = locked.state
            return
        counts = fold(result.findings, batch=batch.id, actor=PIPELINE.id)
        reading.keep_set_aside(batch, result)
        for name, value in result.counts.items():
            setattr(batch, name, value)
        batch.findings_new, batch.findings_changed, batch.findings_repeated = (
            counts.new,
            counts.changed,
            counts.repeated,
        )
        batch.state = Batch.State.FOLDED
        batch.cpu_seconds = time.process_time() - started
        batch.started_at = locked.started_at
        batch.seen_again = locked.seen_again
        batch.save()
        record(
            actor=PIPELINE, action="notification:batch:fold", target=("batch", batch.id), detail=result.counts_record()
        )


def fold_rows(batch: Batch, rows: pl.DataFrame) -> None:
    """Fold rows that came from no file, as a batch that has been read. Runs inside the caller's transaction."""
    counts = fold(rows, batch=batch.id, actor=PIPELINE.id)
    batch.attributed, batch.findings_new, batch.findings_changed = rows.height, counts.new, counts.changed
    batch.state = Batch.State.FOLDED
    batch.save()


def _end(batch: Batch, state: Batch.State, problem: str) -> None:
    with tenancy.acting(PIPELINE):
        batch.state, batch.problem, batch.finished_at = state, problem, timezone.now()
        batch.save(update_fields=["state", "problem", "finished_at", "feed", "report"])
        record(
            actor=PIPELINE,
            action=f"notification:batch:{'quarantine' if state == Batch.State.QUARANTINED else 'refuse'}",
            target=("batch", batch.id),
            result="refused",
            detail={"problem": problem},
        )
    log.error("batch not read", batch=str(batch.id), state=str(state), problem=problem)


def _tell(batch: Batch) -> None:
    """Decide and compose what is pending, a part of it here, and close the batch."""
    from dijkwacht.rooms.notification.tasks import compose_part

    hold = "" if batch.channel in {"campaign", "retro"} else unusual(batch)
    own, *others = composing.parts(batch.id, hold=hold)
    for other in others:
        compose_part.defer(batch=str(batch.id), number=other.number, of=other.of)
    composing.compose(batch.id, hold=hold, part=own)
    _close(batch.id, hold)


def _close(batch_id: UUID, hold: str) -> None:
    """Close the batch unless a part of it is still being told, or the other part has closed it."""
    with tenancy.acting(PIPELINE):
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        pending = Event.objects.filter(batch_id=batch_id, outcome=Event.Outcome.PENDING)
        if batch.state != Batch.State.FOLDED or pending.exists():
            return
        batch.problem = ""
        batch.notices = Notice.objects.filter(batch_id=batch.id).count()
        batch.state, batch.finished_at = Batch.State.DONE, timezone.now()
        batch.save(update_fields=["notices", "state", "finished_at", "problem"])
        record(
            actor=PIPELINE,
            action="notification:batch:done",
            target=("batch", batch.id),
            detail={"notices": batch.notices, "held": hold},
        )


def unusual(batch: Batch) -> str:
    """Why the notices of a batch must wait for an officer, or nothing."""
    ceilings = rules.Ceilings()
    with tenancy.acting(PIPELINE):
        recent = [
            sum(counts)
            for counts in Batch.objects.filter(feed=batch.feed, report=batch.report, state=Batch.State.DONE)
            .exclude(pk=batch.pk)
            .order_by("-received_at")
            .values_list("findings_new", "findings_changed", "findings_repeated")[:RECENT_BATCHES]
        ]
        organisations = (
            Event.objects.filter(batch_id=batch.id, outcome=Event.Outcome.PENDING)
            .values("organisation_id")
            .distinct()
            .count()
        )
    findings = batch.findings_new + batch.findings_changed + batch.findings_repeated
    if rules.unusual(ceilings, findings=findings, recent=recent):
        return f"{findings} findings, against {sorted(recent)[len(recent) // 2]} usually"
    if organisations > ceilings.notices_per_run:
        return f"{organisations} organisations to tell, more than {ceilings.notices_per_run} in one run"
    return ""
