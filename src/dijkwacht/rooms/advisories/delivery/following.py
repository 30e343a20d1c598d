"""What happens after a letter has left: it arrives or comes back, is answered or not, and somebody is called."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.advisories.delivery import published
from dijkwacht.rooms.advisories.delivery.models import Telling
from dijkwacht.rooms.notification import calling
from dijkwacht.rooms.notification.models import Call
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.models import Contact

log = structlog.get_logger(__name__)
FOLLOWER: Final = system("advisories:follow")
LOOK_BACK: Final = dt.timedelta(days=30)
SOURCE: Final = "advisories"
# The next contact that works and was not told of the same concern yet.
_ELSEWHERE: Final = """
insert into advisories_telling (
    id, concern_id, organisation_id, about_id, advisory, version, round, route, decision_id, contact_id, channel,
    language, urgent, due_at, state, created_at)
select gen_random_uuid(), t.concern_id, t.organisation_id, t.about_id, t.advisory, t.version, t.round, t.route,
    t.decision_id, k.id, coalesce(k.channel, ''), coalesce(k.language, t.language), t.urgent, now(),
    case when k.id is null then 'no-contact' else 'waiting' end, now()
from advisories_telling t
left join lateral (
    select k.* from registry_contact k where k.organisation_id = t.organisation_id and k.status = 'working'
      and not exists (select 1 from advisories_telling o where o.concern_id = t.concern_id and o.round = t.round
                      and o.contact_id = k.id)
    order by array_position(array['security', 'abuse', 'technical', 'board'], k.role), k."order", k.id limit 1
) k on true
where t.id = any (%s)
on conflict do nothing
"""
# Urgent or critical, it concerns them for sure or perhaps, told long enough ago or told to nobody, and no answer to
# this version. A receipt delays the call by the same time.
_SILENT: Final = """
select t.organisation_id, t.advisory, t.version, c.round, count(distinct t.about_id),
    bool_and(t.state in ('no-contact', 'bounced', 'failed'))
from advisories_telling t
join advisories_concern c on c.id = t.concern_id and c.ground = 'match' and c.verdict <> 'not_affected'
  and c.round = t.round
where t.created_at > %(since)s and (c.urgent or c.severity >= 4)
  and t.state in ('queued', 'delivered', 'no-contact', 'bounced', 'failed')
  and coalesce(t.sent_at, t.created_at) < %(until)s
  and (t.route = 'direct' or not exists (
      select 1 from advisories_telling d where d.concern_id = c.id and d.route = 'direct'))
  and exists (select 1 from registry_organisation o where o.id = t.organisation_id and o.active)
  and not exists (select 1 from advisories_exposure e where e.organisation_id = t.about_id
                  and e.advisory = t.advisory and case when e.answer = 'received' then e.at > %(until)s
                  else e.version > t.version or (e.version = t.version
                       and (c.renewed_at is null or e.at >= c.renewed_at)) end)
  and not exists (select 1 from advisories_concern n where n.organisation_id = c.organisation_id
                  and n.advisory = c.advisory and n.version > c.version and n.told)
group by 1, 2, 3, 4
"""


def delivered(*, message: Message, **_: Any) -> None:
    """Our relay, or the receiver's server, took it."""
    for letter in _letter_of(message):
        Telling.objects.filter(letter=letter, state=Telling.State.QUEUED).update(
            state=Telling.State.DELIVERED, delivered_at=timezone.now()
        )


def bounced(*, message: Message, reason: str, **_: Any) -> None:
    """The receiver's side refused it: the contact does not work, another one must be told."""
    _undeliverable(message, reason, Telling.State.BOUNCED, (Telling.State.QUEUED, Telling.State.DELIVERED))


def failed(*, message: Message, reason: str, **_: Any) -> None:
    """We tried for days and gave up."""
    _undeliverable(message, reason, Telling.State.FAILED, (Telling.State.QUEUED,))


def _letter_of(message: Message) -> list[UUID]:
    source, _, identifier = message.reference.partition(":")
    return [UUID(identifier)] if source == SOURCE else []


def _undeliverable(message: Message, reason: str, state: Telling.State, before: Sequence[Telling.State]) -> None:
    for letter in _letter_of(message):
        tellings = list(Telling.objects.select_for_update().filter(letter=letter, state__in=before))
        if not tellings:
            return
        contact = Contact.objects.filter(id=tellings[0].contact_id or letter).first()
        if contact is not None and contact.status == "working" and message.recipient in _addresses(contact):
            said = "".join(sign if sign.isprintable() else " " for sign in reason)[:400]
            registry.set_contact_status(actor=FOLLOWER, contact=contact.id, status="bouncing", reason=said)
        elsewhere(tellings, state=state)


def _addresses(contact: Contact) -> set[str]:
    return {contact.email, contact.webhook_url}


def elsewhere(tellings: Sequence[Telling], *, state: Telling.State = Telling.State.FAILED) -> None:
    """Tell the next contact of each receiver; without one it stands as told to nobody. In the caller's transaction."""
    if not tellings:
        return
    keys = [one.id for one in tellings]
    Telling.objects.filter(id__in=keys).update(state=state)
    with connection.cursor() as cursor:
        cursor.execute(_ELSEWHERE, [keys])


def reference(advisory: UUID, version: int, again: int = 0) -> str:
    """How an advisory is named on the calling list; `again`: how often it was told anew."""
    return f"advisory:{advisory}:{version}" + (f":{again}" if again else "")


def escalate() -> int:
    """Put on the calling list who did not answer an urgent or critical advisory in time; give the number of calls."""
    until = timezone.now() - dt.timedelta(hours=settings.ESCALATE_AFTER_HOURS)
    with tenancy.acting(FOLLOWER):
        with connection.cursor() as cursor:
            cursor.execute(_SILENT, {"since": until - LOOK_BACK, "until": until})
            rows = cursor.fetchall()
        known = published.library().versions({(row[1], row[2]) for row in rows}) if rows else {}
        wanted = [
            calling.Wanted(
                organisation=organisation,
                reference=reference(advisory, version, again),
                subject=f"{one.number}: {one.title['nl']}",
                number=about,
                why=Call.Why.UNREACHED if unreached else Call.Why.UNANSWERED,
            )
            for organisation, advisory, version, again, about, unreached in rows
            if (one := known.get((advisory, version)))
        ]
        number = calling.ask(actor=FOLLOWER, wanted=wanted) if wanted else 0
    if number:
        log.warning("urgent advisories are not answered or reached nobody; see the calling list", calls=number)
    return number


def call_recorded(*, call: Call, acknowledged: bool, actor: Any, **_: Any) -> None:
    """What was said on the telephone is an answer: they know now and work on it."""
    from dijkwacht.rooms.advisories.delivery import actions

    if not acknowledged or not call.reference.startswith("advisory:"):
        return
    advisory, version = call.reference.split(":")[1:3]
    about = Telling.objects.filter(organisation_id=call.organisation_id, advisory=advisory, version=version)
    for organisation in set(about.values_list("about_id", flat=True)):
        actions.answer_by_phone(actor=actor, organisation=organisation, advisory=UUID(advisory), note=call.result)
