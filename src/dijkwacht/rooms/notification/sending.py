"""From a notice to the outbox: render it in the contact's language and hand it over, in the caller's transaction."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from uuid import UUID

from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform.audit.record import Fact, record_many
from dijkwacht.platform.outbox.actions import Post, enqueue_many
from dijkwacht.platform.outbox.addressing import checked_recipient
from dijkwacht.platform.outbox.errors import InvalidRecipient
from dijkwacht.platform.outbox.models import Channel
from dijkwacht.rooms.notification import links, rendering, rules
from dijkwacht.rooms.notification.models import Batch, Campaign, Decision, Event, Finding, Notice, NoticeItem
from dijkwacht.rooms.notification.rendering import kinds
from dijkwacht.rooms.registry.models import Contact

SENDER: Final = system("notification:send")
PRIORITY: Final = {4: 0, 3: 3}  # severity -> place in the outbox; 0 goes first, 5 is usual


@dataclass(frozen=True)
class Letter:
    """All that a notice says: the row, whom it goes to, and its findings, the most severe first.

    `decisions`: on which decision each finding is told. `campaigns`: the campaign that a finding came in with, if any.
    """

    notice: Notice
    contact: Contact
    findings: Sequence[Finding]
    decisions: Mapping[UUID, Decision] = field(default_factory=dict)
    campaigns: Mapping[UUID, Campaign] = field(default_factory=dict)

    @cached_property
    def page(self) -> str:
        """Where it is answered without signing in: one address for all its parts, made when it is first asked for."""
        return links.page(self.notice.id)


def letters(notices: Sequence[Notice]) -> list[Letter]:
    """Load what the notices say, in a few queries whatever their number."""
    contacts = {row.id: row for row in Contact.objects.filter(id__in={notice.contact_id for notice in notices})}
    items: dict[UUID, list[NoticeItem]] = defaultdict(list)
    for item in NoticeItem.objects.filter(notice__in=notices):
        items[item.notice_id].append(item)
    every = [item for found in items.values() for item in found]
    findings = {
        row.id: row
        for row in Finding.objects.filter(id__in={item.finding_id for item in every}).select_related("organisation")
    }
    decisions = {row.id: row for row in Decision.objects.filter(id__in={item.decision_id for item in every})}
    campaigns = _campaigns(every)
    return [
        Letter(
            notice=notice,
            contact=contacts[notice.contact_id],
            findings=sorted(
                (findings[item.finding_id] for item in items[notice.id]),
                key=lambda row: (-row.severity, row.kind, row.address),
            ),
            decisions={item.finding_id: decisions[item.decision_id] for item in items[notice.id]},
            campaigns={
                item.finding_id: campaigns[item.event_id] for item in items[notice.id] if item.event_id in campaigns
            },
        )
        for notice in notices
        if notice.contact_id in contacts
    ]


def _campaigns(items: Sequence[NoticeItem]) -> dict[int, Campaign]:
    """The campaign of each event that came in with one."""
    batches = dict(Event.objects.filter(id__in={item.event_id for item in items}).values_list("id", "batch_id"))
    rows = Batch.objects.filter(id__in=set(batches.values()), campaign__isnull=False).select_related("campaign")
    campaigns = {row.id: row.campaign for row in rows if row.campaign is not None}
    return {event: campaigns[batch] for event, batch in batches.items() if batch in campaigns}


def send(notices: Sequence[Notice]) -> None:
    """Put each notice in the outbox by its contact's channel. What is read in the portal or by API is there at once."""
    ready = letters(notices)
    posts: list[tuple[Letter, Post]] = []
    for letter in ready:
        if letter.notice.channel in {"mail", "webhook"}:
            try:
                posts.append((letter, _post(letter)))
            except InvalidRecipient as problem:  # one contact that cannot be written to does not stop the others
                _give_up(letter.notice, str(problem))
    enqueue_many(actor=SENDER, posts=[post for _, post in posts])
    at_once = [letter for letter in ready if letter.notice.channel not in {"mail", "webhook"}]
    _mark([letter.notice for letter, _ in posts], Notice.State.QUEUED)
    _mark([letter.notice for letter in at_once], Notice.State.DELIVERED)
    record_many(_disclosed(letter.notice) for letter in [*(letter for letter, _ in posts), *at_once])
    known = {letter.notice.id for letter in ready}
    for notice in notices:
        if notice.id not in known:
            _give_up(notice, "the contact is not there any more")


def _give_up(notice: Notice, reason: str) -> None:
    from dijkwacht.rooms.notification import following

    following.undeliverable(notice, reason)


def _post(letter: Letter) -> Post:
    """The message of a notice. Raises InvalidRecipient for a contact that cannot be written to."""
    notice, contact = letter.notice, letter.contact
    mail = notice.channel == "mail"
    return Post(
        channel=notice.channel,
        organisation=notice.organisation_id,
        recipient=checked_recipient(Channel(notice.channel), contact.email if mail else contact.webhook_url),
        payload=rendering.mail(letter) if mail else rendering.webhook(letter),
        dedupe_key=f"notice:{notice.id}",
        reference=f"notice:{notice.id}",
        not_before=_not_before(letter),
        priority=PRIORITY.get(notice.severity, 5),
    )


def _mark(notices: Sequence[Notice], state: Notice.State) -> None:
    at = timezone.now() if state == Notice.State.DELIVERED else None
    other = [notice for notice in notices if (notice.state, notice.delivered_at) != (state, at)]
    for notice in other:
        notice.state, notice.delivered_at = state, at
    Notice.objects.filter(id__in=[notice.id for notice in other]).update(state=state, delivered_at=at)


def _disclosed(notice: Notice) -> Fact:
    return Fact(
        actor=SENDER,
        action="notification:notice:disclose",
        target=("notice", notice.id),
        organisation=notice.organisation_id,
        detail={"channel": notice.channel, "route": notice.route, "tlp": notice.tlp, "findings": notice.findings},
    )


def _not_before(letter: Letter) -> dt.datetime | None:
    """The end of the contact's quiet hours, unless it is critical or of a kind that cannot wait."""
    if letter.notice.severity >= rules.CRITICAL or kinds.urgent(letter.notice.kinds):
        return None
    contact = letter.contact
    preference = rules.Preference(contact.minimum_severity, contact.rhythm, contact.quiet_from, contact.quiet_to)
    return rules.quiet_until(preference, timezone.localtime())


def subject(notice: Notice) -> str:
    return rendering.subject(notice)
