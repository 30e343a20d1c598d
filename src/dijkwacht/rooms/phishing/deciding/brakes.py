"""What stops the machine: a budget each hour, and a breaker that opens when it is spent or too often wrong."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.phishing.deciding.models import Decision, Halt, Removal
from dijkwacht.rooms.phishing.errors import NotAllowed, NotHalted, ReasonMissing
from dijkwacht.rooms.phishing.judging.intervals import wilson

LOCK: Final = 7_302_041  # PostgreSQL advisory lock: who spends the budget does so alone
HOUR: Final = timedelta(hours=1)
WINDOW: Final = timedelta(days=7)  # over which the rate of false blocks is taken
FEW: Final = 3  # wrong blocks under which no rate is one
RATE: Final = 0.02  # the share of wrong blocks that the machine may not surely pass


def lock() -> None:
    """Let nobody else spend the budget until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])


def spent() -> int:
    """Give how many warnings the machine gave in the last hour, or since it was started again."""
    since = timezone.now() - HOUR
    last = Halt.objects.filter(ended_at__gt=since).order_by("-ended_at").first()
    return _given(last.ended_at if last and last.ended_at else since)


def _given(since: datetime) -> int:
    """Give how many warnings the machine gave since then."""
    return int(Decision.objects.filter(automatic=True, at__gt=since).aggregate(all=Sum("spent"))["all"] or 0)


def left_together() -> int:
    """Give for how many more people may warn this hour without opening each: a budget as large, of their own."""
    rows = Decision.objects.filter(automatic=False, at__gt=timezone.now() - HOUR)
    return max(settings.PHISHING_BLOCKS_PER_HOUR - int(rows.aggregate(all=Sum("spent"))["all"] or 0), 0)


def left() -> int:
    """Give how many warnings the machine may still give this hour."""
    return max(settings.PHISHING_BLOCKS_PER_HOUR - spent(), 0)


def halted() -> Halt | None:
    """Give what halts the machine now."""
    return Halt.objects.filter(ended_at=None).first()


def false_blocks() -> tuple[int, int, tuple[float, float]]:
    """Give how many of the machine's warnings of the last week were wrong, of how many, with the 95 % interval."""
    since = timezone.now() - WINDOW
    last = Halt.objects.filter(why="false-blocks", ended_at__gt=since).order_by("-ended_at").first()
    since = last.ended_at if last and last.ended_at else since  # who started it again has judged what was before
    wrong = Removal.objects.filter(automatic=True, at__gt=since).count()
    whole = max(_given(since), wrong)
    return wrong, whole, wilson(wrong, whole)


def check(actor: Actor) -> None:
    """Halt the machine where its budget is spent or it was too often wrong."""
    if halted() is not None:
        return
    wrong, whole, (low, high) = false_blocks()
    if wrong >= FEW and low > RATE:
        _open(actor, "false-blocks", {"wrong": wrong, "of": whole, "low": low, "high": high})
    elif left() == 0:
        _open(actor, "budget", {"spent": spent(), "each_hour": settings.PHISHING_BLOCKS_PER_HOUR})


def _open(actor: Actor, why: str, figures: dict[str, float], reason: str = "") -> Halt:
    halt = Halt.objects.create(why=why, figures={**figures, **({"reason": reason} if reason else {})}, by=actor.id)
    record(actor=actor, action="phishing:machine:halt", target=("halt", halt.id), detail={"why": why, **figures})
    return halt


@transaction.atomic
def stop(*, actor: Actor, reason: str) -> Halt:
    """Halt the machine by hand; halted already stays so. Raises NotAllowed, ReasonMissing."""
    _require(actor, reason)
    lock()
    return halted() or _open(actor, "officer", {}, reason)


@transaction.atomic
def start(*, actor: Actor, reason: str) -> Halt:
    """Start the machine again: an officer, with a reason. Raises NotAllowed, ReasonMissing, NotHalted."""
    _require(actor, reason)
    lock()
    halt = halted()
    if halt is None:
        raise NotHalted
    halt.ended_at, halt.ended_by, halt.reason = timezone.now(), actor.id, reason
    halt.save(update_fields=["ended_at", "ended_by", "reason"])
    record(actor=actor, action="phishing:machine:start", target=("halt", halt.id), detail={"reason": reason})
    return halt


def _require(actor: Actor, reason: str) -> None:
    if not allows(actor, "phishing:steer"):
        raise NotAllowed
    if not reason.strip():
        raise ReasonMissing
