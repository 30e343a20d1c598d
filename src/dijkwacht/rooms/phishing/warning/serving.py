"""The process of the warning page: any host, any path, any method; a tiny WSGI application of its own.

Not the portal: its names, sessions, forms and middleware never meet a Host header of a stranger, and 200 million visits
never take its turns. What it knows of the list it keeps some seconds; visits are added up in memory by entry and hour
and written each few seconds, so that a visit costs no query. When the database does not answer, it still warns.
"""

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import can_ada
import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.judging.knowledge import brands
from dijkwacht.rooms.phishing.listing import errors, rules
from dijkwacht.rooms.phishing.listing import reads as listing
from dijkwacht.rooms.phishing.listing.models import Entry
from dijkwacht.rooms.phishing.warning import reads
from dijkwacht.rooms.phishing.warning.page import HEADERS, Shown, page

log = structlog.get_logger()
WARNER: Final = system("phishing:warning")
KEPT_SECONDS: Final = 5.0  # so long an answer about a host holds: whoever is free again is so here too
KEPT: Final = 10_000  # hosts; whoever sends rubbish pushes out only the oldest
ASKING: Final = 4  # look-ups at the same time
WAITING: Final = 2.0  # seconds for one's turn
WRITTEN_EVERY: Final = 5.0  # seconds
FORBIDDEN: Final = "403 Forbidden"  # no program takes it for the page that it wanted
NOT_FOUND: Final = "404 Not Found"
Known = tuple[UUID | None, bytes]
Start = Callable[[str, list[tuple[str, str]]], Any]


class WarningSite:
    """The application. Safe between threads."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[float, Known]] = OrderedDict()
        self._visits: Counter[tuple[UUID, datetime]] = Counter()
        self._lock = threading.Lock()
        self._asking = threading.BoundedSemaphore(ASKING)

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        host = host_of(environ.get("HTTP_HOST", ""))
        entry, body = self._found(host)
        if entry is not None:
            self._count(entry)
        headers = [*HEADERS, ("Content-Length", str(len(body))), ("Connection", "close")]
        start_response(FORBIDDEN if entry is not None or body == unsure() else NOT_FOUND, headers)
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]

    def _found(self, host: str) -> Known:
        now = time.monotonic()
        with self._lock:
            kept = self._known.get(host)
        if kept is not None and now - kept[0] < KEPT_SECONDS:
            return kept[1]
        found = self._looked_up(host)
        if found is None:  # it still warns, with what it knew or without saying why
            return kept[1] if kept is not None else (None, unsure())
        with self._lock:
            self._known[host] = (now, found)
            self._known.move_to_end(host)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return found

    def _looked_up(self, host: str) -> Known | None:
        """Ask the database, a few at a time: who sends many hosts does not take every connection."""
        if not self._asking.acquire(timeout=WAITING):
            return None
        try:
            return look_up(host)
        except Exception:
            log.exception("warning: the database did not answer")
            connection.close()
            return None
        finally:
            self._asking.release()

    def _count(self, entry: UUID) -> None:
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        with self._lock:
            self._visits[entry, hour] += 1

    def write(self) -> None:
        """Write down the visits since the last time; what cannot be written is kept for the next."""
        with self._lock:
            visits, self._visits = self._visits, Counter()
        if not visits:
            return
        try:
            with tenancy.acting(WARNER):
                reads.count_visits(visits)
        except Exception:
            log.exception("warning: visits are not written yet")
            connection.close()
            with self._lock:
                self._visits.update(visits)


def host_of(header: str) -> str:
    """Give the host of a Host header in canonical form, or nothing: what is no host is never shown."""
    try:
        return str(can_ada.parse(rules.written("url", f"http://{header[:300]}/")).hostname)
    except errors.MalformedName:
        return ""


def look_up(host: str) -> Known:
    """Give the entry that warns for a host, and its page."""
    if not host or rules.address(host) is not None:
        return None, blank()
    with tenancy.acting(WARNER):
        entry = listing.covering(host)
        if entry is None:
            return None, blank()
        return entry.id, page(shown(entry, host), centre=settings.CENTRE_NAME, home=settings.BASE_URL)


def shown(entry: Entry, host: str) -> Shown:
    """Give what the page says of an entry."""
    slug = entry.campaign.brand if entry.campaign else ""
    brand = next((one.names[0] for one in brands() if one.slug == slug), "")
    reasons = [(str(one.get("nl", "")), str(one.get("en", ""))) for one in entry.reason if one.get("nl")]
    appeal = f"{settings.BASE_URL}/phishing/appeal/{entry.id}"
    return Shown(host, brand, entry.added_at, reasons, appeal, entry.canary)


def unsure() -> bytes:
    """Give the page for when the database does not answer: a warning without its reason."""
    return page(None, centre=settings.CENTRE_NAME, home=settings.BASE_URL, sure=False)


def blank() -> bytes:
    """Give the page of an address that is not on the list."""
    return page(None, centre=settings.CENTRE_NAME, home=settings.BASE_URL)
