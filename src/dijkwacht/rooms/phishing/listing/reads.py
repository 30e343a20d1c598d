"""The only way to the rows of the list."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.rooms.phishing.errors import NotAllowed, NotFound
from dijkwacht.rooms.phishing.listing import rules
from dijkwacht.rooms.phishing.listing.items import Item
from dijkwacht.rooms.phishing.listing.models import Change, Entry

GONE_SHOWN: Final = timedelta(days=30)  # so long a deletion is published in the formats that hold deletions
AT_ONCE: Final = 5_000  # rows from the database at a time


def own_names() -> frozenset[str]:
    """Give the hosts of this installation, which are never warned for."""
    hosts = {urlsplit(settings.BASE_URL).hostname or "", *settings.ALLOWED_HOSTS}
    hosts |= {settings.MAIL_FROM.rpartition("@")[2], *settings.WARNING_ADDRESSES}
    return frozenset(one.strip(".").lower() for one in hosts if one.strip(".*"))


def live(name: str) -> list[Entry]:
    """Give the live entries that have exactly this canonical name: at most one a kind."""
    return list(Entry.objects.filter(name=name, removed_at=None).order_by("kind"))


def covering(host: str) -> Entry | None:
    """Give the live entry for which a resolver warns at `host`: its own, else the nearest above with all below it."""
    labels = host.split(".")
    above = [".".join(labels[start:]) for start in range(1, len(labels) - 1)]
    wanted = Q(name=host, kind__in=("host", "name", "domain")) | Q(name__in=above, kind__in=rules.WITH_ALL_BELOW)
    found = Entry.objects.filter(wanted, removed_at=None).select_related("campaign")
    return max(found, key=lambda entry: len(entry.name), default=None)


def access_entry(actor: Actor, identifier: uuid.UUID) -> Entry:
    """Give an entry. Raises NotAllowed, NotFound."""
    _may_read(actor)
    found = Entry.objects.select_related("campaign").filter(id=identifier).first()
    if found is None:
        raise NotFound
    return found


def entries_for(actor: Actor, *, words: str = "", kind: str = "", state: str = "live") -> QuerySet[Entry]:
    """Give entries, newest first. `state`: live, ending, removed or all. Raises NotAllowed."""
    _may_read(actor)
    rows = Entry.objects.all()
    rows = rows.filter(name__icontains=words) if words else rows
    rows = rows.filter(kind=kind) if kind in rules.KINDS else rows
    if state == "ending":
        return rows.filter(removed_at=None, lease_until__lt=timezone.now() + timedelta(hours=1)).order_by("lease_until")
    if state == "removed":
        return rows.exclude(removed_at=None).order_by("-removed_at")
    return rows.filter(removed_at=None) if state == "live" else rows


def _may_read(actor: Actor) -> None:
    if not allows(actor, "phishing:read"):
        raise NotAllowed


# --- for the formats: asked by our own processes, in the scope of a job ---------------------------------------------


def serial() -> int:
    """Give the number of the newest event of the log; 0 when there is none."""
    return Change.objects.aggregate(newest=Max("serial"))["newest"] or 0


def changed_at(number: int) -> datetime | None:
    """Give when an event of the log happened."""
    return Change.objects.filter(serial=number).values_list("at", flat=True).first()


def renewed_at() -> datetime | None:
    """Give when the lease of a live entry was last made longer: the log does not say so."""
    rows = Entry.objects.filter(removed_at=None, renewed_at__isnull=False)
    newest: datetime | None = rows.aggregate(newest=Max("renewed_at"))["newest"]
    return newest


def items(*, gone: bool, since: datetime | None = None, now: datetime | None = None) -> Iterator[Item]:
    """Give what the list holds, oldest first; with `gone` also what was removed in the last 30 days.

    `since`: only what was added from then on.
    """
    rows = Entry.objects.filter(removed_at=None)
    if gone:
        rows = Entry.objects.filter(Q(removed_at=None) | Q(removed_at__gte=(now or timezone.now()) - GONE_SHOWN))
    rows = rows.filter(added_at__gte=since) if since else rows
    for row in rows.order_by("added_at", "id").iterator(AT_ONCE):
        yield item(row)


def item(row: Entry) -> Item:
    """Give an entry as the formats know it."""
    codes = tuple(str(one.get("code", "")) for one in row.reason if isinstance(one, dict))
    return Item(
        row.id, row.kind, row.name, row.canary, row.added_at, row.lease_until, row.removed_at, codes, row.renewed_at
    )


def changes_since(number: int, *, most: int) -> list[tuple[int, bool, datetime, str, str]]:
    """Give the events after a serial, oldest first: serial, added, when, kind, name."""
    rows = Change.objects.filter(serial__gt=number).order_by("serial")
    return list(rows.values_list("serial", "added", "at", "entry__kind", "entry__name")[:most])


def events_since(number: int, *, most: int) -> list[dict[str, Any]]:
    """Give the events after a serial as the push and the API tell them."""
    return [
        {"serial": one, "added": added, "at": at.isoformat(), "kind": kind, "name": name}
        for one, added, at, kind, name in changes_since(number, most=most)
    ]


def dns_names() -> Iterator[tuple[str, str]]:
    """Give kind and name of every live entry that a resolver can warn for."""
    rows = Entry.objects.filter(removed_at=None).exclude(kind="url").values_list("kind", "name")
    return ((kind, name) for kind, name in rows.iterator(AT_ONCE) if rules.in_dns(kind, name))


def with_prefixes(prefixes: Iterable[str]) -> QuerySet[Entry]:
    """Give the live entries whose digest begins with one of these prefixes of eight hexadecimal digits."""
    return Entry.objects.filter(prefix__in=[*prefixes], removed_at=None)


def prefixes() -> list[str]:
    """Give the prefixes of all live entries, in order, each once."""
    rows = Entry.objects.filter(removed_at=None).exclude(prefix="")
    return list(rows.order_by("prefix").values_list("prefix", flat=True).distinct())


def touched_since(number: int, *, most: int) -> list[tuple[bool, str, int]] | None:
    """Give of each event after a serial: added, prefix, and how many live entries have it now; None for too many."""
    rows = Change.objects.filter(serial__gt=number).order_by("serial").values_list("added", "entry__prefix")
    found = list(rows[: most + 1])
    if len(found) > most:
        return None
    wanted = {prefix for _, prefix in found}
    counted = with_prefixes(wanted).order_by().values("prefix").annotate(number=Count("id"))
    live = {row["prefix"]: row["number"] for row in counted}
    return [(added, prefix, live.get(prefix, 0)) for added, prefix in found]
