"""The only way to appeals and to the number of visits."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Sum
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.crypto import house
from dijkwacht.rooms.phishing.errors import NotAllowed
from dijkwacht.rooms.phishing.warning import errors, tickets
from dijkwacht.rooms.phishing.warning.models import Appeal, Visit

_COUNT = """
insert into phishing_visit (entry_id, hour, count) select entry.id, %s, %s from phishing_entry entry where entry.id = %s
on conflict (entry_id, hour) do update set count = phishing_visit.count + excluded.count
"""


def by_ticket(ticket: str) -> Appeal:
    """Give the appeal of whoever holds its number. Raises AppealUnknown."""
    found = Appeal.objects.select_related("entry").filter(ticket=tickets.stored(ticket[:100])).first()
    if found is None:
        raise errors.AppealUnknown
    return found


def appeals_for(actor: Actor, *, decided: bool = False) -> QuerySet[Appeal]:
    """Give appeals, what is due first at the top. Raises NotAllowed."""
    _may(actor)
    rows = Appeal.objects.select_related("entry").filter(decided_at__isnull=not decided)
    return rows.order_by("-decided_at") if decided else rows.order_by("due_at")


def appeals_of(actor: Actor, entry: UUID) -> QuerySet[Appeal]:
    """Give every appeal about one entry. Raises NotAllowed."""
    _may(actor)
    return Appeal.objects.filter(entry=entry)


def access_appeal(actor: Actor, identifier: UUID) -> Appeal:
    """Give an appeal. Raises NotAllowed, AppealUnknown."""
    _may(actor)
    found = Appeal.objects.select_related("entry").filter(id=identifier).first()
    if found is None:
        raise errors.AppealUnknown
    return found


def contact_of(row: Appeal) -> str:
    """Give the mail address that somebody left, or nothing."""
    if row.contact is None:
        return ""
    found: str = house.open_json(bytes(row.contact), table="phishing_appeal", row=row.id, column="contact")
    return found


def visits_of(entry: UUID, days: int = 7) -> int:
    """Give how many visits to one entry were stopped lately."""
    rows = Visit.objects.filter(entry=entry, hour__gte=timezone.now() - timedelta(days=days))
    return rows.aggregate(number=Sum("count"))["number"] or 0


def count_visits(found: Mapping[tuple[UUID, datetime], int]) -> None:
    """Add visits to what is counted, by entry and hour; nothing else of them is known."""
    with connection.cursor() as cursor:
        cursor.executemany(_COUNT, [(hour, number, entry) for (entry, hour), number in found.items()])


def _may(actor: Actor) -> None:
    if not allows(actor, "phishing:read"):
        raise NotAllowed
