"""Hand a file in: the bytes are on disk and the row and the job are in the database before anybody hears "received"."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import F

from dijkwacht import feeds
from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.storage import Store
from dijkwacht.rooms.notification.errors import EmptyFile, NotAllowed, UnknownFeed
from dijkwacht.rooms.notification.models import Batch, Campaign

SIZE_LIMIT: Final = 16 << 30  # bytes of one file as received
SCOPE: Final = "ingest:write"


@dataclass(frozen=True)
class Receipt:
    """What the sender hears: the batch, and whether these very bytes were known already."""

    batch: Batch
    known: bool


def raw_store() -> Store:
    return Store(settings.HOME / "raw")


def may_hand_in(actor: Actor) -> bool:
    return allows(actor, SCOPE)


def accept(
    *,
    actor: Actor,
    chunks: Iterable[bytes],
    filename: str,
    channel: str,
    feed: str = "",
    campaign: Campaign | None = None,
) -> Receipt:
    """Take a file in. Raises NotAllowed, UnknownFeed, EmptyFile, storage.TooLarge."""
    if not may_hand_in(actor):
        raise NotAllowed
    if feed and feed not in feeds.catalogue():
        raise UnknownFeed(slug=feed[:60], known=", ".join(sorted(feeds.catalogue())))
    kept = raw_store().keep(chunks, limit=SIZE_LIMIT)
    if not kept.size:
        kept.path.unlink(missing_ok=True)
        raise EmptyFile
    with transaction.atomic():
        batch, new = Batch.objects.get_or_create(
            sha256=kept.sha256,
            defaults={
                "filename": _shown(filename),
                "size": kept.size,
                "channel": channel,
                "feed": feed,
                "received_by": actor.id,
                "campaign": campaign,
            },
        )
        if new:
            _start(batch)
        else:
            Batch.objects.filter(pk=batch.pk).update(seen_again=F("seen_again") + 1)
            _read_again(batch, _shown(filename), feed)
        record(
            actor=actor,
            action="notification:batch:receive" if new else "notification:batch:receive-again",
            target=("batch", batch.id),
            detail={"sha256": kept.sha256, "size": kept.size, "filename": batch.filename, "channel": channel},
        )
    return Receipt(batch, known=not new)


def _shown(filename: str) -> str:
    """The last part of a path as the database and any page can hold it; its end says what the file is."""
    name = PurePath(filename).name
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)[-255:] or "file"


def _read_again(batch: Batch, filename: str, feed: str) -> None:
    """What was not used is tried again when it comes again: its type may be known by now, or its feed be named."""
    if batch.state in {Batch.State.QUARANTINED, Batch.State.REFUSED}:
        batch.state, batch.problem, batch.finished_at, batch.raw_kept = Batch.State.RECEIVED, "", None, True
        batch.filename, batch.feed = filename, feed
        batch.save(update_fields=["state", "problem", "finished_at", "raw_kept", "filename", "feed"])
        _start(batch)
    elif batch.problem and batch.state != Batch.State.DONE:  # reading it failed until we gave up
        _start(batch)


def _start(batch: Batch) -> None:
    from dijkwacht.rooms.notification.tasks import process_batch

    process_batch.defer(batch=str(batch.id))
