"""Tell reporters what was found; let them opt out; forget where answers went."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, system
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.crypto.house import open_json
from dijkwacht.platform.outbox.actions import Post, enqueue_many
from dijkwacht.rooms.phishing.answers import letters, rules
from dijkwacht.rooms.phishing.answers.models import Answer, OptOut

POSTMAN: Final = system("phishing:postman")
AT_ONCE: Final = 500


@transaction.atomic
def tell_due(*, actor: Actor) -> int:
    """Put the answers that are due in the outbox, some at a time; give how many were looked at."""
    now = timezone.now()
    due = Answer.objects.filter(due_at__lte=now).order_by("due_at").select_for_update(skip_locked=True, of=("self",))
    rows = list(due.select_related("report__campaign")[:AT_ONCE])
    many = _told_today({row.source for row in rows}, now)
    posts: list[Post] = []
    told: defaultdict[str, list[UUID]] = defaultdict(list)
    for row in rows:
        verdict = row.report.campaign.verdict if row.report.campaign else "looking"
        if not rules.news(row.said, verdict) or not row.address or many[row.source] >= rules.PER_DAY:
            continue
        many[row.source] += 1
        address = open_json(bytes(row.address), table="answer", row=row.report_id, column="address")
        posts.append(letters.post(row, address, verdict))
        told[verdict].append(row.report_id)
    Answer.objects.filter(report__in=[row.report_id for row in rows]).update(due_at=None)
    for verdict, reports in told.items():  # a statement for each verdict, not a case for each row
        Answer.objects.filter(report__in=reports).update(said=verdict, said_at=now)
    enqueue_many(actor=actor, posts=posts)
    if posts:
        detail = {"said": {verdict: len(reports) for verdict, reports in told.items()}}
        record(actor=actor, action="phishing:answers:tell", target=("answers", ""), detail=detail)
    return len(rows)


def _told_today(sources: set[str], now: datetime) -> "Counter[str]":
    since = Answer.objects.filter(source__in=sources, said_at__gt=now - timedelta(days=1))
    return Counter(dict(since.values_list("source").annotate(number=Count("report_id"))))


@transaction.atomic
def verdict_came(*, actor: Actor, campaign: UUID, after: str) -> int:
    """Let everybody who reported a campaign hear its verdict; give how many wait. A campaign may have 100,000 mails."""
    waiting = Answer.objects.filter(report__campaign=campaign).exclude(said=after).exclude(address=b"")
    number = waiting.update(due_at=timezone.now())
    record(actor=actor, action="phishing:answers:due", target=("campaign", campaign), detail={"number": number})
    return number


@transaction.atomic
def opt_out(*, actor: Actor, source: str) -> None:
    """Send a reporter no more answers; what waits for that one is forgotten. Safe to repeat."""
    OptOut.objects.get_or_create(source=source)
    Answer.objects.filter(source=source).update(address=b"", due_at=None)
    record(actor=actor, action="phishing:answers:opt-out", target=("source", source))


@transaction.atomic
def forget_old(*, actor: Actor, now: datetime) -> int:
    """Erase where answers went when their term is over; give how many."""
    number, _ = Answer.objects.filter(created_at__lt=now - rules.LONGEST).delete()
    if number:
        record(actor=actor, action="phishing:answers:forget", target=("answers", ""), detail={"number": number})
    return number
