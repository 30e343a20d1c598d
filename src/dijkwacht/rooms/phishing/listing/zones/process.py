"""The process behind `dijkwacht phishing zones`: follows the log, serves the zones, writes down who is how far."""

import ipaddress
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import dns.name
import dns.tsig
import structlog
from django.conf import settings
from django.db import close_old_connections, connection, transaction

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.listing import consumers, publishing, reads
from dijkwacht.rooms.phishing.listing.actions import CHANNEL
from dijkwacht.rooms.phishing.listing.models import Change, Consumer, Entry, ZoneUse
from dijkwacht.rooms.phishing.listing.zones.answering import Answerer, Consumers, Known, Use, Uses
from dijkwacht.rooms.phishing.listing.zones.following import LONGEST_MEMORY, Following, LogEvent
from dijkwacht.rooms.phishing.listing.zones.notifying import Notifier
from dijkwacht.rooms.phishing.listing.zones.serving import Primary

log = structlog.get_logger()
ZONES: Final = system("phishing:zones")
EVERY: Final = 1.0  # seconds between two looks at consumers and uses, and the longest that a lost wake-up delays
AT_ONCE: Final = 5_000  # events of the log that are taken in before the next look


class Zones:
    """Everything of the process but its end: tests run one in a thread."""

    def __init__(self, host: str, port: int) -> None:
        self.consumers = Consumers()
        self.uses = Uses()
        self.following = loaded()
        self.primary = Primary(host, port, Answerer(self.following, self.consumers, self.uses))
        self._notifiers: dict[UUID, Notifier] = {}
        self._looked = 0.0

    def run(self, stop: threading.Event) -> None:
        """Serve until `stop` is set. What the database does not answer is asked again."""
        self._look()
        self.primary.start()
        self._tell()
        try:
            while not stop.is_set():
                try:
                    self._follow(stop)
                except Exception:
                    log.exception("zones: the database did not answer; trying again")
                    connection.close()
                    stop.wait(1)
        finally:
            self.primary.stop()
            for one in self._notifiers.values():
                one.stop()
            connection.close()

    def _follow(self, stop: threading.Event) -> None:
        close_old_connections()
        with connection.cursor() as cursor:
            cursor.execute(f"listen {CHANNEL}")
        while not stop.is_set():
            if self.catch_up():
                self._tell()
            if time.monotonic() - self._looked >= EVERY:
                self._look()
            for _ in connection.connection.notifies(timeout=EVERY / 2, stop_after=1):
                pass

    def catch_up(self) -> int:
        """Take in what the log has more; gives how many events."""
        with tenancy.acting(ZONES):
            found = [LogEvent(*one) for one in reads.changes_since(self.following.serial, most=AT_ONCE)]
        for event in found:
            self.following.apply(event)
        return len(found)

    def _tell(self) -> None:
        for one in self._notifiers.values():
            one.tell()

    def _look(self) -> None:
        """Learn who was added and revoked, and write down what consumers did."""
        self._looked = time.monotonic()
        with tenancy.acting(ZONES):
            rows = {row.id: row for row in Consumer.objects.filter(revoked_at=None)}
            write_uses(self.uses.take())
            before = {one.id: one for one in self.consumers.known.values()}
            known = [before[row.id] if _same(before.get(row.id), row) else as_known(row) for row in rows.values()]
        self.consumers.known = {one.key.name: one for one in known}
        self._renew_notifiers({one.id: one for one in known if one.notify})

    def _renew_notifiers(self, wanted: dict[UUID, Known]) -> None:
        for identifier in [one for one, held in self._notifiers.items() if wanted.get(one) != held.consumer]:
            self._notifiers.pop(identifier).stop()
        zones = [*self.following.zones.values()]
        for identifier in wanted.keys() - self._notifiers.keys():
            self._notifiers[identifier] = Notifier(wanted[identifier], lambda: zones[::-1])  # the hot one first


def _same(known: Known | None, row: Consumer) -> bool:
    facts = (row.name, row.notify, consumers.networks(row.networks))
    return known is not None and (known.name, known.notify, known.networks) == facts


def as_known(row: Consumer) -> Known:
    """Give a consumer as the primary knows it, its key opened."""
    name = dns.name.from_text(row.key_name)
    key = dns.tsig.Key(name, consumers.secret(row), dns.tsig.HMAC_SHA256)
    return Known(row.id, row.name, key, consumers.networks(row.networks), row.notify)


def write_uses(found: dict[tuple[UUID, str], Use]) -> None:
    """Write down what consumers did since the last time."""
    for (consumer, zone), use in found.items():
        facts = {
            "asked_at": use.asked_at,
            "held_serial": use.held_serial,
            "transferred_at": use.transferred_at,
            "transferred_serial": use.transferred_serial,
            "transferred_how": use.transferred_how,
        }
        fresh = {name: value for name, value in facts.items() if value not in {None, ""}}
        if Consumer.objects.filter(id=consumer).exists():
            ZoneUse.objects.update_or_create(consumer_id=consumer, zone=zone, defaults=fresh)


def loaded() -> Following:
    """Give both zones as the log says now, with what happened lately."""
    hot = timedelta(hours=settings.LIST_HOT_HOURS)
    addresses = [ipaddress.ip_address(one) for one in settings.WARNING_ADDRESSES]
    with _one_moment(), tenancy.acting(ZONES):
        state = publishing.about()
        count = Entry.objects.filter(removed_at=None).count()
        made = Following(settings.LIST_ZONE, addresses, hot=hot, expected=count)
        lately = [LogEvent(*one) for one in _lately(state.changed_at - 2 * hot)]
        made.begin(state.serial, reads.dns_names(), lately)
    return made


def _lately(since: datetime) -> list[tuple[int, bool, datetime, str, str]]:
    first = Change.objects.filter(at__gte=since).order_by("serial").values_list("serial", flat=True).first()
    return [] if first is None else reads.changes_since(first - 1, most=10 * LONGEST_MEMORY)


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read everything as of one moment, however long it takes."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set transaction isolation level repeatable read")
        yield
