"""What happens after a notice has left: it arrives or comes back, is answered or not, and somebody is called."""

from typing import Final
from uuid import UUID

from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.rooms.notification.models import Call, Finding, Notice, NoticeItem

FOLLOWER: Final = system("notification:follow")


def wrong_contact(told: Notice) -> None:
    """Placeholder of this commit."""


def settle_call(notice: UUID) -> None:
    """Close the call of a notice when nothing in it waits for an answer any more."""
    open_findings = Finding.objects.filter(
        id__in=NoticeItem.objects.filter(notice_id=notice).values("finding_id"),
        state__in=[Finding.State.OPEN, Finding.State.REOPENED],
    )
    call = Call.objects.filter(notice_id=notice, done_at__isnull=True, why=Call.Why.UNANSWERED)
    if call.exists() and not open_findings.exists():
        call.update(done_at=timezone.now(), done_by=FOLLOWER.id, result="answered")
