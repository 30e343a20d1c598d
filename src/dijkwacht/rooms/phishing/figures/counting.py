"""What the figures are made of: counts by the minute, the day and the consumer. Never a person, never an address."""

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db.models import Avg, Count, Sum
from django.db.models.functions import TruncDay, TruncMinute
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report
from dijkwacht.rooms.phishing.deciding import brakes, reads
from dijkwacht.rooms.phishing.deciding.models import Decision, Halt, Review
from dijkwacht.rooms.phishing.intake import reads as intake
from dijkwacht.rooms.phishing.judging.intervals import wilson
from dijkwacht.rooms.phishing.listing import health
from dijkwacht.rooms.phishing.listing.models import Entry
from dijkwacht.rooms.phishing.warning.models import Appeal, Visit
from dijkwacht.rooms.phishing.waves import reads as waves

MINUTES: Final = 30
HEIGHT: Final = 60  # of the chart
DAYS: Final = 30
FEW: Final = 10  # a public count under it is not told


class Minute(NamedTuple):
    """Arrivals in one minute; `bar`: the height in the chart, `top`: where it begins."""

    at: datetime
    mails: int
    bar: int
    top: int


def arrivals(now: datetime) -> list[Minute]:
    """Give the reports of the last half hour, by the minute, also minutes without."""
    last = now.replace(second=0, microsecond=0)
    first = last - timedelta(minutes=MINUTES - 1)
    rows = Report.objects.filter(received_at__gte=first).order_by().annotate(at=TruncMinute("received_at"))
    counts = dict(rows.values_list("at").annotate(count=Count("id")))
    minutes = [first + timedelta(minutes=number) for number in range(MINUTES)]
    most = max(counts.values(), default=0) or 1
    bars = [(at, counts.get(at, 0), counts.get(at, 0) * HEIGHT // most) for at in minutes]
    return [Minute(at, count, bar, HEIGHT - bar) for at, count, bar in bars]


def dashboard(actor: Actor) -> dict[str, Any]:
    """Give what the dashboard shows. Raises NotAllowed."""
    reads.require(actor)
    now = timezone.now()
    waiting = Review.objects.filter(state__in=reads.WAITING).order_by("since").values_list("since", flat=True)
    appeals = Appeal.objects.filter(decided_at=None)
    wrong, whole, (low, high) = brakes.false_blocks()
    followers = health.followed(actor)
    return {
        "arrivals": arrivals(now),
        "unread": intake.waiting_since(),
        "aside": intake.set_aside(),
        "attacks": waves.attacks(now - timedelta(days=1)),
        "verdicts": _verdicts(now - timedelta(days=1)),
        "waiting": reads.waiting(actor),
        "oldest": min([*waiting[:1], *(one.at for one in reads.proposals(actor)[:1])], default=None),
        "appeals": appeals.count(),
        "oldest_appeal": appeals.order_by("created_at").values_list("created_at", flat=True).first(),
        "live": Entry.objects.filter(removed_at=None, canary=False).count(),
        "left": brakes.left(),
        "budget": settings.PHISHING_BLOCKS_PER_HOUR,
        "halt": brakes.halted(),
        "halts": Halt.objects.exclude(ended_at=None)[:10],
        "wrong": wrong,
        "whole": whole,
        "low": low * 100,
        "high": high * 100,
        "consumers": followers,
        "stale": any(map(health.is_stale, followers)),
        "agreement": agreement(),
        "seconds": _seconds(now - timedelta(days=30)),
    }


def _verdicts(since: datetime) -> list[tuple[str, int]]:
    rows = Campaign.objects.filter(first_at__gte=since).order_by()
    return [*rows.values_list("verdict").annotate(count=Count("id")).order_by("-count")]


def _seconds(since: datetime) -> float | None:
    rows = Decision.objects.filter(automatic=False, at__gte=since, seconds__isnull=False)
    found: float | None = rows.aggregate(mean=Avg("seconds"))["mean"]
    return found


class Agreement(NamedTuple):
    """How often two people who looked without seeing each other's answer said the same."""

    same: int
    both: int
    low: float
    high: float


def agreement() -> Agreement:
    """Compare blind second looks with the decisions that they looked at again."""
    pairs = Decision.objects.filter(state="second", of__state="final").values_list("verdict", "of__verdict")
    said = [one == other for one, other in pairs]
    low, high = wilson(sum(said), len(said))
    return Agreement(sum(said), len(said), low * 100, high * 100)


class Day(NamedTuple):
    """One day of the public figures; None: fewer than ten, which is not told."""

    at: datetime
    counts: list[int | None]  # reports, campaigns, new warnings, visits that were warned


def days(now: datetime) -> list[Day]:
    """Give whole days of the last month, newest first: a day that still runs would tell of single reports."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    first = today - timedelta(days=DAYS)
    counts = [
        _by_day(Report.objects.filter(received_at__range=(first, today)), "received_at"),
        _by_day(Campaign.objects.filter(first_at__range=(first, today)), "first_at"),
        _by_day(Entry.objects.filter(added_at__range=(first, today), canary=False), "added_at"),
        _by_day(Visit.objects.filter(hour__range=(first, today)), "hour", Sum("count")),
    ]
    moments = sorted({at for count in counts for at in count}, reverse=True)
    return [Day(at, [_told(count.get(at, 0)) for count in counts]) for at in moments if at < today]


def _by_day(rows: Any, field: str, how: Any = None) -> dict[datetime, int]:
    found = rows.order_by().annotate(day=TruncDay(field)).values_list("day").annotate(number=how or Count("pk"))
    return dict(found)


def _told(count: int) -> int | None:
    return count if count >= FEW else None
