"""What came in."""

import uuid
from typing import Any

import msgspec
from django.db import models
from django.utils import timezone

from dijkwacht.platform.crypto import fields as crypto
from dijkwacht.platform.crypto.house import house_keys


class Batch(models.Model):
    """One file that was handed in, or one run over what was known before (`channel` retro). Only the centre sees it."""

    class State(models.TextChoices):
        RECEIVED = "received"  # on disk and promised
        QUARANTINED = "quarantined"  # of a type we do not know; kept, alarm raised
        REFUSED = "refused"  # could not be read; `problem` says why
        FOLDED = "folded"  # findings are in the database
        DONE = "done"  # decided, and notices are in the outbox or held

    row_owner = ""
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, unique=True)
    filename = models.CharField(max_length=255)
    size = models.BigIntegerField()  # bytes, as received
    channel = models.CharField(max_length=10)  # cli, web, api, folder, campaign, replay, retro
    feed = models.CharField(max_length=60, blank=True)
    report = models.CharField(max_length=60, blank=True)  # the feed's own type, such as scan_http
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    problem = models.TextField(blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    received_by = models.CharField(max_length=100)
    seen_again = models.PositiveIntegerField(default=0)  # how often the same bytes were handed in later
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lines_done = models.BigIntegerField(default=0)  # progress while it runs
    read = models.BigIntegerField(default=0)
    set_aside = models.BigIntegerField(default=0)
    attributed = models.BigIntegerField(default=0)  # observations that belong to somebody
    findings_new = models.BigIntegerField(default=0)
    findings_changed = models.BigIntegerField(default=0)
    findings_repeated = models.BigIntegerField(default=0)
    notices = models.IntegerField(default=0)
    cpu_seconds = models.FloatField(default=0)
    oldest_observation = models.DateTimeField(null=True)
    announcements = models.JSONField(default=list)  # new or missing columns, in words
    raw_kept = models.BooleanField(default=True)  # until the feed's retention is over
    campaign = models.ForeignKey("notification.Campaign", null=True, on_delete=models.PROTECT, related_name="batches")

    class Meta:
        indexes = [models.Index(fields=["-received_at"], name="batch_latest")]


class SetAsideLine(models.Model):
    """A line that was not understood, kept as it came, to be corrected and replayed.

    It may hold anything, a password that leaked too: what it says stands encrypted, bound to its place in its file.
    """

    class State(models.TextChoices):
        OPEN = "open"
        REPLAYED = "replayed"
        DROPPED = "dropped"

    row_owner = ""
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="set_aside_lines")
    member = models.PositiveSmallIntegerField(default=0)  # which file of an archive, from 0
    line = models.BigIntegerField()  # data rows from 1
    column = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=60)
    sealed = models.BinaryField(default=b"", editable=False)  # what is wrong in it, and the line itself
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    replayed_in = models.ForeignKey(Batch, null=True, on_delete=models.SET_NULL, related_name="+")

    @property
    def raw(self) -> bytes:
        """The line as it came; empty once its feed's retention is over."""
        return self._opened[1]

    @property
    def detail(self) -> str:
        """What is wrong in the line, such as the value that is not understood."""
        return self._opened[0]

    def seal(self, detail: str, raw: bytes) -> None:
        content = msgspec.msgpack.encode((detail, raw))
        self.sealed = crypto.seal(house_keys(), content, **self._place)

    @property
    def _opened(self) -> tuple[str, bytes]:
        if not self.sealed:
            return "", b""
        content = crypto.unseal(house_keys(), bytes(self.sealed), **self._place)
        return msgspec.msgpack.decode(content, type=tuple[str, bytes])

    @property
    def _place(self) -> dict[str, Any]:
        row = f"{self.batch_id}:{self.member}:{self.line}"
        return {"table": "notification_setasideline", "row": row, "column": "sealed"}


class FeedSilence(models.Model):
    """A feed that is silent for longer than it may be: noticed once, ended when it speaks again."""

    row_owner = ""
    feed = models.CharField(max_length=60)
    since = models.DateTimeField()  # its newest batch
    noticed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed", "since"], name="a_silence_once")]
