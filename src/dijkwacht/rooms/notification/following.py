"""What happens after a notice has left: it arrives or comes back, is answered or not, and somebody is called."""

import datetime as dt
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from dijkwacht import feeds
from dijkwacht.kernel.actor import Actor, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.notification import events, rerouting, rules, unreached
from dijkwacht.rooms.notification.errors import NotAllowed, NotFound, WrongState
from dijkwacht.rooms.notification.models import Call, Finding, Notice, NoticeItem
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.models import Contact

log = structlog.get_logger(__name__)
FOLLOWER: Final = system("notification:follow")
# One call per notice: told long enough ago, still in the version that was told, and not told again since. A relay is
# called only where the member was not told itself.
_UNANSWERED: Final = """
insert into notification_call (organisation_id, notice_id, why, since, findings, done_by, result)
select n.organisation_id, n.id, 'unanswered', now(), count(*), '', ''
from notification_notice n
join notification_noticeitem i on i.notice_id = n.id
join notification_finding f on f.id = i.finding_id and f.version = i.version
where n.state in ('queued', 'delivered')
  and exists (select 1 from registry_organisation o where o.id = n.organisation_id and o.active)
  and n.created_at > %(since)s and coalesce(n.delivered_at, n.created_at) < %(until)s
  and f.state in ('open', 'reopened') and (f.severity >= %(critical)s or f.kind = any(%(urgent)s))
  and (n.route <> 'relay' or not exists (
      select 1 from notification_noticeitem own
      where own.finding_id = i.finding_id and own.organisation_id = own.about_id))
  and not exists (select 1 from notification_notice r where r.replaces_id = n.id)
group by n.organisation_id, n.id
on conflict (notice_id) do nothing
returning id, notice_id, organisation_id, findings
"""


def delivered(*, message: Message, **_: Any) -> None:
    """Our relay, or the receiver's server, took it."""
    if told := _notice_of(message, Notice.State.QUEUED):
        told.state, told.delivered_at = Notice.State.DELIVERED, timezone.now()
        told.save(update_fields=["state", "delivered_at"])


def bounced(*, message: Message, reason: str, **_: Any) -> None:
    """The receiver's side refused it: the contact does not work, somebody else must be told."""
    if told := _notice_of(message, Notice.State.QUEUED, Notice.State.DELIVERED):
        undeliverable(told, reason, state=Notice.State.BOUNCED, address=message.recipient)


def failed(*, message: Message, reason: str, **_: Any) -> None:
    """We tried for days and gave up."""
    if told := _notice_of(message, Notice.State.QUEUED):
        undeliverable(told, reason, state=Notice.State.FAILED, address=message.recipient)


def _notice_of(message: Message, *states: Notice.State) -> Notice | None:
    """The notice that a message carried, when it is in one of the states: so each event takes effect once."""
    source, _, identifier = message.reference.partition(":")
    if source != "notice":
        return None
    return Notice.objects.select_for_update().filter(pk=identifier, state__in=states).first()


def undeliverable(told: Notice, reason: str, *, state: Notice.State = Notice.State.FAILED, address: str = "") -> None:
    """Mark the notice and its contact, and tell somebody else. Runs in the caller's transaction, as the centre."""
    told.state = state
    told.save(update_fields=["state"])
    contact = contact_of(told)
    if contact is not None and address in {"", contact.email, contact.webhook_url} and contact.status == "working":
        registry.set_contact_status(actor=FOLLOWER, contact=contact.id, status="bouncing", reason=_one_line(reason))
    record(
        actor=FOLLOWER,
        action=f"notification:notice:{'bounce' if state is Notice.State.BOUNCED else 'fail'}",
        target=("notice", told.id),
        organisation=told.organisation_id,
        detail={"reason": _one_line(reason)},
    )
    rerouting.reroute(told)


def wrong_contact(told: Notice) -> None:
    """Somebody said that the notice went to the wrong person: never again there, and tell the next."""
    contact = contact_of(told)
    if contact is not None and contact.status != "wrong":
        registry.set_contact_status(
            actor=FOLLOWER, contact=contact.id, status="wrong", reason=f"said so in an answer to notice {told.id}"
        )
    rerouting.reroute(told)


def contact_of(notice: Notice) -> Contact | None:
    """Whom a notice went to; None when the contact was removed since."""
    return Contact.objects.filter(pk=notice.contact_id).first() if notice.contact_id else None


def _one_line(reason: str) -> str:
    """What the other side said, fit for a field of one line."""
    return "".join(letter if letter.isprintable() else " " for letter in reason)[:400]


def escalate() -> int:
    """Put on the calling list what is critical or urgent and was not acknowledged in time, or could not be sent to
    anybody; give the number of calls."""
    until = timezone.now() - dt.timedelta(hours=settings.ESCALATE_AFTER_HOURS)
    urgent = sorted({kind.slug for feed in feeds.catalogue().values() for kind in feed.kinds.values() if kind.urgent})
    values: dict[str, Any] = {
        "since": until - unreached.LOOK_BACK,
        "until": until,
        "critical": rules.CRITICAL,
        "urgent": urgent,
    }
    with tenancy.acting(FOLLOWER), connection.cursor() as cursor:
        cursor.execute(_UNANSWERED, values)
        made = cursor.fetchall()
        for call, notice, organisation, findings in made:
            record(
                actor=FOLLOWER,
                action="notification:call:raise",
                target=("call", call),
                organisation=organisation,
                detail={"notice": str(notice), "findings": findings},
            )
        number = len(made) + unreached.raise_calls(urgent)
    if number:
        log.warning("critical findings are not acknowledged or reached nobody; see the calling list", calls=number)
    return number


def settle_call(notice: UUID) -> None:
    """Close the call about a notice when nothing in it waits for an answer any more."""
    unanswered = Finding.objects.filter(
        id__in=NoticeItem.objects.filter(notice_id=notice).values("finding_id"), state__in=unreached.OPEN
    )
    call = Call.objects.filter(notice_id=notice, done_at__isnull=True, why=Call.Why.UNANSWERED)
    if call.exists() and not unanswered.exists():
        call.update(done_at=timezone.now(), done_by=FOLLOWER.id, result="answered")


def _about(call: Call) -> Any:
    """The findings that a call is about, as a query of ids."""
    if call.reference:
        return []
    if call.notice_id is None:
        return unreached.untold(call.organisation_id, call.since)
    return NoticeItem.objects.filter(notice_id=call.notice_id).values("finding_id")


@transaction.atomic
def record_call(*, actor: Actor, call: int, result: str, acknowledged: bool = False) -> Call:
    """Write down what came of a call; `acknowledged`: they know now, so its open findings are acknowledged.

    Raises NotAllowed, NotFound, WrongState when it was done already.
    """
    from dijkwacht.rooms.notification import feedback

    if not allows(actor, "notices:release"):
        raise NotAllowed
    row = Call.objects.select_for_update().filter(pk=call).first()
    if row is None:
        raise NotFound
    if row.done_at is not None:
        raise WrongState(state="done")
    row.done_at, row.done_by, row.result = timezone.now(), actor.id[:100], result.strip()[:2000]
    row.save(update_fields=["done_at", "done_by", "result"])
    if acknowledged:
        waiting = (
            Finding.objects.select_for_update().filter(id__in=_about(row), state__in=unreached.OPEN).order_by("id")
        )
        feedback.move(list(waiting), to=Finding.State.ACKNOWLEDGED, actor=actor.id, reason="told by telephone")
    record(
        actor=actor,
        action="notification:call:record",
        target=("call", row.pk),
        organisation=row.organisation_id,
        detail={"acknowledged": acknowledged},
        personal={"result": row.result},
    )
    if row.reference:
        events.call_recorded.send(Call, call=row, acknowledged=acknowledged, actor=actor)
    return row
