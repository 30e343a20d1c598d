"""From a notice to the outbox: render it in the contact's language and hand it over, all in the caller's transaction."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.outbox.actions import enqueue
from dijkwacht.rooms.notification import rendering, rules
from dijkwacht.rooms.notification.models import Finding, Notice, NoticeItem
from dijkwacht.rooms.registry.models import Contact

SENDER: Final = system("notification:send")
PRIORITY: Final = {4: 0, 3: 3}  # severity -> place in the outbox; 0 goes first, 5 is usual


@dataclass(frozen=True)
class Letter:
    """All that a notice says: the row, whom it goes to, and its findings, the most severe first."""

    notice: Notice
    contact: Contact
    findings: Sequence[Finding]


def letters(notices: Sequence[Notice]) -> list[Letter]:
    """Load what the notices say, in three queries whatever their number."""
    contacts = {row.id: row for row in Contact.objects.filter(id__in={notice.contact_id for notice in notices})}
    items: dict[UUID, list[UUID]] = defaultdict(list)
    for notice, finding in NoticeItem.objects.filter(notice__in=notices).values_list("notice_id", "finding_id"):
        items[notice].append(finding)
    wanted = {finding for findings in items.values() for finding in findings}
    findings = {row.id: row for row in Finding.objects.filter(id__in=wanted).select_related("organisation")}
    return [
        Letter(
            notice,
            contacts[notice.contact_id],
            sorted((findings[one] for one in items[notice.id]), key=lambda row: (-row.severity, row.kind, row.address)),
        )
        for notice in notices
        if notice.contact_id in contacts
    ]


def send(notices: Sequence[Notice]) -> None:
    """Put each notice in the outbox by its contact's channel. What is only read in the portal or by API is there at once."""
    for letter in letters(notices):
        _send(letter)


def _send(letter: Letter) -> None:
    notice, contact = letter.notice, letter.contact
    if notice.channel in {"mail", "webhook"}:
        enqueue(
            actor=SENDER,
            channel=notice.channel,
            organisation=notice.organisation_id,
            recipient=contact.email if notice.channel == "mail" else contact.webhook_url,
            payload=rendering.mail(letter) if notice.channel == "mail" else rendering.webhook(letter),
            dedupe_key=f"notice:{notice.id}",
            reference=f"notice:{notice.id}",
            not_before=_not_before(letter),
            priority=PRIORITY.get(notice.severity, 5),
        )
        notice.state = Notice.State.QUEUED
    else:
        notice.state, notice.delivered_at = Notice.State.DELIVERED, timezone.now()
    notice.save(update_fields=["state", "delivered_at"])
    record(
        actor=SENDER,
        action="notification:notice:disclose",
        target=("notice", notice.id),
        organisation=notice.organisation_id,
        detail={"channel": notice.channel, "route": notice.route, "tlp": notice.tlp, "findings": notice.findings},
    )


def _not_before(letter: Letter) -> dt.datetime | None:
    """The end of the contact's quiet hours, unless it is critical."""
    if letter.notice.severity >= rules.CRITICAL:
        return None
    contact = letter.contact
    preference = rules.Preference(contact.minimum_severity, contact.rhythm, contact.quiet_from, contact.quiet_to)
    return rules.quiet_until(preference, timezone.localtime())


def subject(notice: Notice) -> str:
    return rendering.subject(notice)
