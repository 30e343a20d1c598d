"""Organisations without a working contact: somebody calls them, and when a contact comes they are told after all."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.law.facts import Route
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import Fact, record_many
from dijkwacht.rooms.notification import composing, deciding, receivers, rules
from dijkwacht.rooms.notification.models import Call, Event, Finding
from dijkwacht.rooms.notification.models.findings import UNREACHED
from dijkwacht.rooms.registry.models import Contact

CALLER: Final = system("notification:unreached")
OPEN: Final = (Finding.State.OPEN, Finding.State.REOPENED)  # nobody has said anything about it
LOOK_BACK: Final = dt.timedelta(days=30)  # what is older was in a run that came to its own end
_CANDIDATES: Final = """
select e.organisation_id, f.feed, f.kind, f.how, count(distinct f.id)
from notification_event e join notification_finding f on f.id = e.finding_id and f.version = e.version
where e.outcome = any(%(unreached)s) and e.at > %(since)s
  and f.state = any(%(open)s) and (f.severity >= %(critical)s or f.kind = any(%(urgent)s))
  and exists (select 1 from registry_organisation o where o.id = e.organisation_id and o.active)
  and not exists (
      select 1 from registry_contact c where c.organisation_id = e.organisation_id and c.status = 'working')
  and not exists (
      select 1 from notification_call k
      where k.organisation_id = e.organisation_id and k.notice_id is null and k.reference = ''
        and (k.done_at is null or k.since >= e.at))
group by 1, 2, 3, 4
"""


def raise_calls(urgent: list[str]) -> int:
    """Put each organisation on the calling list that has something critical, or of an `urgent` kind, and no working
    contact, where the law would let us tell it itself if it had one. Runs as the centre; gives the number of calls.
    """
    values: dict[str, Any] = {"since": timezone.now() - LOOK_BACK, "critical": rules.CRITICAL, "urgent": urgent}
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, {**values, "unreached": list(UNREACHED), "open": [state.value for state in OPEN]})
        matters = {deciding.Matter(*row[:4]): row[4] for row in cursor.fetchall()}
    today = timezone.localdate()
    known = receivers.load({matter.organisation for matter in matters}, today)
    reached = {organisation: replace(receiver, has_contact=True) for organisation, receiver in known.items()}
    counts: Counter[UUID] = Counter()
    for matter, ways in deciding.trial(matters, reached, today).items():
        if any(way.route == Route.DIRECT.value for way in ways):
            counts[matter.organisation] += matters[matter]
    calls = Call.objects.bulk_create(
        Call(organisation_id=organisation, findings=number, why=Call.Why.UNREACHED)
        for organisation, number in counts.items()
    )
    record_many(_raised(call) for call in calls)
    return len(calls)


def _raised(call: Call) -> Fact:
    return Fact(
        actor=CALLER,
        action="notification:call:raise",
        target=("call", call.pk),
        organisation=call.organisation_id,
        detail={"findings": call.findings, "why": str(call.why)},
    )


def untold(organisation: UUID, until: dt.datetime) -> Any:
    """The findings of an organisation, as a query of ids, that reached nobody until a moment."""
    return Event.objects.filter(organisation_id=organisation, outcome__in=UNREACHED, at__lte=until).values("finding_id")


def on_contact_changed(*, contact: Contact, **_: Any) -> None:
    """Ask for what waited, in the transaction that gave the organisation a contact."""
    if contact.status == "working":
        ask([contact.organisation_id])


def on_contacts_imported(*, organisations: list[UUID], **_: Any) -> None:
    ask(organisations)


def ask(organisations: Iterable[UUID]) -> None:
    """Ask for a job, if any of these organisations has something that reached nobody."""
    from dijkwacht.rooms.notification.tasks import tell_waiting

    with tenancy.acting(CALLER):
        waiting = _waiting(organisations).order_by().values_list("organisation_id", flat=True).distinct()
        owners = sorted(str(one) for one in waiting)
    if owners:
        tell_waiting.defer(organisations=owners)


def _waiting(organisations: Iterable[UUID]) -> Any:
    return Event.objects.filter(
        organisation_id__in=list(organisations),
        outcome__in=UNREACHED,
        at__gt=timezone.now() - LOOK_BACK,
        finding__state__in=OPEN,
    )


def tell_waiting(organisations: list[UUID]) -> int:
    """Ask the law again about what reached nobody and is still there, and tell it; give the number of notices."""
    with tenancy.acting(CALLER):
        current = _waiting(organisations).extra(where=["notification_event.version = notification_finding.version"])
        found = dict(current.values_list("id", "batch_id"))
        Event.objects.filter(id__in=found).update(outcome=Event.Outcome.PENDING)
    return sum(composing.compose(batch) for batch in sorted({batch for batch in found.values() if batch}, key=str))
